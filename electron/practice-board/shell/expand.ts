import { parse, type ScriptNode, type WordNode } from 'just-bash';
import { evaluate, type ArithmeticExpression } from './arithmetic.ts';
import { ShellError } from './control-flow.ts';
import { hasGlob, literalPattern, patternSource, unescapePattern } from './pattern.ts';
import { globPaths } from './glob.ts';
import type { ShellState } from './shell-state.ts';

type Part = WordNode['parts'][number];
type ParameterPart = Extract<Part, { type: 'ParameterExpansion' }>;

/** What expansion needs of the shell around it. */
export interface ExpansionHost {
  readonly state: ShellState;
  substitute(script: ScriptNode): Promise<string>;
  assign(name: string, value: string): void;
  listFolder(path: string): readonly string[] | undefined;
  exists(path: string): boolean;
  readonly pid: number;
}

/** A run of characters of a word: `split` may be cut at IFS; `quoted` takes no part in globbing; `break` ends a field. */
interface Piece {
  readonly kind: 'plain' | 'quoted' | 'split' | 'break';
  readonly text: string;
}

const quoted = (text: string): Piece => ({ kind: 'quoted', text });

/** Expands words to fields, with splitting and globbing (arguments, `for` lists). */
export async function expandWords(host: ExpansionHost, words: readonly WordNode[]): Promise<string[]> {
  const fields: string[] = [];
  for (const word of words) {
    for (const alternative of braces(word)) {
      for (const field of splitFields(await expandParts(host, alternative.parts, false), host.state.get('IFS') ?? ' \t\n')) {
        const found = hasGlob(field) && !host.state.options.has('f') ? globPaths(host, field) : [];
        fields.push(...(found.length > 0 ? found : [unescapePattern(field)]));
      }
    }
  }
  return fields;
}

/** Expands a word to one string: assignments, redirection targets, here-documents. */
export async function expandText(host: ExpansionHost, word: WordNode): Promise<string> {
  return (await expandParts(host, word.parts, false)).map((piece) => (piece.kind === 'break' ? ' ' : piece.text)).join('');
}

/** Expands a word to a pattern in which quoted text is literal. */
export async function expandPattern(host: ExpansionHost, word: WordNode): Promise<string> {
  return (await expandParts(host, word.parts, false)).map((piece) => (piece.kind === 'quoted' ? literalPattern(piece.text) : piece.text)).join('');
}

function braces(word: WordNode): WordNode[] {
  const index = word.parts.findIndex((part) => part.type === 'BraceExpansion');
  const part = word.parts[index];
  if (part?.type !== 'BraceExpansion') return [word];
  const around = (parts: readonly Part[]): WordNode[] => braces({ ...word, parts: [...word.parts.slice(0, index), ...parts, ...word.parts.slice(index + 1)] });
  return part.items.flatMap((item) => {
    if (item.type === 'Word') return around(item.word.parts);
    const [from, to] = [Number(item.start), Number(item.end)];
    const step = Math.abs(item.step ?? 1) || 1;
    const count = Math.floor(Math.abs(to - from) / step) + 1;
    return Array.from({ length: Number.isNaN(count) ? 0 : count }, (_, at) => String(from + at * step * (to < from ? -1 : 1)))
      .flatMap((text) => around([{ type: 'Literal', value: text }]));
  });
}

async function expandParts(host: ExpansionHost, parts: readonly Part[], inQuotes: boolean): Promise<Piece[]> {
  const pieces: Piece[] = [];
  for (const part of parts) pieces.push(...(await expandPart(host, part, inQuotes)));
  return pieces;
}

async function expandPart(host: ExpansionHost, part: Part, inQuotes: boolean): Promise<Piece[]> {
  const result = (text: string): Piece[] => [{ kind: inQuotes ? 'quoted' : 'split', text }];
  switch (part.type) {
    case 'Literal': return [{ kind: inQuotes ? 'quoted' : 'plain', text: part.value }];
    case 'Glob': return [{ kind: inQuotes ? 'quoted' : 'plain', text: part.pattern }];
    case 'SingleQuoted': case 'Escaped': return [quoted(part.value)];
    case 'DoubleQuoted': {
      const inner = await expandParts(host, part.parts, true);
      // "$@" with no parameters vanishes; anything else in quotes makes a field even when empty.
      const vanishing = part.parts.length > 0 && part.parts.every((one) => one.type === 'ParameterExpansion' && one.parameter === '@' && one.operation === null);
      return inner.length === 0 && !vanishing ? [quoted('')] : inner;
    }
    case 'TildeExpansion': return [quoted(part.user === null ? host.state.get('HOME') ?? '~' : part.user === 'root' ? '/root' : `/home/${part.user}`)];
    case 'CommandSubstitution': return result(await host.substitute(part.body));
    case 'ArithmeticExpansion': return result(await expandArithmetic(host, part.expression));
    case 'ParameterExpansion': return expandParameter(host, part, inQuotes);
    default: throw new ShellError('Bad substitution');
  }
}

/** Value of `$((…))` as decimal text. */
export async function expandArithmetic(host: ExpansionHost, expression: ArithmeticExpression): Promise<string> {
  const value = await evaluate(expression.expression, {
    get: (name) => parameterValue(host, name) ?? '',
    set: (name, text) => host.assign(name, text),
    substitute: (command) => host.substitute(parse(command)),
    braced: async (content) => {
      const command = parse(`: "\${${content}}"`).statements[0]?.pipelines[0]?.commands[0];
      const word = command?.type === 'SimpleCommand' ? command.args[0] : undefined;
      return word === undefined ? '' : expandText(host, word);
    },
  });
  return String(value);
}

function parameterValue(host: ExpansionHost, name: string): string | undefined {
  const { state } = host;
  switch (name) {
    case '?': return String(state.lastStatus);
    case '#': return String(state.positional.length);
    case '$': return String(state.mainPid);
    case '!': return state.lastBackgroundPid;
    case '0': return state.name;
    case '-': return [...state.options].join('');
    case '@': return state.positional.length === 0 ? undefined : state.positional.join(' ');
    case '*': return state.positional.length === 0 ? undefined : state.positional.join((state.get('IFS') ?? ' ').charAt(0));
    case 'RANDOM': return state.get('RANDOM') ?? String(Math.floor(Math.random() * 32_768));
    default: return /^\d+$/.test(name) ? state.positional[Number(name) - 1] : state.get(name);
  }
}

async function expandParameter(host: ExpansionHost, part: ParameterPart, inQuotes: boolean): Promise<Piece[]> {
  const { parameter, operation } = part;
  const value = parameterValue(host, parameter);
  const result = (text: string): Piece[] => [{ kind: inQuotes ? 'quoted' : 'split', text }];
  if (operation === null) {
    if (parameter === '@' || (parameter === '*' && !inQuotes)) {
      return host.state.positional.flatMap((one, index) => [...(index === 0 ? [] : [{ kind: 'break', text: '' } as const]), ...result(one)]);
    }
    if (value === undefined && host.state.options.has('u') && parameter !== '@' && parameter !== '*') throw new ShellError(`${parameter}: parameter not set`);
    return value === undefined && !inQuotes ? [] : result(value ?? '');
  }
  const missing = (checkEmpty: boolean): boolean => value === undefined || (checkEmpty && value === '');
  switch (operation.type) {
    case 'DefaultValue': return missing(operation.checkEmpty) ? expandParts(host, operation.word.parts, inQuotes) : present(host, part, inQuotes, value);
    case 'UseAlternative': return missing(operation.checkEmpty) ? (inQuotes ? result('') : []) : expandParts(host, operation.word.parts, inQuotes);
    case 'AssignDefault': {
      if (!missing(operation.checkEmpty)) return result(value ?? '');
      const text = await expandText(host, operation.word);
      host.assign(parameter, text);
      return result(text);
    }
    case 'ErrorIfUnset':
      if (!missing(operation.checkEmpty)) return result(value ?? '');
      throw new ShellError(`${parameter}: ${operation.word === null ? 'parameter not set' : await expandText(host, operation.word)}`);
    case 'Length': return result(String(parameter === '@' || parameter === '*' ? host.state.positional.length : (value ?? '').length));
    case 'PatternRemoval': return result(removePattern(value ?? '', await expandPattern(host, operation.pattern), operation.side, operation.greedy));
    default: throw new ShellError('Bad substitution');
  }
}

function present(host: ExpansionHost, part: ParameterPart, inQuotes: boolean, value: string | undefined): Promise<Piece[]> | Piece[] {
  return part.parameter === '@' ? expandParameter(host, { ...part, operation: null }, inQuotes) : [{ kind: inQuotes ? 'quoted' : 'split', text: value ?? '' }];
}

function removePattern(value: string, pattern: string, side: 'prefix' | 'suffix', greedy: boolean): string {
  if (side === 'prefix') {
    const match = new RegExp(`^(?:${patternSource(pattern, false, !greedy)})`).exec(value);
    return match === null ? value : value.slice(match[0].length);
  }
  const whole = new RegExp(`^(?:${patternSource(pattern)})$`);
  for (let cut = 0; cut <= value.length; cut += 1) {
    const at = greedy ? cut : value.length - cut;
    if (whole.test(value.slice(at))) return value.slice(0, at);
  }
  return value;
}

/** Cuts pieces into fields at IFS. The fields are patterns: what was quoted in them is escaped. */
function splitFields(pieces: readonly Piece[], ifs: string): string[] {
  const fields: string[] = [];
  let current: string | undefined;
  const white = new Set([...ifs].filter((char) => ' \t\n'.includes(char)));
  const finish = (): void => {
    if (current !== undefined) fields.push(current);
    current = undefined;
  };
  for (const piece of pieces) {
    if (piece.kind === 'break') finish();
    else if (piece.kind === 'quoted') current = (current ?? '') + literalPattern(piece.text);
    else if (piece.kind === 'plain') current = (current ?? '') + piece.text;
    else {
      let afterWhite = false;
      for (const char of piece.text) {
        if (!ifs.includes(char)) current = (current ?? '') + (char === '\\' ? '\\\\' : char);
        else if (white.has(char)) finish();
        else {
          if (current === undefined && !afterWhite) current = '';
          finish();
        }
        afterWhite = white.has(char);
      }
    }
  }
  finish();
  return fields;
}
