import { applyTmpfiles } from '../linux/boot-settings.ts';
import { initrdName, installedReleases } from '../linux/kernels.ts';
import { loadModule, unloadModule } from '../linux/modules.ts';
import { TreeBuilder } from '../linux/tree-builder.ts';
import { parseOptions } from './options.ts';
import type { Program, ProgramContext } from './program.ts';

async function modprobe(context: ProgramContext): Promise<number> {
  const { options, operands } = parseOptions(context.args, { short: 'r a q v n', long: { remove: 'r', quiet: 'q', verbose: 'v', 'dry-run': 'n', all: 'a' } });
  const [given = ''] = operands;
  const module = given.replaceAll('-', '_');
  if (context.process.uid !== 0) return context.fail(`ERROR: could not insert '${module}': Operation not permitted`);
  if (options.some(({ name }) => name === 'r')) {
    const problem = unloadModule(context.linux, module);
    return problem === undefined || problem === 'is not currently loaded' ? 0 : context.fail(`FATAL: Module ${module} ${problem}`);
  }
  const problem = loadModule(context.linux, module);
  if (problem === undefined) return 0;
  return context.fail(problem === 'not found' ? `FATAL: Module ${given} not found in directory /lib/modules/${context.linux.kernel.release}` : `ERROR: could not insert '${module}': ${problem}`);
}

async function rmmod(context: ProgramContext): Promise<number> {
  if (context.process.uid !== 0) return context.fail(`ERROR: ../libkmod/libkmod-module.c:799 kmod_module_remove_module() could not remove '${context.args[0] ?? ''}': Operation not permitted`);
  for (const name of context.args) {
    const problem = unloadModule(context.linux, name.replaceAll('-', '_'));
    if (problem !== undefined) return context.fail(`ERROR: Module ${name} ${problem}`);
  }
  return 0;
}

async function lsmod(context: ProgramContext): Promise<number> {
  await context.out(`Module                  Size  Used by\n${[...context.linux.loadedModules].map((name) => `${name.padEnd(20)}163840  0\n`).join('')}`);
  return 0;
}

/** update-initramfs and dracut: the images are written again, and it takes a moment. */
async function buildInitramfs(context: ProgramContext): Promise<number> {
  if (context.process.uid !== 0) return context.fail('You must be root to do this.');
  const { linux } = context;
  const releases = context.name === 'dracut' && !context.args.includes('--regenerate-all') ? [linux.kernel.release] : context.args.includes('all') ? installedReleases(linux) : installedReleases(linux).slice(0, 1);
  for (const release of releases) {
    await context.process.sleep(150);
    new TreeBuilder(linux.files.root).text(`/boot/${initrdName(linux, release)}`, '', { mode: 0o644 });
    if (context.name === 'update-initramfs') await context.out(`update-initramfs: Generating /boot/${initrdName(linux, release)}\n`);
  }
  return 0;
}

async function udevadm(context: ProgramContext): Promise<number> {
  const [command = ''] = context.args;
  if (!['control', 'trigger', 'settle', 'info'].includes(command)) return context.fail(`Unknown command verb ${command}.`);
  return (command === 'control' || command === 'trigger') && context.process.uid !== 0 ? context.fail('Must be root to do this.') : 0;
}

async function tmpfiles(context: ProgramContext): Promise<number> {
  const { options, operands } = parseOptions(context.args, { short: 'E', long: { create: 'c', clean: 'l', remove: 'r', boot: 'b', prefix: 'prefix:' } });
  if (context.process.uid !== 0) return context.fail('Failed to open: Permission denied');
  const paths = operands.map((path) => (path.includes('/') ? context.path(path) : `/etc/tmpfiles.d/${path}`));
  if (options.some(({ name }) => name === 'c')) applyTmpfiles(context.linux, ...(paths.length === 0 ? [] : [paths]));
  return 0;
}

const system = (name: string, run: Program['run']): Program => ({ path: `/usr/sbin/${name}`, run });

export const modulePrograms: readonly Program[] = [
  system('modprobe', modprobe), system('rmmod', rmmod), system('lsmod', lsmod), system('depmod', async () => 0), system('update-initramfs', buildInitramfs), system('dracut', buildInitramfs),
  { path: '/usr/bin/udevadm', run: udevadm }, { path: '/usr/bin/systemd-tmpfiles', run: tmpfiles },
];
