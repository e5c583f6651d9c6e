import { FileError } from '../files/file-error.ts';
import { parseOptions } from './options.ts';
import type { Program, ProgramContext } from './program.ts';
import { posixPattern } from './posix-pattern.ts';

const table = {
  short: 'E F G P a i v w x c l L q s n h H o r R z e: f: m: A: B: C:',
  long: {
    'extended-regexp': 'E', 'fixed-strings': 'F', text: 'a', 'ignore-case': 'i', 'invert-match': 'v', 'word-regexp': 'w', 'line-regexp': 'x', count: 'c', 'files-with-matches': 'l',
    'files-without-match': 'L', quiet: 'q', 'no-messages': 's', 'line-number': 'n', 'no-filename': 'h', 'with-filename': 'H', 'only-matching': 'o', recursive: 'r', regexp: 'e:', file: 'f:',
    'max-count': 'm:', 'after-context': 'A:', 'before-context': 'B:', context: 'C:', color: 'color::', colour: 'color::',
  },
} as const;

interface Search {
  readonly expression: RegExp;
  readonly flags: ReadonlySet<string>;
  readonly most: number;
  readonly before: number;
  readonly after: number;
  readonly named: boolean;
}

const run = (always: 'E' | 'F' | undefined) => async (context: ProgramContext): Promise<number> => {
  const parsed = parseOptions(context.args, table);
  if (parsed.problem !== undefined) return context.fail(`${parsed.problem}\nUsage: grep [OPTION]... PATTERNS [FILE]...\nTry 'grep --help' for more information.`, 2);
  const flags = new Set(parsed.options.map(({ name }) => name));
  if (always !== undefined) flags.add(always);
  const value = (name: string): string | undefined => parsed.options.findLast((option) => option.name === name)?.value;
  const operands = [...parsed.operands];
  const patterns = parsed.options.flatMap((option) => (option.name === 'e' ? (option.value ?? '').split('\n') : []));
  const file = value('f');
  if (file !== undefined) patterns.push(...(await context.readFile(file)).replace(/\n$/, '').split('\n'));
  if (patterns.length === 0 && file === undefined) patterns.push(...(operands.shift() ?? '').split('\n'));
  const syntax = flags.has('F') ? 'fixed' : flags.has('E') || flags.has('P') ? 'extended' : 'basic';
  const joined = patterns.map((pattern) => `(?:${posixPattern(pattern, syntax)})`).join('|');
  const bounded = flags.has('x') ? `^(?:${joined})$` : flags.has('w') ? `(?<!\\w)(?:${joined})(?!\\w)` : joined;
  const recursive = flags.has('r') || flags.has('R');
  const paths = recursive ? (operands.length === 0 ? ['.'] : operands).flatMap((path) => filesBelow(context, path)) : operands.length === 0 ? ['-'] : operands;
  const search: Search = {
    expression: new RegExp(bounded, flags.has('i') ? 'i' : ''), flags, most: Number(value('m') ?? Infinity),
    before: Number(value('B') ?? value('C') ?? 0), after: Number(value('A') ?? value('C') ?? 0), named: flags.has('H') || (!flags.has('h') && (paths.length > 1 || recursive)),
  };
  let found = false;
  let failed = false;
  for (const path of paths) {
    let text: string;
    try {
      const folder = path !== '-' && context.files.find(context.path(path), context.who).kind === 'folder';
      if (folder) throw new FileError('EISDIR', path);
      text = path === '-' ? await context.readAll() : await context.readFile(path);
    } catch (error) {
      if (!(error instanceof FileError)) throw error;
      failed = true;
      if (!flags.has('s')) await context.err(`grep: ${path}: ${error.text}\n`);
      continue;
    }
    const output = searchText(text, path === '-' ? '(standard input)' : path, search);
    found ||= output.found;
    if (flags.has('q')) {
      if (found) return 0;
    } else await context.out(output.text);
  }
  return failed ? 2 : found ? 0 : 1;
};

function filesBelow(context: ProgramContext, path: string): string[] {
  try {
    const inode = context.files.find(context.path(path), context.who, false);
    if (inode.kind !== 'folder') return inode.kind === 'file' || inode.kind === 'computed' ? [path] : [];
    return context.files.list(context.path(path), context.who).sort().flatMap((name) => filesBelow(context, `${path.replace(/\/$/, '')}/${name}`));
  } catch {
    return [path];
  }
}

function searchText(text: string, path: string, search: Search): { found: boolean; text: string } {
  const { flags, expression, named } = search;
  const lines = text.split('\n');
  if (lines.at(-1) === '') lines.pop();
  const output: string[] = [];
  const prefix = (index: number, mark: string): string => `${named ? `${path}${mark}` : ''}${flags.has('n') ? `${index + 1}${mark}` : ''}`;
  let count = 0;
  let shownTo = -1;
  for (const [index, line] of lines.entries()) {
    if (count >= search.most) break;
    if (expression.test(line) === flags.has('v')) continue;
    count += 1;
    if (flags.has('q') || flags.has('l') || flags.has('L')) break;
    if (flags.has('c')) continue;
    if (flags.has('o')) {
      for (const [match] of line.matchAll(new RegExp(expression.source, `${expression.flags}g`))) if (match !== '') output.push(prefix(index, ':') + match);
      continue;
    }
    const from = Math.max(shownTo + 1, index - search.before);
    if ((search.before > 0 || search.after > 0) && shownTo >= 0 && from > shownTo + 1) output.push('--');
    for (let at = from; at < index; at += 1) output.push(prefix(at, '-') + (lines[at] ?? ''));
    if (shownTo >= index) output.splice(output.length - (shownTo - index + 1));
    output.push(prefix(index, ':') + line);
    shownTo = Math.min(lines.length - 1, index + search.after);
    for (let at = index + 1; at <= shownTo; at += 1) output.push(prefix(at, '-') + (lines[at] ?? ''));
  }
  if (flags.has('l')) return { found: count > 0, text: count > 0 ? `${path}\n` : '' };
  if (flags.has('L')) return { found: count === 0, text: count === 0 ? `${path}\n` : '' };
  if (flags.has('c')) return { found: count > 0, text: `${named ? `${path}:` : ''}${count}\n` };
  return { found: count > 0, text: output.length === 0 ? '' : `${output.join('\n')}\n` };
}

export const grepPrograms: readonly Program[] = [
  { path: '/usr/bin/grep', run: run(undefined) }, { path: '/usr/bin/egrep', run: run('E') }, { path: '/usr/bin/fgrep', run: run('F') },
];
