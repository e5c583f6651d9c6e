/** A unit file as systemd reads it: values by section and key, in the order they stand. */
export class UnitFile {
  readonly #values: ReadonlyArray<readonly [section: string, key: string, value: string]>;

  constructor(text: string) {
    let section = '';
    const values: [string, string, string][] = [];
    for (const line of text.replace(/\\\n/g, ' ').split('\n')) {
      const heading = /^\s*\[([^\]]+)\]\s*$/.exec(line)?.[1];
      const [, key, value = ''] = /^\s*([A-Za-z]\w*)\s*=\s*(.*?)\s*$/.exec(line) ?? [];
      if (heading !== undefined) section = heading;
      else if (key !== undefined) values.push([section, key, value]);
    }
    this.#values = values;
  }

  /** All values of a key; an empty one forgets those before it. */
  all(section: string, key: string): string[] {
    const values = this.#values.filter(([where, name]) => where === section && name === key).map(([, , value]) => value);
    return values.slice(values.lastIndexOf('') + 1);
  }

  /** The last value of a key. */
  one(section: string, key: string): string | undefined {
    return this.all(section, key).at(-1);
  }

  has(section: string): boolean {
    return this.#values.some(([where]) => where === section);
  }
}

/** Words of an Exec line: quotes and escapes as systemd takes them, `%%` and `$$` for themselves, variables filled in. */
export function execWords(line: string, unit: string, environment: ReadonlyMap<string, string>): string[] {
  const specifiers: Readonly<Record<string, string>> = { n: unit, N: unit.replace(/\.[^.]*$/, ''), p: unit.replace(/[@.].*$/, ''), i: /@([^.]*)\./.exec(unit)?.[1] ?? '', '%': '%' };
  const words: string[] = [];
  for (const [all] of line.matchAll(/(?:"(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*'|\\.|[^\s"'\\])+/g)) {
    const text = all.replace(/"((?:\\.|[^"\\])*)"|'((?:\\.|[^'\\])*)'/g, (_quoted, double: string | undefined, single: string | undefined) => double ?? single ?? '').replace(/\\(.)/g, (_escape, letter: string) => ({ n: '\n', t: '\t', s: ' ' } as Readonly<Record<string, string>>)[letter] ?? letter);
    words.push(text.replace(/%(.)/g, (whole, letter: string) => specifiers[letter] ?? whole).replace(/\$\$|\$\{(\w+)\}/g, (whole, name: string | undefined) => (whole === '$$' ? '$' : environment.get(name ?? '') ?? '')));
  }
  return words;
}
