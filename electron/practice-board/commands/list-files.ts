import { mayAccess, type Inode } from '../files/inode.ts';
import { parseOptions } from './options.ts';
import { fileProblem, type Program, type ProgramContext } from './program.ts';

const kinds = { file: '-', computed: '-', folder: 'd', link: 'l', fifo: 'p', device: 'c', socket: 's' } as const;

export function modeText(inode: Inode): string {
  const part = (bits: number): string => `${bits & 4 ? 'r' : '-'}${bits & 2 ? 'w' : '-'}${bits & 1 ? 'x' : '-'}`;
  const text = part(inode.mode >> 6) + part(inode.mode >> 3) + part(inode.mode);
  const sticky = inode.mode & 0o1000 ? `${text.slice(0, 8)}t` : text;
  return kinds[inode.kind] + (inode.mode & 0o4000 ? `${sticky.slice(0, 2)}s${sticky.slice(3)}` : sticky);
}

const sizeOf = (inode: Inode): number => (inode.kind === 'file' ? inode.size : inode.kind === 'folder' ? 4096 : 0);

const stamp = (milliseconds: number): string => {
  const date = new Date(milliseconds);
  const month = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'][date.getUTCMonth()] ?? '';
  return `${month} ${String(date.getUTCDate()).padStart(2)} ${date.toISOString().slice(11, 16)}`;
};

async function ls(context: ProgramContext): Promise<number> {
  const { options, operands, problem } = parseOptions(context.args, { short: 'l a A 1 d R t r h F i n s S C p L', long: { all: 'a', 'almost-all': 'A', directory: 'd', color: 'color::', 'human-readable': 'h' } });
  if (problem !== undefined) return context.fail(`${problem}\nTry 'ls --help' for more information.`, 2);
  const has = (letter: string): boolean => options.some(({ name }) => name === letter);
  const paths = operands.length === 0 ? ['.'] : operands;
  const files: (readonly [string, Inode])[] = [];
  const folders: string[] = [];
  let status = 0;
  for (const path of paths) {
    try {
      const inode = context.files.find(context.path(path), context.who, !has('l') && !has('d'));
      const target = inode.kind === 'link' && path.endsWith('/') ? context.files.find(context.path(path), context.who) : inode;
      if (target.kind === 'folder' && !has('d')) folders.push(path);
      else files.push([path, inode]);
    } catch (error) {
      status = 2;
      await context.err(`ls: cannot access '${path}': ${fileProblem(error)}\n`);
    }
  }
  const tty = context.process.fds.get(1)?.terminal === true;
  const show = async (entries: readonly (readonly [string, Inode])[], total: boolean): Promise<void> => {
    const sorted = [...entries].sort(([a, x], [b, y]) => (has('t') ? y.modifiedMs - x.modifiedMs : a < b ? -1 : 1));
    if (has('r')) sorted.reverse();
    if (has('l')) {
      const width = Math.max(1, ...sorted.map(([, inode]) => String(sizeOf(inode)).length));
      const rows = sorted.map(([name, inode]) => `${modeText(inode)} ${inode.kind === 'folder' ? 2 : 1} ${context.linux.userName(inode.uid)} ${context.linux.accounts.groupName(inode.gid)} ${String(sizeOf(inode)).padStart(width)} ${stamp(inode.modifiedMs)} ${name}${inode.kind === 'link' ? ` -> ${inode.target(context.who)}` : ''}\n`);
      await context.out(`${total ? `total ${sorted.length * 4}\n` : ''}${rows.join('')}`);
    } else if (tty && !has('1')) {
      await context.out(columns(sorted.map(([name]) => name), context.process.terminal?.columns ?? 80));
    } else await context.out(sorted.map(([name]) => `${name}\n`).join(''));
  };
  if (files.length > 0) await show(files, false);
  for (const [index, path] of folders.entries()) {
    try {
      if (paths.length > 1) await context.out(`${index > 0 || files.length > 0 ? '\n' : ''}${path}:\n`);
      const names = context.files.list(context.path(path), context.who);
      const dots = has('a') ? ['.', '..', ...names] : has('A') ? names : names.filter((name) => !name.startsWith('.'));
      await show(dots.map((name) => [name, context.files.find(`${context.path(path)}/${name}`, context.who, false)] as const), true);
    } catch (error) {
      status = 2;
      await context.err(`ls: cannot open directory '${path}': ${fileProblem(error)}\n`);
    }
  }
  return status;
}

function columns(names: readonly string[], width: number): string {
  if (names.length === 0) return '';
  const cell = Math.max(...names.map((name) => name.length)) + 2;
  const count = Math.max(1, Math.floor(width / cell));
  const rows = Math.ceil(names.length / count);
  return Array.from({ length: rows }, (_, row) => `${Array.from({ length: count }, (_unused, column) => (names[column * rows + row] ?? '').padEnd(cell)).join('').trimEnd()}\n`).join('');
}

async function stat(context: ProgramContext): Promise<number> {
  const { options, operands } = parseOptions(context.args, { short: 'c: L f t', long: { format: 'c:', printf: 'printf:' } });
  const format = options.find(({ name }) => name === 'c' || name === 'printf');
  let status = 0;
  for (const path of operands) {
    try {
      const inode = context.files.find(context.path(path), context.who, options.some(({ name }) => name === 'L'));
      const seconds = Math.floor(inode.modifiedMs / 1000);
      const words: Readonly<Record<string, string>> = {
        n: path, s: String(sizeOf(inode)), a: (inode.mode & 0o7777).toString(8), A: modeText(inode), u: String(inode.uid), g: String(inode.gid), U: context.linux.userName(inode.uid),
        G: context.linux.accounts.groupName(inode.gid), Y: String(seconds), X: String(seconds), Z: String(seconds), i: String(inode.number), F: inode.kind === 'folder' ? 'directory' : inode.kind === 'link' ? 'symbolic link' : inode.kind === 'fifo' ? 'fifo' : inode.kind === 'socket' ? 'socket' : 'regular file',
        y: new Date(inode.modifiedMs).toISOString().replace('T', ' ').replace('Z', '000000 +0000'), d: '66306', h: '1', '%': '%',
      };
      const text = format?.value?.replace(/%([a-zA-Z%])/g, (all, letter: string) => words[letter] ?? all);
      await context.out(text === undefined
        ? `  File: ${path}\n  Size: ${sizeOf(inode)}\tBlocks: 8\tIO Block: 4096   ${words['F'] ?? ''}\nAccess: (${(inode.mode & 0o7777).toString(8).padStart(4, '0')}/${modeText(inode)})  Uid: (${inode.uid}/${context.linux.userName(inode.uid)})\nModify: ${words['y'] ?? ''}\n`
        : text + (format?.name === 'printf' ? '' : '\n'));
    } catch (error) {
      status = 1;
      await context.err(`stat: cannot statx '${path}': ${fileProblem(error)}\n`);
    }
  }
  return status;
}

function usedKib(context: ProgramContext, path: string): number {
  const inode = context.files.find(path, context.who, false);
  const own = inode.kind === 'file' ? Math.ceil(inode.size / 4096) * 4 : inode.kind === 'folder' ? 4 : 0;
  if (inode.kind !== 'folder' || !mayAccess(inode, context.who, 'read')) return own;
  return context.files.list(path, context.who).reduce((sum, name) => sum + usedKib(context, `${path}/${name}`), own);
}

async function du(context: ProgramContext): Promise<number> {
  const { options, operands } = parseOptions(context.args, { short: 's k h a m b', long: { 'human-readable': 'h', summarize: 's' } });
  let status = 0;
  for (const path of operands.length === 0 ? ['.'] : operands) {
    try {
      const kib = usedKib(context, context.path(path));
      await context.out(`${options.some(({ name }) => name === 'h') ? human(kib) : kib}\t${path}\n`);
    } catch (error) {
      status = 1;
      await context.err(`du: cannot access '${path}': ${fileProblem(error)}\n`);
    }
  }
  return status;
}

const human = (kib: number): string => (kib >= 1_048_576 ? `${(kib / 1_048_576).toFixed(0)}G` : kib >= 1024 ? `${(kib / 1024).toFixed(0)}M` : `${kib}K`);

async function df(context: ProgramContext): Promise<number> {
  const { options, operands } = parseOptions(context.args, { short: 'P k h T m a', long: { 'human-readable': 'h', portability: 'P', output: 'output::' } });
  for (const path of operands) {
    if (!context.files.exists(context.path(path), context.who)) return context.fail(`${path}: No such file or directory`);
  }
  const { diskKib, diskUsedKib } = context.linux.spec;
  const used = context.files.full ? diskKib : diskUsedKib;
  const available = diskKib - used;
  const show = options.some(({ name }) => name === 'h') ? human : String;
  const percent = `${Math.ceil((used / diskKib) * 100)}%`;
  const heading = options.some(({ name }) => name === 'h') ? 'Filesystem      Size  Used Avail Use% Mounted on' : `Filesystem     ${options.some(({ name }) => name === 'P') ? '1024-blocks' : '1K-blocks'}     Used Available ${options.some(({ name }) => name === 'P') ? 'Capacity' : 'Use%'} Mounted on`;
  await context.out(`${heading}\n/dev/nvme0n1p2 ${show(diskKib).padStart(10)} ${show(used).padStart(8)} ${show(available).padStart(9)} ${percent.padStart(5)} /\n`);
  return 0;
}

export const listFilePrograms: readonly Program[] = [
  { path: '/usr/bin/ls', run: ls }, { path: '/usr/bin/stat', run: stat }, { path: '/usr/bin/du', run: du }, { path: '/usr/bin/df', run: df },
];
