/**
 * Reads whole numbers separated by white space; null when there is anything else. Written out and not a regular
 * expression over the list, because an overflow list may hold a million numbers.
 */
export function readNumbers(text: string): number[] | null {
  const numbers: number[] = [];
  let value = -1;
  for (let i = 0; i <= text.length; i++) {
    const code = i < text.length ? text.charCodeAt(i) : 32;
    if (code >= 48 && code <= 57) {
      value = Math.max(value, 0) * 10 + code - 48;
      if (value > Number.MAX_SAFE_INTEGER) return null;
    } else if (code === 32 || code === 9) {
      if (value >= 0) numbers.push(value);
      value = -1;
    } else {
      return null;
    }
  }
  return numbers;
}

/** A line without the carriage returns that a terminal adds at its end. */
export function withoutReturns(line: string): string {
  let end = line.length;
  while (end > 0 && line.charCodeAt(end - 1) === 13) end--;
  return line.slice(0, end);
}
