import { FileError } from '../files/file-error.ts';
import { normalPath } from '../files/file-tree.ts';
import { RegularFile, type Inode } from '../files/inode.ts';
import { parseOptions } from './options.ts';
import { fileProblem, type Program, type ProgramContext } from './program.ts';

/** Runs `work` for each path and says `name: MESSAGE: problem` for those that fail. */
async function forEachPath(context: ProgramContext, paths: readonly string[], message: (path: string) => string, work: (path: string) => void | Promise<void>): Promise<number> {
  if (paths.length === 0) return context.fail(`missing operand\nTry '${context.name} --help' for more information.`);
  let status = 0;
  for (const path of paths) {
    try {
      await work(path);
    } catch (error) {
      status = 1;
      await context.err(`${context.name}: ${message(path)}: ${fileProblem(error)}\n`);
    }
  }
  return status;
}

const parent = (path: string): string => normalPath(`${path}/..`);
const lastPart = (path: string): string => path.replace(/\/+$/, '').split('/').at(-1) ?? path;
const octal = (text: string): number => parseInt(text, 8);

async function mkdir(context: ProgramContext): Promise<number> {
  const { options, operands } = parseOptions(context.args, { short: 'p m: v', long: { parents: 'p', mode: 'm:' } });
  const given = options.find(({ name }) => name === 'm')?.value;
  const mode = given === undefined ? 0o777 & ~context.process.umask : octal(given);
  return forEachPath(context, operands, (path) => `cannot create directory '${path}'`, (path) => {
    if (!options.some(({ name }) => name === 'p')) {
      context.files.makeFolder(context.path(path), context.who, mode);
      return;
    }
    const parts = normalPath(context.path(path)).split('/').slice(1);
    for (let count = 1; count <= parts.length; count += 1) {
      const one = `/${parts.slice(0, count).join('/')}`;
      const inode = context.files.exists(one, context.who) ? context.files.find(one, context.who) : context.files.makeFolder(one, context.who, mode);
      if (inode.kind !== 'folder') throw new FileError('ENOTDIR', one);
    }
  });
}

function removeTree(context: ProgramContext, path: string): void {
  const inode = context.files.find(path, context.who, false);
  if (inode.kind === 'folder') for (const name of context.files.list(path, context.who)) removeTree(context, `${path}/${name}`);
  context.files.remove(path, context.who, inode.kind === 'folder' ? 'folder' : 'file');
}

async function rm(context: ProgramContext): Promise<number> {
  const { options, operands } = parseOptions(context.args, { short: 'r R f i v d', long: { recursive: 'r', force: 'f' } });
  const has = (letter: string): boolean => options.some(({ name }) => name === letter);
  if (operands.length === 0 && has('f')) return 0;
  return forEachPath(context, operands, (path) => `cannot remove '${path}'`, (path) => {
    const absolute = context.path(path).replace(/\/+$/, '');
    let there: Inode;
    try {
      there = context.files.find(absolute, context.who, false);
    } catch (error) {
      if (has('f') && error instanceof FileError && (error.code === 'ENOENT' || error.code === 'ENOTDIR')) return;
      throw error;
    }
    if (there.kind === 'folder' && (has('r') || has('R'))) removeTree(context, absolute);
    else context.files.remove(absolute, context.who, 'file');
  });
}

/** The path an operation on SOURCE and DESTINATION ends at: inside when the destination is a folder. */
const into = (context: ProgramContext, source: string, destination: string): string => {
  const target = context.path(destination);
  return context.files.exists(target, context.who) && context.files.find(target, context.who).kind === 'folder' ? `${target}/${lastPart(source)}` : target;
};

async function mv(context: ProgramContext): Promise<number> {
  const { operands } = parseOptions(context.args, { short: 'f n v T i' });
  const destination = operands.at(-1) ?? '';
  return forEachPath(context, operands.slice(0, -1), (path) => `cannot move '${path}' to '${destination}'`, (path) => {
    context.files.rename(context.path(path), into(context, path, destination), context.who);
  });
}

async function copyOne(context: ProgramContext, from: string, to: string, deep: boolean, keep: boolean): Promise<void> {
  const inode = context.files.find(from, context.who);
  if (inode.kind === 'folder') {
    if (!deep) throw new FileError('EISDIR', from);
    if (!context.files.exists(to, context.who)) context.files.makeFolder(to, context.who, inode.mode);
    for (const name of context.files.list(from, context.who)) await copyOne(context, `${from}/${name}`, `${to}/${name}`, deep, keep);
    return;
  }
  const text = await context.readFile(from);
  await context.writeFile(to, text);
  const made = context.files.find(to, context.who);
  made.mode = inode.mode & 0o7777 & ~(keep ? 0 : context.process.umask);
  if (keep) made.modifiedMs = inode.modifiedMs;
  if (inode.kind === 'file' && made.kind === 'file') made.program = inode.program;
}

async function cp(context: ProgramContext): Promise<number> {
  const { options, operands } = parseOptions(context.args, { short: 'r R a p f v d T n i', long: { recursive: 'r', archive: 'a', preserve: 'p::', force: 'f' } });
  const has = (letters: string): boolean => options.some(({ name }) => letters.includes(name));
  const destination = operands.at(-1) ?? '';
  return forEachPath(context, operands.slice(0, -1), (path) => `cannot copy '${path}'`, (path) => copyOne(context, context.path(path), into(context, path, destination), has('rRa'), has('pa')));
}

async function ln(context: ProgramContext): Promise<number> {
  const { options, operands } = parseOptions(context.args, { short: 's f n v T', long: { symbolic: 's', force: 'f' } });
  const has = (letter: string): boolean => options.some(({ name }) => name === letter);
  const [source = '', destination = lastPart(source)] = operands;
  const target = has('T') || has('n') ? context.path(destination) : into(context, source, destination);
  return forEachPath(context, [target], () => `failed to create ${has('s') ? 'symbolic' : 'hard'} link '${destination}'`, () => {
    if (has('f') && context.files.exists(target, context.who)) context.files.remove(target, context.who, 'file');
    if (has('s')) context.files.makeLink(source, target, context.who);
    else context.files.add(target, context.files.find(context.path(source), context.who, false), context.who);
  });
}

/** Applies `755`, `u+x`, `a-w`, `go=r`. */
function newMode(text: string, old: number): number {
  if (/^[0-7]+$/.test(text)) return octal(text);
  let mode = old;
  for (const [, who = '', operator = '', rights = ''] of text.matchAll(/([ugoa]*)([-+=])([rwxXst]*)/g)) {
    const bits = (rights.includes('r') ? 4 : 0) | (rights.includes('w') ? 2 : 0) | (/[xX]/.test(rights) ? 1 : 0);
    for (const [letter, shift] of [['u', 6], ['g', 3], ['o', 0]] as const) {
      if (who !== '' && !who.includes(letter) && !who.includes('a')) continue;
      if (operator === '=') mode &= ~(7 << shift);
      mode = operator === '-' ? mode & ~(bits << shift) : mode | (bits << shift);
    }
  }
  return mode;
}

async function chmod(context: ProgramContext): Promise<number> {
  const words = context.args.filter((arg) => !/^-[Rfvc]+$/.test(arg));
  const [mode = '', ...paths] = words;
  return forEachPath(context, paths, (path) => `changing permissions of '${path}'`, (path) => {
    const inode = context.files.find(context.path(path), context.who);
    if (context.who.uid !== 0 && inode.uid !== context.who.uid) throw new FileError('EPERM', path);
    inode.mode = newMode(mode, inode.mode);
  });
}

async function chown(context: ProgramContext): Promise<number> {
  const [owner = '', ...paths] = context.args.filter((arg) => !/^-[RfvcLhP]+$/.test(arg));
  const { accounts } = context.linux;
  const [user = '', group] = owner.split(':');
  return forEachPath(context, paths, (path) => `changing ownership of '${path}'`, (path) => {
    const inode = context.files.find(context.path(path), context.who);
    if (context.who.uid !== 0) throw new FileError('EPERM', path);
    if (user !== '') inode.uid = accounts.userId(user) ?? Number(user);
    if (group !== undefined && group !== '') inode.gid = accounts.groupId(group) ?? Number(group);
  });
}

async function touch(context: ProgramContext): Promise<number> {
  const { options, operands } = parseOptions(context.args, { short: 'a c m d: r: t:' });
  return forEachPath(context, operands, (path) => `cannot touch '${path}'`, (path) => {
    const absolute = context.path(path);
    if (context.files.exists(absolute, context.who)) context.files.find(absolute, context.who).modifiedMs = Date.now();
    else if (!options.some(({ name }) => name === 'c')) context.files.add(absolute, new RegularFile('', { mode: 0o666 & ~context.process.umask, uid: context.who.uid, gid: context.who.gid }), context.who);
  });
}

async function mktemp(context: ProgramContext): Promise<number> {
  const { options, operands } = parseOptions(context.args, { short: 'd u q p: t', long: { directory: 'd', tmpdir: 'p::' } });
  const folder = options.find(({ name }) => name === 'p')?.value ?? context.environment.get('TMPDIR') ?? '/tmp';
  const pattern = operands[0] ?? `${folder}/tmp.XXXXXXXXXX`;
  const letters = 'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789';
  const path = pattern.replace(/X+(?=[^X/]*$)/, (run) => [...run].map(() => letters.charAt(Math.floor(context.linux.random() * letters.length))).join(''));
  if (options.some(({ name }) => name === 'd')) context.files.makeFolder(context.path(path), context.who, 0o700);
  else context.files.add(context.path(path), new RegularFile('', { mode: 0o600, uid: context.who.uid, gid: context.who.gid }), context.who);
  await context.out(`${path}\n`);
  return 0;
}

async function readlink(context: ProgramContext): Promise<number> {
  const { options, operands } = parseOptions(context.args, { short: 'f e m n q s', long: { canonicalize: 'f' } });
  let status = 0;
  for (const path of operands) {
    try {
      const inode = context.files.find(context.path(path), context.who, false);
      const resolve = context.name === 'realpath' || options.some(({ name }) => 'fem'.includes(name));
      if (!resolve && inode.kind !== 'link') status = 1;
      else await context.out(`${resolve || inode.kind !== 'link' ? context.files.realPath(context.path(path), context.who, true) : inode.target(context.who)}\n`);
    } catch (error) {
      const problem = fileProblem(error);
      status = 1;
      if (context.name === 'realpath') await context.err(`realpath: ${path}: ${problem}\n`);
      else if (options.some(({ name }) => 'fm'.includes(name))) {
        status = 0;
        await context.out(`${normalPath(context.path(path))}\n`);
      }
    }
  }
  return status;
}

async function truncate(context: ProgramContext): Promise<number> {
  const { options, operands } = parseOptions(context.args, { short: 's: c', long: { size: 's:' } });
  const size = Number(options.find(({ name }) => name === 's')?.value ?? '0');
  return forEachPath(context, operands, (path) => `cannot open '${path}' for writing`, async (path) => {
    if (!context.files.exists(context.path(path), context.who)) await context.writeFile(path, '');
    const inode = context.files.find(context.path(path), context.who);
    if (inode.kind === 'file') inode.truncate(size);
  });
}

async function basename(context: ProgramContext): Promise<number> {
  const [path = '', suffix = ''] = context.args;
  const name = lastPart(path);
  await context.out(`${suffix !== '' && name !== suffix && name.endsWith(suffix) ? name.slice(0, -suffix.length) : name || '/'}\n`);
  return 0;
}

async function dirname(context: ProgramContext): Promise<number> {
  for (const path of context.args) await context.out(`${path.includes('/') ? path.replace(/\/+$/, '').replace(/\/[^/]*$/, '') || '/' : '.'}\n`);
  return 0;
}

const simple = (name: string, run: Program['run']): Program => ({ path: `/usr/bin/${name}`, run });

export const fileCommands: readonly Program[] = [
  simple('mkdir', mkdir), simple('rm', rm), simple('mv', mv), simple('cp', cp), simple('ln', ln), simple('chmod', chmod), simple('chown', chown), simple('touch', touch),
  simple('mktemp', mktemp), simple('readlink', readlink), simple('realpath', readlink), simple('truncate', truncate), simple('basename', basename), simple('dirname', dirname),
  simple('rmdir', (context) => forEachPath(context, context.args, (path) => `failed to remove '${path}'`, (path) => context.files.remove(context.path(path), context.who, 'folder'))),
  simple('mkfifo', (context) => forEachPath(context, context.args, (path) => `cannot create fifo '${path}'`, (path) => {
    context.files.makeFifo(context.path(path), context.who, 0o666 & ~context.process.umask);
  })),
  simple('sync', async (context) => forEachPath(context, context.args.length === 0 ? ['/'] : context.args, (path) => `error opening '${path}'`, (path) => {
    context.files.find(context.path(path), context.who);
  })),
  simple('install', async (context) => {
    const { options, operands } = parseOptions(context.args, { short: 'd m: o: g: D v' });
    if (options.some(({ name }) => name === 'd')) return context.exec(['mkdir', '-p', ...operands]);
    const mode = options.find(({ name }) => name === 'm')?.value ?? '755';
    const [from = '', to = ''] = operands;
    const target = into(context, from, to);
    if (options.some(({ name }) => name === 'D') && !context.files.exists(parent(target), context.who)) context.files.makeFolder(parent(target), context.who);
    await copyOne(context, context.path(from), target, false, false);
    context.files.find(target, context.who).mode = octal(mode);
    return 0;
  }),
];
