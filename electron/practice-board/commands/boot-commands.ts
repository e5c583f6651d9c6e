import { FileError } from '../files/file-error.ts';
import { diskText } from '../linux/disk-text.ts';
import { mountAt, unmountAt } from '../linux/mounting.ts';
import { parseOptions } from './options.ts';
import { fileProblem, type Program, type ProgramContext } from './program.ts';

const needsRoot = (context: ProgramContext, message: string): Promise<number> | undefined => (context.process.uid === 0 ? undefined : context.err(`${message}\n`).then(() => 1));

async function reboot(context: ProgramContext): Promise<number> {
  const refused = needsRoot(context, 'Call to Reboot failed: Interactive authentication required.');
  if (refused !== undefined) return refused;
  setTimeout(context.linux.onReboot, 100).unref();
  return 0;
}

async function sysctl(context: ProgramContext): Promise<number> {
  const { options, operands } = parseOptions(context.args, { short: 'a w n q p:: e', long: { all: 'a', write: 'w', values: 'n', load: 'p::', system: 'system' } });
  const has = (name: string): boolean => options.some((option) => option.name === name);
  const { sysctls } = context.linux;
  const words = has('a') ? [...sysctls.keys()] : [...operands];
  for (const { name, value } of options) {
    if (name === 'p' || name === 'system') for (const [, key = '', text = ''] of diskText(context.linux, value ?? '/etc/sysctl.conf').matchAll(/^\s*([\w.]+)\s*=\s*(.*?)\s*$/gm)) words.push(`${key}=${text}`);
  }
  let status = 0;
  for (const word of words) {
    const [name = '', value] = word.split(/\s*=\s*/);
    const path = `/proc/sys/${name.replaceAll('.', '/')}`;
    try {
      if (value !== undefined) await context.writeFile(path, value, true);
      await context.out(`${has('n') ? '' : `${name} = `}${(await context.readFile(path)).trimEnd()}\n`);
    } catch (error) {
      const problem = fileProblem(error);
      status = 1;
      await context.err(problem === 'No such file or directory' ? `sysctl: cannot stat ${path}: ${problem}\n` : `sysctl: permission denied on key '${name}'\n`);
    }
  }
  return status;
}

async function mount(context: ProgramContext): Promise<number> {
  const { options, operands } = parseOptions(context.args, { short: 't: o: a r w', long: { types: 't:', options: 'o:' } });
  const target = operands.at(-1)?.replace(/(?<=.)\/$/, '');
  if (target === undefined) return (await context.out(await context.readFile('/proc/mounts')), 0);
  const refused = needsRoot(context, `mount: ${target}: must be superuser to use mount.`);
  if (refused !== undefined) return refused;
  if (!context.files.exists(context.path(target), context.who)) return (await context.err(`mount: ${target}: mount point does not exist.\n`), 32);
  const value = (name: string): string => options.find((option) => option.name === name)?.value ?? '';
  try {
    mountAt(context.linux, target, value('t'), value('o').split(','));
  } catch (error) {
    if (fileProblem(error) === 'Device or resource busy') return (await context.err(`mount: ${target}: resctrl already mounted on ${target}.\n       dmesg(1) may have more information after failed mount system call.\n`), 32);
    throw error;
  }
  return 0;
}

async function umount(context: ProgramContext): Promise<number> {
  const refused = needsRoot(context, `umount: ${context.args[0] ?? ''}: must be superuser to unmount.`);
  if (refused !== undefined) return refused;
  if (!unmountAt(context.linux, context.args[0] ?? '')) return (await context.err(`umount: ${context.args[0] ?? ''}: not mounted.\n`), 32);
  return 0;
}

async function logger(context: ProgramContext): Promise<number> {
  const { operands } = parseOptions(context.args, { short: 't: p: s i' });
  context.linux.log(`logger: ${operands.join(' ')}`);
  return 0;
}

async function hostnamectl(context: ProgramContext): Promise<number> {
  if (context.args[0] === 'set-hostname' || context.args[0] === 'hostname') throw new FileError('EPERM');
  await context.out(` Static hostname: ${context.linux.hostname}\nOperating System: ${/^PRETTY_NAME="?([^"\n]*)/m.exec(context.linux.spec.distribution.osRelease)?.[1] ?? ''}\n          Kernel: Linux ${context.linux.kernel.release}\n    Architecture: x86-64\n`);
  return 0;
}

const system = (name: string, run: Program['run']): Program => ({ path: `/usr/sbin/${name}`, run });

export const bootPrograms: readonly Program[] = [
  system('reboot', reboot), system('shutdown', reboot), system('poweroff', reboot), system('sysctl', sysctl),
  { path: '/usr/bin/mount', run: mount }, { path: '/usr/bin/umount', run: umount }, { path: '/usr/bin/logger', run: logger }, { path: '/usr/bin/hostnamectl', run: hostnamectl },
];
