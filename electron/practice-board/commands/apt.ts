import { diskText } from '../linux/disk-text.ts';
import type { ArchivePackage } from '../linux/machine-spec.ts';
import { archivePackage, installPackage, planPackages, removePackage, type PackagePlan } from '../linux/packages.ts';
import { captureOutput } from './capture-output.ts';
import type { Program, ProgramContext } from './program.ts';

const source = 'http://deb.debian.org/debian';

interface AptCall {
  readonly command: string;
  readonly operands: readonly string[];
  /** Letters and long names that were given. */
  readonly flags: ReadonlySet<string>;
  /** Values of -o. */
  readonly settings: ReadonlyMap<string, string>;
}

function parseCall(args: readonly string[]): AptCall {
  const flags = new Set<string>();
  const settings = new Map<string, string>();
  const operands: string[] = [];
  const words = [...args];
  while (words.length > 0) {
    const word = words.shift() ?? '';
    if (word === '-o' || word === '-c') {
      const value = words.shift() ?? '';
      if (word === '-o') settings.set(value.split('=')[0] ?? '', value.slice(value.indexOf('=') + 1));
    } else if (word.startsWith('--')) flags.add(word.slice(2));
    else if (/^-[a-zA-Z]/.test(word)) for (const letter of word.slice(1).replace(/=.*/, '')) flags.add(letter);
    else operands.push(word);
  }
  const [command = '', ...rest] = operands;
  return { command, operands: rest, flags, settings };
}

const megabytes = (packages: readonly ArchivePackage[]): string => (packages.reduce((sum, { sizeKb }) => sum + sizeKb, 0) / 1000).toFixed(1);

async function apt(context: ProgramContext): Promise<number> {
  const call = parseCall(context.args);
  const simulated = call.flags.has('s') || call.flags.has('simulate') || call.flags.has('dry-run');
  if (context.process.uid !== 0 && !simulated && !call.flags.has('print-uris')) {
    await context.err('E: Could not open lock file /var/lib/dpkg/lock-frontend - open (13: Permission denied)\nE: Unable to acquire the dpkg frontend lock (/var/lib/dpkg/lock-frontend), are you root?\n');
    return 100;
  }
  switch (call.command) {
    case 'update': return update(context, call);
    case 'install': case 'remove': case 'purge': return change(context, call, simulated);
    case 'autoremove': case 'clean': case 'check': return 0;
    case 'list': {
      await context.out(`Listing...\n${[...context.linux.packages].map(([name, version]) => `${name}/now ${version} amd64 [installed,local]\n`).join('')}`);
      return 0;
    }
    default: {
      await context.err(`E: Invalid operation ${call.command}\n`);
      return 100;
    }
  }
}

async function update(context: ProgramContext, { flags }: AptCall): Promise<number> {
  if (flags.has('print-uris')) {
    await context.out(`'${source}/dists/bookworm/InRelease' deb.debian.org_debian_dists_bookworm_InRelease 0 \n`);
    return 0;
  }
  await context.out(`Get:1 ${source} bookworm InRelease [151 kB]\n`);
  await context.process.sleep(200);
  await context.out('Fetched 151 kB in 0s (755 kB/s)\nReading package lists...\n');
  return 0;
}

async function change(context: ProgramContext, call: AptCall, simulated: boolean): Promise<number> {
  const { linux } = context;
  const removing = call.command !== 'install';
  const asked = call.operands.map((word) => ({ word, remove: removing || (word.endsWith('-') && !linux.packages.has(word)) }));
  const onDisk = asked.find(({ word }) => word.includes('/'));
  if (onDisk !== undefined) return (await context.err(`E: Unsupported file ${onDisk.word} given on commandline\n`), 100);
  const wanted = asked.filter(({ remove }) => !remove).map(({ word }) => ({ name: word.split('=')[0] ?? word, ...(word.includes('=') ? { version: word.slice(word.indexOf('=') + 1) } : {}) }));
  const plan = planPackages(linux, wanted, asked.filter(({ remove }) => remove).map(({ word }) => word.replace(/-$/, '')));
  await context.out('Reading package lists...\nBuilding dependency tree...\nReading state information...\n');
  if (typeof plan === 'string') {
    await context.err(plan.includes('=') ? `E: Version '${plan.split('=')[1] ?? ''}' for '${plan.split('=')[0] ?? ''}' was not found\n` : `E: Unable to locate package ${plan}\n`);
    return 100;
  }
  for (const { name } of wanted) if (linux.packages.has(name) && !plan.install.some((one) => one.name === name)) await context.out(`${name} is already the newest version (${linux.packages.get(name) ?? ''}).\n`);
  await context.out(`${summary(plan)}0 upgraded, ${plan.install.length} newly installed, ${plan.remove.length} to remove and 0 not upgraded.\n`);
  if (simulated) {
    await context.out([
      ...plan.remove.map((name) => `Remv ${name} [${linux.packages.get(name) ?? ''}]\n`),
      ...plan.install.map(({ name, version }) => `Inst ${name} (${version} Debian:12/stable [amd64])\n`), ...plan.install.map(({ name, version }) => `Conf ${name} (${version} Debian:12/stable [amd64])\n`),
    ].join(''));
    return 0;
  }
  if (plan.install.length + plan.remove.length > 0 && !call.flags.has('y') && !call.flags.has('yes') && !call.flags.has('assume-yes')) {
    await context.out('Do you want to continue? [Y/n] ');
    if (/^n/i.test((await context.readLine()) ?? 'n')) return (await context.out('Abort.\n'), 1);
  }
  const status = statusWriter(context, call);
  if (!call.flags.has('no-download')) await download(context, plan.install, status);
  if (call.flags.has('d') || call.flags.has('download-only')) return (await context.out('Download complete and in download only mode\n'), 0);
  return unpack(context, plan, status);
}

const summary = ({ install, additional, remove }: PackagePlan): string => [
  ...(additional.length === 0 ? [] : [`The following additional packages will be installed:\n  ${additional.join(' ')}\n`]),
  ...(remove.length === 0 ? [] : [`The following packages will be REMOVED:\n  ${remove.join(' ')}\n`]),
  ...(install.length === 0 ? [] : [`The following NEW packages will be installed:\n  ${install.map(({ name }) => name).sort().join(' ')}\n`]),
].join('');

/** Where APT::Status-Fd asks progress to go. */
function statusWriter(context: ProgramContext, { settings }: AptCall): (line: string) => Promise<void> {
  const fd = Number(settings.get('APT::Status-Fd') ?? NaN);
  return async (line) => {
    if (!Number.isNaN(fd)) await context.write(fd, `${line}\n`);
  };
}

async function download(context: ProgramContext, packages: readonly ArchivePackage[], status: (line: string) => Promise<void>): Promise<void> {
  if (packages.length === 0) return;
  await context.out(`Need to get ${megabytes(packages)} MB of archives.\nAfter this operation, ${(Number(megabytes(packages)) * 5).toFixed(1)} MB of additional disk space will be used.\n`);
  for (const [index, { name, version, sizeKb }] of packages.entries()) {
    await context.out(`Get:${index + 1} ${source} bookworm/main amd64 ${name} amd64 ${version} [${(sizeKb / 1000).toFixed(1)} MB]\n`);
    await status(`dlstatus:${index + 1}:${((index / packages.length) * 100).toFixed(4)}:Retrieving file ${index + 1} of ${packages.length}`);
    await context.process.sleep(sizeKb > 10_000 ? 400 : 120);
  }
  await context.out(`Fetched ${megabytes(packages)} MB in 1s (52.4 MB/s)\n`);
}

async function unpack(context: ProgramContext, plan: PackagePlan, status: (line: string) => Promise<void>): Promise<number> {
  const { linux } = context;
  const steps = plan.remove.length + plan.install.length * 2;
  let done = 0;
  const at = (): string => ((done++ / steps) * 100).toFixed(4);
  for (const name of plan.remove) {
    await status(`pmstatus:${name}:${at()}:Removing ${name} (amd64)`);
    await context.out(`Removing ${name} (${linux.packages.get(name) ?? ''}) ...\n`);
    await context.process.sleep(120);
    removePackage(linux, name);
  }
  for (const { name, version } of plan.install) {
    await status(`pmstatus:${name}:${at()}:Unpacking ${name} (amd64)`);
    await context.out(`Selecting previously unselected package ${name}.\nPreparing to unpack .../${name}_${version.replace(/^\d+:/, '')}_amd64.deb ...\nUnpacking ${name} (${version}) ...\n`);
    await context.process.sleep(150);
  }
  for (const one of plan.install) {
    await status(`pmstatus:${one.name}:${at()}:Installed ${one.name} (amd64)`);
    await context.out(`Setting up ${one.name} (${one.version}) ...\n`);
    installPackage(linux, one);
    await context.process.sleep(150);
  }
  const kernels = plan.install.some(({ kernel }) => kernel !== undefined) || plan.remove.some((name) => name.startsWith('linux-image-'));
  if (!kernels) return 0;
  await context.out('/etc/kernel/postinst.d/initramfs-tools:\n/etc/kernel/postinst.d/zz-update-grub:\n');
  return (await captureOutput(context, ['/usr/sbin/update-grub'])).status === 0 ? 0 : 100;
}

async function aptCache(context: ProgramContext): Promise<number> {
  const { command, operands } = parseCall(context.args);
  const { linux } = context;
  for (const name of operands) {
    const found = archivePackage(linux, name);
    const installed = linux.packages.get(name);
    if (command === 'madison') await context.out(found === undefined ? '' : ` ${name.padStart(10)} | ${found.version} | ${source} bookworm/main amd64 Packages\n`);
    else if (command === 'policy') await context.out(found === undefined && installed === undefined ? '' : `${name}:\n  Installed: ${installed ?? '(none)'}\n  Candidate: ${found?.version ?? installed ?? '(none)'}\n`);
    else if (command === 'show') {
      if (found === undefined) return (await context.err(`E: No packages found\n`), 100);
      await context.out(`Package: ${name}\nVersion: ${found.version}\nArchitecture: amd64\nDepends: ${(found.depends ?? []).join(', ')}\n\n`);
    }
  }
  if (command === 'search') await context.out((linux.spec.archive ?? []).filter(({ name }) => name.includes(operands[0] ?? '')).map(({ name }) => `${name} - a package of the practice archive\n`).join(''));
  return 0;
}

async function dpkgDeb(context: ProgramContext): Promise<number> {
  const file = context.args.find((arg) => arg.includes('.')) ?? '';
  return context.fail(diskText(context.linux, context.path(file)) === '' ? `error: failed to read archive '${file}': No such file or directory` : `error: '${file}' is not a Debian format archive`, 2);
}

export const aptPrograms: readonly Program[] = [
  { path: '/usr/bin/apt-get', run: apt }, { path: '/usr/bin/apt', run: apt }, { path: '/usr/bin/apt-cache', run: aptCache }, { path: '/usr/bin/dpkg-deb', run: dpkgDeb }, { path: '/usr/bin/apt-mark', run: async () => 0 },
];
