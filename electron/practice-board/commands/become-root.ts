import { parseOptions } from './options.ts';
import type { Program, ProgramContext } from './program.ts';

/** Asks for the password where sudo would: on the terminal without echo, or with -S on standard input. */
async function authenticate(context: ProgramContext, fromInput: boolean, promptText: string | undefined): Promise<boolean> {
  const user = context.linux.userName(context.process.uid);
  const terminal = context.process.terminal;
  if (!fromInput && terminal === undefined) {
    await context.err('sudo: a terminal is required to read the password; either use the -S option to read from standard input or configure an askpass helper\nsudo: a password is required\n');
    return false;
  }
  const prompt = (promptText ?? `[sudo] password for ${user}: `).replaceAll('%u', user).replaceAll('%p', user).replaceAll('%h', context.linux.hostname);
  for (let attempt = 1; attempt <= 3; attempt += 1) {
    await context.err(prompt);
    if (terminal !== undefined && !fromInput) terminal.echo = false;
    const line = await context.readLine().finally(() => {
      if (terminal !== undefined) terminal.echo = true;
    });
    if (terminal !== undefined && !fromInput) await context.err('\n');
    if (line === undefined) {
      await context.err(attempt === 1 ? '\nsudo: no password was provided\nsudo: a password is required\n' : `\nsudo: no password was provided\nsudo: ${attempt - 1} incorrect password attempt${attempt > 2 ? 's' : ''}\n`);
      return false;
    }
    if (line === context.linux.password) return true;
    // Like pam_unix, a wrong password costs a moment.
    await context.process.sleep(150);
    if (attempt < 3) await context.err('Sorry, try again.\n');
  }
  await context.err('sudo: 3 incorrect password attempts\n');
  return false;
}

function becomeRoot(context: ProgramContext): Map<string, string> {
  const { process } = context;
  const user = context.linux.userName(process.uid);
  const environment = new Map(context.environment);
  for (const [key, value] of [['SUDO_USER', user], ['SUDO_UID', String(process.uid)], ['SUDO_GID', String(process.gid)], ['USER', 'root'], ['LOGNAME', 'root'], ['HOME', '/root'], ['PATH', '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin']] as const) environment.set(key, value);
  Object.assign(process, { uid: 0, gid: 0, groups: [0] });
  return environment;
}

async function sudo(context: ProgramContext): Promise<number> {
  const { options, operands, problem } = parseOptions(context.args, {
    short: 'n S k K p: u: g: i s E H b l v A V', long: { 'non-interactive': 'n', stdin: 'S', 'reset-timestamp': 'k', prompt: 'p:', user: 'u:', login: 'i', shell: 's', list: 'l', validate: 'v', version: 'V' }, untilOperand: true,
  });
  if (problem !== undefined) return context.fail(`${problem}\nusage: sudo -h | -K | -k | -V`);
  const has = (letter: string): boolean => options.some(({ name }) => name === letter);
  if (has('V')) {
    await context.out('Sudo version 1.9.13p3\n');
    return 0;
  }
  if ((has('k') || has('K')) && operands.length === 0) return 0;
  const { process } = context;
  if (process.uid !== 0) {
    if (has('n')) {
      await context.err('sudo: a password is required\n');
      return 1;
    }
    if (!(await authenticate(context, has('S'), options.find(({ name }) => name === 'p')?.value))) return 1;
  }
  if (has('v')) return 0;
  if (has('l')) {
    await context.out(`User ${context.linux.userName(process.uid)} may run the following commands on ${context.linux.hostname}:\n    (ALL : ALL) ALL\n`);
    return 0;
  }
  const environment = becomeRoot(context);
  for (const pair of operands) {
    if (!/^\w+=/.test(pair)) break;
    environment.set(pair.slice(0, pair.indexOf('=')), pair.slice(pair.indexOf('=') + 1));
  }
  const argv = operands.slice(operands.findIndex((word) => !/^\w+=/.test(word)) < 0 ? operands.length : operands.findIndex((word) => !/^\w+=/.test(word)));
  if (has('i')) process.workingFolder = '/root';
  if (argv.length === 0 && (has('i') || has('s'))) return context.exec(['/bin/bash'], environment);
  if (argv.length === 0) return context.fail('usage: sudo -h | -K | -k | -V');
  if (context.linux.findProgram(process, argv[0] ?? '', environment.get('PATH') ?? '') === undefined) return context.fail(`${argv[0] ?? ''}: command not found`);
  return context.exec(argv, environment);
}

async function su(context: ProgramContext): Promise<number> {
  const operands = context.args.filter((arg) => arg !== '-' && arg !== '-l');
  const command = context.args.indexOf('-c');
  if (context.process.uid !== 0) {
    await context.err('Password: ');
    if (context.process.terminal !== undefined) context.process.terminal.echo = false;
    await context.readLine();
    if (context.process.terminal !== undefined) context.process.terminal.echo = true;
    await context.process.sleep(150);
    return context.fail('Authentication failure');
  }
  const user = operands.find((arg) => !arg.startsWith('-'));
  if (user === 'rt') Object.assign(context.process, { uid: 1000, gid: 1000, groups: context.linux.accounts.groupsOf('rt'), workingFolder: '/home/rt' });
  return context.exec(command >= 0 ? ['/bin/sh', '-c', context.args[command + 1] ?? ''] : ['/bin/bash']);
}

export const becomeRootPrograms: readonly Program[] = [{ path: '/usr/bin/sudo', run: sudo }, { path: '/usr/bin/su', run: su }];
