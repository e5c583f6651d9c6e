import { createHash } from 'node:crypto';
import { FileError } from '../files/file-error.ts';
import { OpenRegularFile, type OpenFile } from '../files/open-file.ts';
import { parseOptions } from './options.ts';
import { fileProblem, type Program, type ProgramContext } from './program.ts';

/** Calls `work` with each file open for reading (`-` or none: standard input); says what could not be opened. */
async function eachFile(context: ProgramContext, paths: readonly string[], message: (path: string, problem: string) => string, work: (file: OpenFile, path: string) => Promise<void>): Promise<number> {
  let status = 0;
  for (const path of paths.length === 0 ? ['-'] : paths) {
    try {
      if (path === '-') await work(context.fd(0).retain(), path);
      else {
        const file = await context.open(path, { read: true });
        await work(file, path).finally(() => file.release());
      }
    } catch (error) {
      status = 1;
      await context.err(`${context.name}: ${message(path, fileProblem(error))}\n`);
    }
  }
  return status;
}

async function cat(context: ProgramContext): Promise<number> {
  const { options, operands } = parseOptions(context.args, { short: 'u n v e t A b s' });
  let number = 0;
  return eachFile(context, operands, (path, problem) => `${path}: ${problem}`, async (file) => {
    for (;;) {
      const text = await file.read(65_536, context.process.stop);
      context.process.assertAlive();
      if (text === '') return;
      const numbered = options.some(({ name }) => name === 'n');
      await context.out(numbered ? text.replace(/^(?=[^])/gm, () => `${String((number += 1)).padStart(6)}\t`) : text);
    }
  });
}

const sizeOf = (text: string): number => {
  const units: Readonly<Record<string, number>> = { k: 1024, K: 1024, M: 1_048_576, G: 1_073_741_824, b: 512 };
  return parseInt(text.replace(/^[+-]/, ''), 10) * (units[text.replace(/^[+-]?\d+/, '').charAt(0)] ?? 1);
};

async function head(context: ProgramContext): Promise<number> {
  const args = context.args.map((arg) => arg.replace(/^-(\d+)$/, '-n$1'));
  const { options, operands, problem } = parseOptions(args, { short: 'n: c: q v', long: { lines: 'n:', bytes: 'c:', quiet: 'q', verbose: 'v' } });
  if (problem !== undefined) return context.fail(problem);
  const unit = options.findLast(({ name }) => name === 'c' || name === 'n') ?? { name: 'n', value: '10' };
  const count = sizeOf(unit.value ?? '10');
  const titled = options.some(({ name }) => name === 'v') || (operands.length > 1 && !options.some(({ name }) => name === 'q'));
  let first = true;
  return eachFile(context, operands, (path, text) => `cannot open '${path}' for reading: ${text}`, async (file, path) => {
    if (file.inode?.kind === 'folder') throw new FileError('EISDIR', path);
    if (titled) await context.out(`${first ? '' : '\n'}==> ${path === '-' ? 'standard input' : path} <==\n`);
    first = false;
    if ((unit.value ?? '').startsWith('-')) {
      const all = await context.readAll(file);
      await context.out(unit.name === 'c' ? all.slice(0, Math.max(0, all.length - count)) : all.split(/(?<=\n)/).slice(0, -count || undefined).join(''));
      return;
    }
    let left = count;
    while (left > 0) {
      const text = await file.read(unit.name === 'c' ? Math.min(left, 65_536) : 65_536, context.process.stop);
      context.process.assertAlive();
      if (text === '') return;
      if (unit.name === 'c') {
        left -= text.length;
        await context.out(text);
      } else {
        const lines = text.split(/(?<=\n)/);
        const taken = lines.slice(0, left);
        left -= taken.filter((line) => line.endsWith('\n')).length;
        await context.out(taken.join(''));
        if (lines.length > taken.length && path === '-') file.unread(lines.slice(taken.length).join(''));
      }
    }
  });
}

async function tail(context: ProgramContext): Promise<number> {
  // The old forms `tail -5` and `tail +5` are understood as the first argument only.
  const args = context.args.map((arg, index) => (index > 0 ? arg : arg.replace(/^-(\d+)$/, '-n$1').replace(/^\+(\d+)$/, '-n+$1')));
  const { options, operands, problem } = parseOptions(args, {
    short: 'n: c: f F q v s: z', long: { lines: 'n:', bytes: 'c:', follow: 'f::', pid: 'pid:', retry: 'retry', quiet: 'q', verbose: 'v', 'sleep-interval': 's:' },
  });
  if (problem !== undefined) return context.fail(problem);
  const unit = options.findLast(({ name }) => name === 'c' || name === 'n') ?? { name: 'n', value: '10' };
  const pid = options.findLast(({ name }) => name === 'pid')?.value;
  const follow = options.some(({ name }) => name === 'f' || name === 'F');
  const titled = operands.length > 1 && !options.some(({ name }) => name === 'q');
  let last: OpenFile | undefined;
  let first = true;
  const status = await eachFile(context, operands, (path, text) => `cannot open '${path}' for reading: ${text}`, async (file, path) => {
    if (titled) await context.out(`${first ? '' : '\n'}==> ${path} <==\n`);
    first = false;
    await context.out(await ending(context, file, unit.name === 'c', unit.value ?? '10'));
    if (follow) last = file.retain();
  });
  if (last === undefined) return follow ? context.fail('no files remaining') : status;
  await followFile(context, last, pid === undefined ? undefined : Number(pid)).finally(() => last?.release());
  return status;
}

/** The end of a file: from a byte or line on (`+N`), or its last N. Leaves the file read to its end. */
async function ending(context: ProgramContext, file: OpenFile, inBytes: boolean, amount: string): Promise<string> {
  const count = sizeOf(amount);
  if (file instanceof OpenRegularFile && inBytes) {
    const { size } = file.file;
    file.offset = amount.startsWith('+') ? Math.min(size, Math.max(0, count - 1)) : Math.max(0, size - count);
    return context.readAll(file);
  }
  const text = await context.readAll(file);
  if (inBytes) return amount.startsWith('+') ? text.slice(Math.max(0, count - 1)) : count === 0 ? '' : text.slice(-count);
  const lines = text.split(/(?<=\n)/);
  return (amount.startsWith('+') ? lines.slice(Math.max(0, count - 1)) : count === 0 ? [] : lines.slice(-count)).join('');
}

/** Sends what is added to a file until the process `pid` has ended, the reader has gone or somebody kills this. */
async function followFile(context: ProgramContext, file: OpenFile, pid: number | undefined): Promise<void> {
  const { linux, process } = context;
  const writer = pid === undefined ? undefined : linux.processes.find(pid);
  const over = new AbortController();
  let ended = pid !== undefined && writer === undefined;
  const leave = (): void => over.abort();
  let wake: () => void = () => undefined;
  over.signal.addEventListener('abort', () => wake(), { once: true });
  process.stop.addEventListener('abort', leave, { once: true });
  const output = context.fd(1);
  void output.broken(over.signal).then(leave);
  void writer?.exited.then(() => {
    ended = true;
    wake();
  });
  const { inode } = file;
  try {
    for (;;) {
      const last = ended;
      await context.out(await context.readAll(file));
      if (over.signal.aborted || last) return;
      if (ended) continue;
      await new Promise<void>((resolve) => {
        wake = resolve;
        if (inode?.kind === 'file') inode.watchers.add(resolve);
      });
      if (inode?.kind === 'file') inode.watchers.delete(wake);
      process.assertAlive();
    }
  } finally {
    over.abort();
    process.stop.removeEventListener('abort', leave);
  }
}

async function wordCount(context: ProgramContext): Promise<number> {
  const { options, operands } = parseOptions(context.args, { short: 'c l w m L', long: { bytes: 'c', lines: 'l', words: 'w' } });
  const chosen = options.length === 0 ? ['l', 'w', 'c'] : ['l', 'w', 'm', 'c'].filter((letter) => options.some(({ name }) => name === letter));
  const rows: { path: string; counts: number[] }[] = [];
  const status = await eachFile(context, operands, (path, problem) => `${path}: ${problem}`, async (file, path) => {
    const text = await context.readAll(file);
    const all: Readonly<Record<string, number>> = { c: text.length, m: text.length, l: text.split('\n').length - 1, w: text.split(/\s+/).filter((word) => word !== '').length };
    rows.push({ path, counts: chosen.map((letter) => all[letter] ?? 0) });
  });
  if (rows.length > 1) rows.push({ path: 'total', counts: chosen.map((_letter, at) => rows.reduce((sum, row) => sum + (row.counts[at] ?? 0), 0)) });
  const width = chosen.length === 1 && rows.length === 1 ? 1 : Math.max(...rows.flatMap((row) => row.counts.map((count) => String(count).length)), operands.length === 0 ? 7 : 1);
  for (const row of rows) await context.out(`${row.counts.map((count) => String(count).padStart(width)).join(' ')}${row.path === '-' ? '' : ` ${row.path}`}\n`);
  return status;
}

const checksum = (algorithm: string) => (context: ProgramContext): Promise<number> =>
  eachFile(context, context.args.filter((arg) => arg === '-' || !arg.startsWith('-')), (path, problem) => `${path}: ${problem}`, async (file, path) => {
    const text = await context.readAll(file);
    await context.out(`${createHash(algorithm).update(Buffer.from(text, 'latin1')).digest('hex')}  ${path}\n`);
  });

async function tee(context: ProgramContext): Promise<number> {
  const { options, operands } = parseOptions(context.args, { short: 'a i' });
  const append = options.some(({ name }) => name === 'a');
  const files: OpenFile[] = [];
  let status = 0;
  for (const path of operands) {
    try {
      files.push(await context.open(path, { write: true, create: true, append, truncate: !append }));
    } catch (error) {
      status = 1;
      await context.err(`tee: ${path}: ${fileProblem(error)}\n`);
    }
  }
  try {
    for (let text = await context.read(); text !== ''; text = await context.read()) {
      await context.out(text);
      for (const file of files) {
        await file.write(text, context.process.stop).catch(async (error: unknown) => {
          status = 1;
          await context.err(`tee: ${file.path}: ${fileProblem(error)}\n`);
        });
      }
    }
  } finally {
    for (const file of files) file.release();
  }
  return status;
}

async function dd(context: ProgramContext): Promise<number> {
  const option = (name: string, otherwise: string): string => context.args.find((arg) => arg.startsWith(`${name}=`))?.slice(name.length + 1) ?? otherwise;
  const block = sizeOf(option('bs', '512'));
  const limit = block * Number(option('count', '1000000000'));
  const skip = Number(option('skip', '0')) * block;
  const [source, target] = [option('if', ''), option('of', '')];
  const input = source === '' ? context.fd(0).retain() : await context.open(source, { read: true });
  const notrunc = option('conv', '').includes('notrunc');
  const output = target === '' ? context.fd(1).retain() : await context.open(target, { write: true, create: true, truncate: !notrunc });
  let done = 0;
  try {
    if (skip > 0) await input.read(skip, context.process.stop);
    while (done < limit) {
      const text = await input.read(Math.min(block, limit - done), context.process.stop);
      context.process.assertAlive();
      if (text === '') break;
      await output.write(text, context.process.stop);
      done += text.length;
    }
  } catch (error) {
    await context.err(`dd: error writing '${target}': ${fileProblem(error)}\n`);
    return 1;
  } finally {
    input.release();
    output.release();
  }
  const records = `${Math.floor(done / block)}+${done % block === 0 ? 0 : 1}`;
  if (option('status', '') !== 'none') await context.err(`${records} records in\n${records} records out\n${done} bytes copied, 0.0012 s, ${(done / 1200).toFixed(1)} MB/s\n`);
  return 0;
}

export const readFilePrograms: readonly Program[] = [
  { path: '/usr/bin/cat', run: cat }, { path: '/usr/bin/head', run: head }, { path: '/usr/bin/tail', run: tail }, { path: '/usr/bin/wc', run: wordCount },
  { path: '/usr/bin/sha256sum', run: checksum('sha256') }, { path: '/usr/bin/sha512sum', run: checksum('sha512') }, { path: '/usr/bin/tee', run: tee }, { path: '/usr/bin/dd', run: dd },
];
