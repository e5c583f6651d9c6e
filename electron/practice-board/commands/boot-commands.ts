import { FileError } from '../files/file-error.ts';
import { diskText, generateGrubConfig } from '../linux/grub.ts';
import { rootCredentials } from '../linux/pretend-linux.ts';
import { TreeBuilder } from '../linux/tree-builder.ts';
import { parseOptions } from './options.ts';
import { fileProblem, type Program, type ProgramContext } from './program.ts';

const needsRoot = (context: ProgramContext, message: string): Promise<number> | undefined => (context.process.uid === 0 ? undefined : context.err(`${message}\n`).then(() => 1));

async function reboot(context: ProgramContext): Promise<number> {
  const refused = needsRoot(context, 'Call to Reboot failed: Interactive authentication required.');
  if (refused !== undefined) return refused;
  setTimeout(context.linux.onReboot, 100).unref();
  return 0;
}

async function updateGrub(context: ProgramContext): Promise<number> {
  const refused = needsRoot(context, "grub-mkconfig: You must run this as root");
  if (refused !== undefined) return refused;
  const problem = generateGrubConfig(context.linux);
  if (problem !== undefined) return (await context.err(`${problem}\n`), 2);
  const { release } = context.linux.spec.kernel;
  await context.err(`Generating grub configuration file ...\nFound linux image: /boot/vmlinuz-${release}\nFound initrd image: /boot/initrd.img-${release}\ndone\n`);
  return 0;
}

const setNextEntry = (key: string) => async (context: ProgramContext): Promise<number> => {
  const refused = needsRoot(context, `${context.name}: error: cannot open the environment block: Permission denied.`);
  if (refused !== undefined) return refused;
  const path = context.linux.spec.boot.loader === 'bls' ? '/boot/grub2/grubenv' : '/boot/grub/grubenv';
  const text = diskText(context.linux, path);
  const line = `${key}=${context.args.at(-1) ?? '0'}`;
  const expression = new RegExp(`^${key}=.*$`, 'm');
  new TreeBuilder(context.linux.files.root).text(path, expression.test(text) ? text.replace(expression, line) : text.replace(/^(# GRUB.*\n)/, `$1${line}\n`));
  return 0;
};

async function grubby(context: ProgramContext): Promise<number> {
  const { options } = parseOptions(context.args, { short: '', long: { 'update-kernel': 'k:', args: 'a:', 'remove-args': 'r:', info: 'i:', 'default-kernel': 'd' } });
  const value = (name: string): string | undefined => options.find((option) => option.name === name)?.value;
  const folder = '/boot/loader/entries';
  const [file = ''] = context.linux.files.list(folder, rootCredentials);
  const text = diskText(context.linux, `${folder}/${file}`);
  const current = (/^options\s+(.*)$/m.exec(text)?.[1] ?? '').split(/\s+/);
  const root = current.find((word) => word.startsWith('root='))?.slice(5) ?? '';
  if (value('i') !== undefined) {
    await context.out(`index=0\nkernel="/boot/vmlinuz-${context.linux.spec.kernel.release}"\nargs="${current.filter((word) => !word.startsWith('root=')).join(' ')}"\nroot="${root}"\n`);
    return 0;
  }
  if (options.some(({ name }) => name === 'd')) return (await context.out(`/boot/vmlinuz-${context.linux.spec.kernel.release}\n`), 0);
  const refused = needsRoot(context, 'The param /boot/loader/entries is not writable');
  if (refused !== undefined) return refused;
  const key = (word: string): string => word.split('=')[0] ?? word;
  const removed = (value('r') ?? '').split(/\s+/);
  const added = (value('a') ?? '').split(/\s+/).filter((word) => word !== '');
  const kept = current.filter((word) => !removed.some((one) => one === word || (one !== '' && !one.includes('=') && one === key(word))) && !added.some((one) => key(one) === key(word)));
  new TreeBuilder(context.linux.files.root).text(`${folder}/${file}`, text.replace(/^options\s+.*$/m, `options ${[...kept, ...added].join(' ')}`));
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

async function modprobe(context: ProgramContext): Promise<number> {
  const { options, operands } = parseOptions(context.args, { short: 'r a q v n' });
  const refused = needsRoot(context, `modprobe: ERROR: could not insert '${operands[0] ?? ''}': Operation not permitted`);
  if (refused !== undefined) return refused;
  const { linux } = context;
  for (const name of operands.slice(0, 1).map((one) => one.replaceAll('-', '_'))) {
    if (!['msr', 'cpuid', 'kvm', 'kvm_intel', 'vfio', 'vfio_pci', 'i2c_dev', 'ipmi_si', 'ipmi_devintf', 'dell_wmi_sysman'].includes(name)) return context.fail(`FATAL: Module ${operands[0] ?? ''} not found in directory /lib/modules/${linux.spec.kernel.release}`);
    if (name === 'dell_wmi_sysman' && linux.spec.firmwareAttributes === undefined) return context.fail("ERROR: could not insert 'dell_wmi_sysman': No such device");
    if (options.some((option) => option.name === 'r')) linux.loadedModules.delete(name);
    else linux.loadedModules.add(name);
    if (name === 'msr') for (const cpu of linux.online) new TreeBuilder(linux.files.root).text(`/dev/cpu/${cpu}/msr`, '', { mode: 0o600 });
  }
  return 0;
}

async function mount(context: ProgramContext): Promise<number> {
  const { operands } = parseOptions(context.args, { short: 't: o: a r w', long: { types: 't:', options: 'o:' } });
  const target = operands.at(-1);
  if (target === undefined) return (await context.out(await context.readFile('/proc/mounts')), 0);
  const refused = needsRoot(context, `mount: ${target}: must be superuser to use mount.`);
  if (refused !== undefined) return refused;
  if (!context.files.exists(context.path(target), context.who)) return (await context.err(`mount: ${target}: mount point does not exist.\n`), 32);
  if (target.replace(/\/$/, '') === '/sys/fs/resctrl') context.linux.mounts.add('resctrl');
  return 0;
}

async function umount(context: ProgramContext): Promise<number> {
  const refused = needsRoot(context, `umount: ${context.args[0] ?? ''}: must be superuser to unmount.`);
  if (refused !== undefined) return refused;
  if (context.args[0] !== '/sys/fs/resctrl' || !context.linux.mounts.delete('resctrl')) return (await context.err(`umount: ${context.args[0] ?? ''}: not mounted.\n`), 32);
  return 0;
}

async function lsmod(context: ProgramContext): Promise<number> {
  await context.out(`Module                  Size  Used by\n${[...context.linux.loadedModules].map((name) => `${name.padEnd(20)}163840  0\n`).join('')}`);
  return 0;
}

async function logger(context: ProgramContext): Promise<number> {
  const { operands } = parseOptions(context.args, { short: 't: p: s i' });
  context.linux.log(`logger: ${operands.join(' ')}`);
  return 0;
}

async function hostnamectl(context: ProgramContext): Promise<number> {
  if (context.args[0] === 'set-hostname' || context.args[0] === 'hostname') throw new FileError('EPERM');
  await context.out(` Static hostname: ${context.linux.hostname}\nOperating System: ${/^PRETTY_NAME="?([^"\n]*)/m.exec(context.linux.spec.distribution.osRelease)?.[1] ?? ''}\n          Kernel: Linux ${context.linux.spec.kernel.release}\n    Architecture: x86-64\n`);
  return 0;
}

const system = (name: string, run: Program['run']): Program => ({ path: `/usr/sbin/${name}`, run });

export const bootPrograms: readonly Program[] = [
  system('reboot', reboot), system('shutdown', reboot), system('poweroff', reboot), system('update-grub', updateGrub), system('grub-mkconfig', updateGrub), system('grub-reboot', setNextEntry('next_entry')),
  system('grub2-reboot', setNextEntry('next_entry')), system('grub-set-default', setNextEntry('saved_entry')), system('grubby', grubby), system('sysctl', sysctl), system('modprobe', modprobe),
  { path: '/usr/bin/mount', run: mount }, { path: '/usr/bin/umount', run: umount }, system('lsmod', lsmod), { path: '/usr/bin/logger', run: logger }, { path: '/usr/bin/hostnamectl', run: hostnamectl },
];
