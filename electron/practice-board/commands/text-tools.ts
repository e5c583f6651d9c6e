import { Bash, stdoutAsBytes, latin1FromBytes, type IFileSystem } from 'just-bash';
import type { Program, ProgramContext } from './program.ts';
import { visibleFiles } from './visible-files.ts';

const names = ['awk', 'sed', 'sort', 'uniq', 'tr', 'cut', 'paste', 'join', 'comm', 'fold', 'nl', 'rev', 'tac', 'od', 'seq', 'expr', 'find', 'diff', 'md5sum', 'sha1sum', 'strings', 'column', 'expand', 'tree', 'file'] as const;

const bytesToText = (bytes: string): string => Buffer.from(bytes, 'latin1').toString('utf8');
const textToBytes = (text: string): string => Buffer.from(text, 'utf8').toString('latin1');

/** Text tools of just-bash, run over the files of this machine as the process may see them. They read all their input first. */
export const textTools: readonly Program[] = [...names, 'gawk', 'mawk'].map((name) => ({
  path: `/usr/bin/${name}`,
  run: (context) => runTool(context, name === 'gawk' || name === 'mawk' ? 'awk' : name),
}));

/** Options and operands after which a tool does not read its standard input. */
const readsInput = (name: string, context: ProgramContext): boolean => {
  if (['seq', 'expr', 'find', 'tree', 'file'].includes(name)) return false;
  if (name === 'awk' && /^\s*BEGIN\s*\{[^}]*\}\s*$/.test(context.args.find((arg) => !arg.startsWith('-')) ?? '')) return false;
  return true;
};

async function runTool(context: ProgramContext, name: string): Promise<number> {
  const stdin = readsInput(name, context) && needsInput(name, context.args) ? await context.readAll() : '';
  const fs: IFileSystem = visibleFiles(context);
  const bash = new Bash({
    fs, cwd: context.process.workingFolder, defenseInDepth: false,
    executionLimits: { maxLoopIterations: 1e8, maxCommandCount: 1e8, maxAwkIterations: 1e8, maxSedIterations: 1e8, maxWorkUnits: 1e9, maxOutputSize: 1 << 28, maxStringLength: 1 << 28 },
  });
  const result = await bash.exec(name, {
    args: context.args.map(bytesToText), stdin, stdinKind: 'bytes', rawScript: true, cwd: context.process.workingFolder, replaceEnv: true,
    env: Object.fromEntries([...context.environment].map(([key, value]) => [key, bytesToText(value)])), signal: context.process.stop,
  });
  context.process.assertAlive();
  await context.out(latin1FromBytes(stdoutAsBytes(result)));
  await context.err(textToBytes(result.stderr));
  return result.exitCode;
}

/** A tool that is given files reads those; waiting for a terminal's input would hang it. */
function needsInput(name: string, args: readonly string[]): boolean {
  const operands = args.filter((arg) => arg === '-' || !arg.startsWith('-'));
  const script = name === 'awk' || name === 'sed' ? 1 : 0;
  const withValues: Readonly<Record<string, RegExp>> = { awk: /^-[vFf]$/, sed: /^-[ef]$/, cut: /^-[dfcb]$/, sort: /^-[ktoST]$/, paste: /^-d$/, od: /^-[tNjAw]$/, fold: /^-w$/ };
  const valued = args.filter((arg) => withValues[name]?.test(arg) === true).length;
  const scripted = args.some((arg) => (name === 'sed' && /^-[ef]/.test(arg)) || (name === 'awk' && /^-f/.test(arg)));
  const files = operands.length - valued - (scripted ? 0 : script);
  return name === 'tr' || files <= 0 || operands.includes('-');
}
