import type { Program, ProgramContext } from './program.ts';

const simple = (name: string, run: Program['run']): Program => ({ path: `/usr/bin/${name}`, run });

const notHere = (why: string) => (context: ProgramContext): Promise<number> => context.fail(why, 1);

async function which(context: ProgramContext): Promise<number> {
  let status = 0;
  for (const name of context.args.filter((arg) => !arg.startsWith('-'))) {
    const path = context.linux.findProgram(context.process, name, context.environment.get('PATH') ?? '');
    if (path === undefined) status = 1;
    else await context.out(`${path}\n`);
  }
  return status;
}

async function pager(context: ProgramContext): Promise<number> {
  return context.exec(['cat', ...context.args.filter((arg) => !arg.startsWith('-'))]);
}

async function stty(context: ProgramContext): Promise<number> {
  const { terminal } = context.process;
  if (terminal === undefined) return context.fail("'standard input': Inappropriate ioctl for device");
  if (context.args.includes('size')) await context.out(`${terminal.rows} ${terminal.columns}\n`);
  if (context.args.includes('-echo')) terminal.echo = false;
  if (context.args.includes('echo') || context.args.includes('sane')) terminal.echo = true;
  return 0;
}

async function yes(context: ProgramContext): Promise<number> {
  for (;;) {
    await context.out(`${context.args.join(' ') || 'y'}\n`.repeat(512));
    await new Promise((resolve) => setImmediate(resolve));
  }
}

/** What a newcomer tries at a prompt. */
export const terminalPrograms: readonly Program[] = [
  simple('which', which), simple('less', pager), simple('more', pager), simple('stty', stty), simple('yes', yes),
  simple('clear', async (context) => {
    await context.out('\x1b[H\x1b[2J\x1b[3J');
    return 0;
  }),
  simple('help', async (context) => {
    const names = [...context.linux.programs.keys()].map((path) => path.split('/').at(-1) ?? path).sort();
    await context.out(`This is a practice board: a pretend Linux to learn on. Programs it has:\n${names.join(' ')}\nThe password of sudo is the one you logged in with. Leave with: exit\n`);
    return 0;
  }),
  simple('man', notHere('there are no manual pages on a practice board')),
  ...['vi', 'vim', 'nano'].map((name) => simple(name, notHere('this practice board has no editor. Use: echo TEXT > FILE, or sed -i'))),
];
