import { installPackage, ownerOf, planPackages, removePackage } from '../linux/packages.ts';
import { parseOptions } from './options.ts';
import type { Program, ProgramContext } from './program.ts';

async function dnf(context: ProgramContext): Promise<number> {
  const { options, operands, problem } = parseOptions(context.args, {
    short: 'y q v c: C',
    long: { assumeyes: 'y', assumeno: 'n', quiet: 'q', setopt: 'o:', config: 'c:', enablerepo: 'e:', disablerepo: 'd:', downloadonly: 'downloadonly', noautoremove: 'noautoremove', disabled: 'disabled', enabled: 'enabled', all: 'all', refresh: 'refresh', 'best': 'best', allowerasing: 'allowerasing' },
  });
  if (problem !== undefined) return context.fail(`error: ${problem}`);
  const has = (name: string): boolean => options.some((option) => option.name === name);
  const [command = '', ...words] = operands;
  if (command === 'repolist') {
    await context.out(has('disabled') ? 'repo id                             repo name\nrt                                  Red Hat Enterprise Linux for Real Time\n' : 'repo id                             repo name\nbaseos                              Red Hat Enterprise Linux 9 - BaseOS\nappstream                           Red Hat Enterprise Linux 9 - AppStream\n');
    return 0;
  }
  if (['makecache', 'clean', 'check'].includes(command)) return 0;
  if (command === 'list') {
    await context.out(`Installed Packages\n${[...context.linux.packages].map(([name, version]) => `${`${name}.x86_64`.padEnd(44)}${version.padEnd(32)}@System\n`).join('')}`);
    return 0;
  }
  if (!['install', 'remove', 'erase', 'reinstall'].includes(command)) return context.fail(`No such command: ${command}.`);
  if (context.process.uid !== 0) return (await context.err('Error: This command has to be run with superuser privileges (under the root user on most systems).\n'), 1);
  return change(context, command, words, has);
}

async function change(context: ProgramContext, command: string, words: readonly string[], has: (name: string) => boolean): Promise<number> {
  const { linux } = context;
  const removing = command === 'remove' || command === 'erase';
  const names = words.map((word) => bareName(context, word));
  const plan = planPackages(linux, removing ? [] : names.map((name) => ({ name })), removing ? names : []);
  if (typeof plan === 'string') return (await context.out(`No match for argument: ${plan}\n`), await context.err(`Error: Unable to find a match: ${plan}\n`), 1);
  if (plan.install.length + plan.remove.length === 0) {
    await context.out(removing ? `No match for argument: ${words.join(' ')}\nNo packages marked for removal.\nDependencies resolved.\nNothing to do.\nComplete!\n` : `${words.map((word) => `Package ${word} is already installed.\n`).join('')}Dependencies resolved.\nNothing to do.\nComplete!\n`);
    return 0;
  }
  const row = (name: string, version: string, size: string): string => ` ${name.padEnd(30)} x86_64 ${version.padEnd(28)} ${removing ? '@System' : 'appstream'} ${size}\n`;
  await context.out(`Dependencies resolved.\n${'='.repeat(80)}\n Package                        Arch   Version                      Repository Size\n${'='.repeat(80)}\n`);
  if (plan.install.length > 0) await context.out(`Installing:\n${plan.install.map(({ name, version, sizeKb }) => row(name, version, `${(sizeKb / 1000).toFixed(1)} M`)).join('')}`);
  const dependents = plan.remove.filter((name) => !names.includes(name));
  if (plan.remove.length > 0) await context.out(`Removing:\n${plan.remove.filter((name) => names.includes(name)).map((name) => row(name, linux.packages.get(name) ?? '', '')).join('')}`);
  if (dependents.length > 0) await context.out(`Removing dependent packages:\n${dependents.map((name) => row(name, linux.packages.get(name) ?? '', '')).join('')}`);
  await context.out(`\nTransaction Summary\n${'='.repeat(80)}\n${plan.install.length > 0 ? 'Install' : 'Remove'}  ${plan.install.length + plan.remove.length} Package${plan.install.length + plan.remove.length > 1 ? 's' : ''}\n\n`);
  if (has('n')) return (await context.out('Operation aborted.\n'), 1);
  if (!has('y')) {
    await context.out('Is this ok [y/N]: ');
    if (!/^y/i.test((await context.readLine()) ?? '')) return (await context.out('Operation aborted.\n'), 1);
  }
  for (const { name, version, sizeKb } of plan.install) {
    await context.process.sleep(sizeKb > 10_000 ? 400 : 120);
    await context.out(`${`${name}-${version}.x86_64.rpm`.padEnd(60)} 12 MB/s | ${(sizeKb / 1000).toFixed(1)} MB     00:01\n`);
  }
  if (has('downloadonly')) return (await context.out('Complete!\nThe downloaded packages were saved in cache until the next successful transaction.\n'), 0);
  await context.out('Running transaction\n');
  for (const one of plan.install) {
    await context.process.sleep(150);
    installPackage(linux, one);
    await context.out(`  Installing       : ${one.name}-${one.version}.x86_64\n`);
  }
  for (const name of plan.remove) {
    await context.process.sleep(120);
    await context.out(`  Erasing          : ${name}-${linux.packages.get(name) ?? ''}.x86_64\n`);
    removePackage(linux, name);
  }
  await context.out('\nComplete!\n');
  return 0;
}

/** `name`, `name-version-release` or `name-version-release.arch`, as packages may be named. */
function bareName({ linux }: ProgramContext, word: string): string {
  const all = [...linux.packages, ...(linux.spec.archive ?? []).map(({ name, version }) => [name, version] as const)];
  return all.find(([name, version]) => [name, `${name}-${version}`, `${name}-${version}.x86_64`, `${name}.x86_64`].includes(word))?.[0] ?? word;
}

async function rpm(context: ProgramContext): Promise<number> {
  const { options, operands } = parseOptions(context.args, { short: 'q a i l f', long: { qf: 'qf:', queryformat: 'qf:', query: 'q', all: 'a', file: 'f' } });
  const has = (name: string): boolean => options.some((option) => option.name === name);
  const format = options.find(({ name }) => name === 'qf')?.value ?? '%{NAME}-%{VERSION}-%{RELEASE}.%{ARCH}\\n';
  const { packages } = context.linux;
  let missing = 0;
  for (const asked of has('a') && operands.length === 0 ? packages.keys() : operands) {
    const wanted = has('f') ? ownerOf(context.linux, asked) : packages.has(asked) ? asked : bareName(context, asked);
    const found = wanted === undefined ? undefined : packages.get(wanted);
    if (wanted === undefined || found === undefined) {
      missing += 1;
      await context.out(has('f') ? `file ${asked} is not owned by any package\n` : `package ${asked} is not installed\n`);
      continue;
    }
    const [version = '', release = '1'] = found.split('-');
    const fields: Readonly<Record<string, string>> = { NAME: wanted, VERSION: version, RELEASE: release, ARCH: 'x86_64', EPOCHNUM: '0', EPOCH: '(none)', EVR: found, NVRA: `${wanted}-${found}.x86_64` };
    await context.out(format.replace(/%\{(\w+)\}/g, (_all, name: string) => fields[name.toUpperCase()] ?? '(none)').replaceAll('\\n', '\n').replaceAll('\\t', '\t'));
  }
  return missing;
}

export const dnfPrograms: readonly Program[] = [{ path: '/usr/bin/dnf', run: dnf }, { path: '/usr/bin/yum', run: dnf }, { path: '/usr/bin/rpm', run: rpm }];
