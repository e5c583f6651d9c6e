import { parseOptions } from './options.ts';
import type { Program, ProgramContext } from './program.ts';

/** base64 as GNU and busybox have it: `-d`, `-i`, `-w COLS`; whole bytes in and out. */
async function base64(context: ProgramContext): Promise<number> {
  const { options, operands, problem } = parseOptions(context.args, { short: 'd D i w:', long: { decode: 'd', 'ignore-garbage': 'i', wrap: 'w:' } });
  if (problem !== undefined) return context.fail(problem);
  const has = (name: string): boolean => options.some((option) => option.name === name);
  const [path = '-'] = operands;
  const text = path === '-' ? await context.readAll() : await context.readFile(path);
  if (has('d') || has('D')) {
    const digits = text.replace(/\n/g, '');
    const valid = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?/.exec(digits)?.[0] ?? '';
    await context.out(Buffer.from(has('i') ? digits.replace(/[^A-Za-z0-9+/=]/g, '') : valid, 'base64').toString('latin1'));
    return has('i') || valid === digits ? 0 : context.fail('invalid input');
  }
  const columns = Number(options.find(({ name }) => name === 'w')?.value ?? '76');
  const encoded = Buffer.from(text, 'latin1').toString('base64');
  await context.out(columns === 0 || encoded === '' ? encoded : `${(encoded.match(new RegExp(`.{1,${columns}}`, 'g')) ?? []).join('\n')}\n`);
  return 0;
}

export const base64Program: Program = { path: '/usr/bin/base64', run: base64 };
