/** Options of a program in getopt_long's terms: `name`, `name:` with a value, `name::` with an optional one. */
export interface OptionTable {
  /** Separated by spaces: `a:: b: q`. */
  readonly short: string;
  /** Long name → what it is reported as, with the same colons. */
  readonly long?: Readonly<Record<string, string>>;
  /** Stop at the first operand, as programs do that run another one. */
  readonly untilOperand?: boolean;
}

export interface ParsedOptions {
  readonly options: readonly { readonly name: string; readonly value?: string }[];
  readonly operands: readonly string[];
  /** What getopt would say, without the program's name: `invalid option -- 'n'`. Parsing stops there. */
  readonly problem?: string;
}

const colons = (spec: string): { name: string; takes: 'none' | 'value' | 'optional' } => ({
  name: spec.replace(/:+$/, ''),
  takes: spec.endsWith('::') ? 'optional' : spec.endsWith(':') ? 'value' : 'none',
});

/**
 * Parses as GNU getopt_long does: options anywhere, `--` ends them, long names may be shortened. An optional value of a
 * short option may also stand in the next word when that does not begin with a dash (cyclictest's `-t 4`).
 */
export function parseOptions(args: readonly string[], table: OptionTable): ParsedOptions {
  const short = new Map(table.short.split(' ').filter((one) => one !== '').map((spec) => [spec.replace(/:+$/, ''), colons(spec)]));
  const options: { name: string; value?: string }[] = [];
  const operands: string[] = [];
  const words = [...args];
  while (words.length > 0) {
    const word = words.shift() ?? '';
    if (word === '--') {
      operands.push(...words);
      break;
    }
    if (word.startsWith('--')) {
      const equals = word.indexOf('=');
      const given = word.slice(2, equals < 0 ? undefined : equals);
      const names = Object.keys(table.long ?? {});
      const found = names.includes(given) ? [given] : names.filter((name) => name.startsWith(given));
      const spec = found.length === 1 ? table.long?.[found[0] ?? ''] : undefined;
      if (spec === undefined) return { options, operands, problem: `unrecognized option '${word}'` };
      const { name, takes } = colons(spec);
      const value = equals >= 0 ? word.slice(equals + 1) : takes === 'value' ? words.shift() : undefined;
      if (takes === 'value' && value === undefined) return { options, operands, problem: `option '${word}' requires an argument` };
      options.push(value === undefined ? { name } : { name, value });
    } else if (word.startsWith('-') && word !== '-') {
      for (let at = 1; at < word.length; at += 1) {
        const letter = word.charAt(at);
        const spec = short.get(letter);
        if (spec === undefined) return { options, operands, problem: `invalid option -- '${letter}'` };
        if (spec.takes === 'none') {
          options.push({ name: letter });
          continue;
        }
        const attached = word.slice(at + 1);
        const separate = attached === '' && (spec.takes === 'value' || (words[0] !== undefined && !words[0].startsWith('-'))) ? words.shift() : undefined;
        const value = attached === '' ? separate : attached;
        if (spec.takes === 'value' && value === undefined) return { options, operands, problem: `option requires an argument -- '${letter}'` };
        options.push(value === undefined ? { name: letter } : { name: letter, value });
        break;
      }
    } else {
      operands.push(word);
      if (table.untilOperand !== true) continue;
      operands.push(...words);
      break;
    }
  }
  return { options, operands };
}
