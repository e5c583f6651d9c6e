import { parseOptions } from './options.ts';
import { fileProblem, type Program, type ProgramContext } from './program.ts';

/** cmp: 0 the same, 1 different, 2 trouble. */
async function cmp(context: ProgramContext): Promise<number> {
  const { options, operands, problem } = parseOptions(context.args, { short: 's l b', long: { silent: 's', quiet: 's', verbose: 'l' } });
  if (problem !== undefined) return context.fail(problem, 2);
  const silent = options.some(({ name }) => name === 's');
  const [first = '', second = '-'] = operands;
  const texts: string[] = [];
  for (const path of [first, second]) {
    try {
      texts.push(path === '-' ? await context.readAll() : await context.readFile(path));
    } catch (error) {
      const said = fileProblem(error);
      return silent ? 2 : context.fail(`${path}: ${said}`, 2);
    }
  }
  const [one = '', other = ''] = texts;
  if (one === other) return 0;
  const shorter = Math.min(one.length, other.length);
  let at = 0;
  while (at < shorter && one.charCodeAt(at) === other.charCodeAt(at)) at += 1;
  if (!silent) {
    if (at === shorter) await context.err(`cmp: EOF on ${one.length < other.length ? first : second} after byte ${shorter}\n`);
    else await context.out(`${first} ${second} differ: byte ${at + 1}, line ${one.slice(0, at).split('\n').length}\n`);
  }
  return 1;
}

export const cmpProgram: Program = { path: '/usr/bin/cmp', run: cmp };
