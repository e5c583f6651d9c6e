import { RegularFile } from '../files/inode.ts';
import { OpenRegularFile } from '../files/open-file.ts';
import type { ProgramContext } from './program.ts';

/** Runs a program as a child and gives what it wrote to its standard output; what it says goes where this one's does. */
export async function captureOutput(context: ProgramContext, argv: readonly string[]): Promise<{ readonly status: number; readonly text: string }> {
  const file = new RegularFile('');
  const output = new OpenRegularFile('', file, { read: false, write: true, append: true }, () => false);
  const child = context.linux.processes.spawn({
    parent: context.process, name: argv[0] ?? '', argv,
    prepare: (process) => process.setFd(1, output),
  }, (process) => context.linux.exec(process, argv, context.environment));
  const { code } = await context.process.until(child.exited);
  return { status: code, text: file.read(0) };
}
