/** One word of a kernel command line as the kernel splits it. `name` has `-` as `_`, because the kernel takes them as equal. */
export interface Parameter {
  /** As written, quotes included. */
  readonly text: string;
  readonly name: string;
  /** null for a bare word; quotes around the value are removed, as the kernel does. */
  readonly value: string | null;
}

const maximumLength = 100_000;

/**
 * Splits a kernel command line: blanks separate, double quotes keep blanks together (also `name="a b"`), `--` ends the
 * kernel's own parameters. Total. Source: kernel/params.c, next_arg().
 */
export function splitCommandLine(line: string): Parameter[] {
  const words = splitWords(line.slice(0, maximumLength));
  const init = words.indexOf('--');
  return (init < 0 ? words : words.slice(0, init)).map(parameterOf);
}

/** Words of a command line as they stand; double quotes keep blanks together, and one that is never closed does so to the end. Total. */
export const splitWords = (line: string): string[] => line.match(/(?:[^\s"]|"[^"]*"?)+/g) ?? [];

function parameterOf(text: string): Parameter {
  const bare = text.startsWith('"') && text.endsWith('"') && text.length > 1 ? text.slice(1, -1) : text;
  const equals = bare.indexOf('=');
  const name = (equals < 0 ? bare : bare.slice(0, equals)).replaceAll('-', '_');
  return { text, name, value: equals < 0 ? null : bare.slice(equals + 1).replace(/^"([^"]*)"?$/, '$1') };
}
