import type { Program, ProgramContext } from './program.ts';

const mayNot = async (context: ProgramContext): Promise<number> => context.name === 'gpasswd' ? context.fail('Permission denied.') : context.fail('Permission denied.\nusermod: cannot lock /etc/passwd; try again later.');

async function gpasswd(context: ProgramContext): Promise<number> {
  const { accounts } = context.linux;
  const [act = '', user = '', name = ''] = context.args;
  if (context.process.uid !== 0) return mayNot(context);
  const group = accounts.groups().find((one) => one.name === name);
  if (group === undefined) return context.fail(`group '${name}' does not exist in /etc/group`, 3);
  if (accounts.userId(user) === undefined) return context.fail(`user '${user}' does not exist`, 3);
  if (act === '-a') {
    await context.out(`Adding user ${user} to group ${name}\n`);
    accounts.setMembers(name, [...new Set([...group.members, user])]);
    return 0;
  }
  if (act !== '-d') return context.fail('Usage: gpasswd [option] GROUP', 2);
  await context.out(`Removing user ${user} from group ${name}\n`);
  if (!group.members.includes(user)) return context.fail(`user '${user}' is not a member of '${name}'`, 3);
  accounts.setMembers(name, group.members.filter((one) => one !== user));
  return 0;
}

async function usermod(context: ProgramContext): Promise<number> {
  const { accounts } = context.linux;
  const words = context.args.filter((word) => !word.startsWith('-'));
  const [names = '', user = ''] = words;
  if (!context.args.some((word) => /^-[aG]+$/.test(word) || word === '--append')) return context.fail('no changes', 0);
  if (accounts.userId(user) === undefined) return context.fail(`user '${user}' does not exist`, 6);
  if (context.process.uid !== 0) return mayNot(context);
  for (const name of names.split(',')) {
    const group = accounts.groups().find((one) => one.name === name);
    if (group === undefined) return context.fail(`group '${name}' does not exist`, 6);
    accounts.setMembers(name, [...new Set([...group.members, user])]);
  }
  return 0;
}

async function getent(context: ProgramContext): Promise<number> {
  const [database = '', ...keys] = context.args;
  if (database !== 'passwd' && database !== 'group') return context.fail(`Unknown database: ${database}`, 1);
  const lines = (await context.readFile(`/etc/${database}`)).split('\n').filter((line) => line !== '');
  const found = keys.length === 0 ? lines : keys.flatMap((key) => lines.filter((line) => line.split(':')[0] === key || line.split(':')[2] === key));
  await context.out(found.map((line) => `${line}\n`).join(''));
  return found.length === 0 ? 2 : 0;
}

export const accountPrograms: readonly Program[] = [{ path: '/usr/bin/gpasswd', run: gpasswd }, { path: '/usr/sbin/usermod', run: usermod }, { path: '/usr/bin/getent', run: getent }];
