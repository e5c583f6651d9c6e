/** A version of rt-tests. Where the text fits two releases, both are candidates. */
export type RtTestsVersion = ReadonlyArray<readonly [major: number, minor: number]>;

/**
 * Reads the version of rt-tests: of a package ("2.4-1", "1:2.10-2.el9") or as cyclictest prints it ("V 2.40"). The printed one
 * has two decimals, so "2.40" is 2.4, and "2.10" is printed by both 2.1 and 2.10. Null when it is no version.
 */
export function parseRtTestsVersion(text: string | null): RtTestsVersion | null {
  const match = /^(?:cyclictest )?(?:V\s*)?(?:\d{1,4}:)?(\d{1,4})\.(\d{1,4})(?![\d])(\S*)/.exec(text?.trim() ?? '');
  if (match === null) return null;
  const [major, minor, rest] = [Number(match[1]), Number(match[2]), match[3] ?? ''];
  const printed = rest === '' && match[2]?.length === 2 && minor % 10 === 0 && major > 0;
  if (!printed) return [[major, minor]];
  return minor === 10 ? [[major, 1], [major, 10]] : [[major, minor / 10]];
}

/** Whether the version is at least this one; null when it is not known, or the candidates differ. */
export function isAtLeast(version: RtTestsVersion | null, major: number, minor: number): boolean | null {
  if (version === null) return null;
  const answers = version.map(([itsMajor, itsMinor]) => itsMajor > major || (itsMajor === major && itsMinor >= minor));
  return answers.every((answer) => answer) ? true : answers.some((answer) => answer) ? null : false;
}
