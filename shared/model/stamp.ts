/** Time as it stands in names and records: `20261120T141000Z`, UTC, to the second. */
export function stampOf(date: Date): string {
  return `${date.toISOString().slice(0, 19).replaceAll(/[-:]/g, '')}Z`;
}

/** The moment a stamp names. A text that is no stamp gives an invalid Date. */
export function dateOfStamp(stamp: string): Date {
  return new Date(stamp.replace(/^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/, '$1-$2-$3T$4:$5:$6Z'));
}
