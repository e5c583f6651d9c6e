/** One line of resctrl's schemata, read. Values: masks of a cache, percent of bandwidth. */
export interface SchemataLine {
  readonly resource: string;
  /** By cache id (node id for bandwidth), ids ascending. */
  readonly values: ReadonlyMap<number, bigint>;
}

/** `L3` of `L3:0=ff;1=ff`. */
export const resourceOf = (line: string): string => line.trimStart().split(':', 1)[0] ?? '';

/** Bandwidth is decimal, masks are hexadecimal; the kernel pads both with blanks or noughts (resctrl.rst, “Schemata files”). */
const isDecimal = (resource: string): boolean => resource === 'MB' || resource === 'SMBA';

/** Reads a line however it is padded and ordered; null where it is none. Total. */
export function parseSchemataLine(text: string): SchemataLine | null {
  const [, resource, rest] = /^\s*([A-Z][A-Z0-9]*)\s*:(.*)$/s.exec(text.trimEnd()) ?? [];
  if (resource === undefined || rest === undefined) return null;
  const pattern = isDecimal(resource) ? /^\s*(\d{1,9})\s*=\s*(\d{1,15})\s*$/ : /^\s*(\d{1,9})\s*=\s*([0-9a-fA-F]{1,16})\s*$/;
  const pairs: Array<[number, bigint]> = [];
  for (const part of rest.split(';')) {
    const [, id, value] = pattern.exec(part) ?? [];
    if (id === undefined || value === undefined) return null;
    pairs.push([Number(id), BigInt(isDecimal(resource) ? value : `0x${value}`)]);
  }
  return { resource, values: new Map(pairs.sort(([a], [b]) => a - b)) };
}

/** In one spelling: no padding, ids ascending. */
export const formatSchemataLine = ({ resource, values }: SchemataLine): string =>
  `${resource}:${[...values].map(([id, value]) => `${String(id)}=${value.toString(isDecimal(resource) ? 10 : 16)}`).join(';')}`;

/** Whether every id of the wanted line has its value in the found one; ids that are not wanted stay as they are. */
export function holdsSchemata(wanted: string, found: string | null): boolean {
  const [asked, is] = [parseSchemataLine(wanted), parseSchemataLine(found ?? '')];
  return asked !== null && asked.resource === is?.resource && [...asked.values].every(([id, value]) => is.values.get(id) === value);
}
