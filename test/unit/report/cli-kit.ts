import { runCli } from '../../../electron/hosts/cli/run-cli.ts';

export interface Said { readonly code: number; readonly data: string; readonly notes: string }

/** Runs a command line as a script does, and gives what it printed. */
export async function runVerb(...argv: readonly string[]): Promise<Said> {
  const data: string[] = [];
  const notes: string[] = [];
  process.exitCode = undefined;
  try {
    const code = await runCli(argv, {
      data: (line) => { data.push(line); }, note: (line) => { notes.push(line); }, interactive: false,
      ask: async () => '', readAll: async () => '',
    }, '0.1.0');
    return { code, data: data.join('\n'), notes: notes.join('\n') };
  } finally {
    process.exitCode = undefined;
  }
}
