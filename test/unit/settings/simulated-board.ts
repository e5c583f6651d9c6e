import type { Action, ProposedStep } from '../../../shared/model/plan.ts';

/**
 * A board as the text of its capture, changed by steps as a real one would be: files and units show where the probe
 * reads them, values as the kernel shows them, and keepers do what their scripts do. Pure: gives a new text.
 */
export function applied(text: string, steps: readonly ProposedStep[]): string {
  return steps.reduce((now, { action }) => applyOne(now, action), text);
}

/** What a start does with what was written: modules take their options, the journal its storage. */
export function restarted(text: string): string {
  let now = text;
  for (const line of linesBelow(text, 'etc/modprobe.d/')) {
    const [, module, parameter, value] = /^options (\w+) (\w+)=(\S+)$/.exec(line) ?? [];
    if (module !== undefined && parameter !== undefined && value !== undefined && fileIn(now, `sys/module/${module}/parameters/${parameter}`) !== null) now = withFile(now, `sys/module/${module}/parameters/${parameter}`, [value]);
  }
  if (linesBelow(text, 'etc/systemd/journald.conf.d/').includes('Storage=volatile')) now = withNames(withoutNames(now, /^\|var\/log\/journal\//), ['run/log/journal/0/system.journal']);
  return now;
}

function applyOne(text: string, action: Action): string {
  switch (action.kind) {
    case 'file': return withFile(text, action.path.slice(1), action.content?.data.replace(/\n$/, '').split('\n') ?? null);
    case 'value': {
      const before = fileIn(text, action.path.slice(1));
      if (before === null) throw new Error(`${action.path} is not there`);
      const shown = /\[.*\]/.test(before) ? before.replace(/[[\]]/g, '').replace(new RegExp(`\\b${action.value}\\b`), `[${action.value}]`) : before.includes('\t') ? action.value.replaceAll(' ', '\t') : action.value;
      if (![action.value, ...action.readsAs].includes(shown)) throw new Error(`${action.path} would read back as ${shown}`);
      return withFile(text, action.path.slice(1), [shown]);
    }
    case 'unit': return withUnit(text, action);
    case 'generate': return text;
    case 'packages': return installed(text, action.install);
    case 'network': return withNetwork(text, action);
    case 'group-member': return text.split('\n').map((line) => (line.startsWith(`etc/group:${action.group}:`) ? `${line}${line.endsWith(':') ? '' : ','}${action.user}` : line)).join('\n');
    case 'module': return withNames(withFile(text, `sys/module/${action.module}/parameters/x`, ['0']), action.module.startsWith('kvm_') ? ['dev/kvm'] : []);
    default: throw new Error(`no setting of the running system asks for ${action.kind}`);
  }
}

/** What the packages of a board with APT bring: tools, units that run from then on, a group, the network's definition. */
const brought: Readonly<Record<string, (text: string) => string>> = {
  'qemu-system-x86': (text) => withTools(text, ['/usr/bin/qemu-system-x86_64']), 'libvirt-clients': (text) => withTools(text, ['/usr/bin/virsh']), virtinst: (text) => withTools(text, ['/usr/bin/virt-install']),
  'qemu-utils': (text) => withTools(text, ['/usr/bin/qemu-img']), xorriso: (text) => withTools(text, ['/usr/bin/xorrisofs']), 'osinfo-db-tools': (text) => withTools(text, ['/usr/bin/osinfo-db-import']),
  'osinfo-db': (text) => withFile(text, 'usr/share/osinfo/VERSION', ['20221203']), 'rt-tests': (text) => withTools(text, ['/usr/bin/cyclictest']), 'stress-ng': (text) => withTools(text, ['/usr/bin/stress-ng']),
  'libvirt-daemon-system': (text) => withNames(withFile(text, 'etc/group', ['libvirt:x:121:']), ['lib/systemd/system/libvirtd.service', 'lib/systemd/system/libvirtd.socket', 'run/libvirt/libvirt-sock', 'etc/libvirt/qemu/networks/default.xml',
    'etc/systemd/system/multi-user.target.wants/libvirtd.service', 'etc/systemd/system/sockets.target.wants/libvirtd.socket']),
};

const installed = (text: string, packages: readonly string[]) => packages.reduce((now, name) => (brought[name] ?? ((same: string) => same))(now), text);
const withTools = (text: string, paths: readonly string[]) => beforeEnd(text, ['@@ tools', ...paths]);

function withNetwork(text: string, { name, xml, active, autostart }: Extract<Action, { kind: 'network' }>): string {
  const path = `etc/libvirt/qemu/networks/${name}.xml`;
  const defined = xml === null ? text : withFile(withNames(text, [path]), path, xml.trimEnd().split('\n'));
  if (!defined.includes(`|${path}`)) throw new Error(`libvirt does not know the network ${name}`);
  return withNames(defined, [...(autostart ? [`etc/libvirt/qemu/networks/autostart/${name}.xml`] : []), ...(active ? [`run/libvirt/network/${name}.xml`] : [])]);
}

function withUnit(text: string, { unit, enabled, active }: Extract<Action, { kind: 'unit' }>): string {
  let now = text;
  if (enabled !== null) now = withoutNames(now, new RegExp(`^\\|etc/systemd/system/[^/]+\\.wants/${unit}$`));
  if (enabled === true) now = withNames(now, [`etc/systemd/system/${unit.endsWith('.timer') ? 'timers' : unit.endsWith('.socket') ? 'sockets' : 'multi-user'}.target.wants/${unit}`]);
  const socket = /^(libvirt|virt[a-z]+)d\.socket$/.exec(unit)?.[0];
  if (active === true && socket !== undefined) now = withNames(now, [socket === 'libvirtd.socket' ? 'run/libvirt/libvirt-sock' : `run/libvirt/${socket.replace('.socket', '')}-sock`]);
  if (active !== null) now = withoutNames(now, new RegExp(`^\\|sys/fs/cgroup/(?:systemd/)?system\\.slice/${unit}$`));
  if (active === true && unit.endsWith('.service')) now = withNames(now, [`sys/fs/cgroup/system.slice/${unit}`]);
  const keeper = /^rtvm-bench-(.*)\.timer$/.exec(unit)?.[1];
  return active === true && keeper !== undefined ? kept(now, keeper) : now;
}

/** One pass of a keeper. */
function kept(text: string, keeper: string): string {
  const argument = linesBelow(text, `etc/systemd/system/rtvm-bench-${keeper}.service`).find((line) => line.startsWith('ExecStart='))?.split(' ')[1];
  if (argument === undefined || !text.includes(`usr/local/lib/rtvm-bench/${keeper}:`)) throw new Error(`${keeper} was started before its files were written`);
  const rewrite = (pattern: RegExp, change: (match: RegExpExecArray) => string) => text.split('\n').map((line) => {
    const match = pattern.exec(line);
    return match === null ? line : change(match);
  }).join('\n');
  switch (keeper) {
    case 'irq-affinity': {
      const fixed = new Set([...text.matchAll(/^proc\/interrupts:\s*(\d+):.*(?:virtio\d+-req\.|nvme\d+q[1-9]|vfio-)/gm)].map((match) => match[1]));
      return rewrite(/^proc\/irq\/(\d+)\/(smp|effective)_affinity_list:/, (match) => (fixed.has(match[1]) ? match.input : `${match[0]}${argument}`));
    }
    case 'kthread-affinity': return rewrite(/^proc\/\d+\/status:Cpus_allowed_list:/, (match) => (match[0].startsWith('proc/1/') ? match.input : `${match[0]}\t${argument}`));
    case 'irq-threads': return rewrite(/^(proc\/\d+\/stat:\d+ \(irq\/.*\) (?:\S+ ){37})\S+ \S+/, (match) => `${match[1] ?? ''}${argument} 1${match.input.slice(match[0].length)}`);
    default: throw new Error(`no keeper ${keeper}`);
  }
}

const fileIn = (text: string, path: string): string | null => text.split('\n').find((line) => line.startsWith(`${path}:`))?.slice(path.length + 1) ?? null;
const linesBelow = (text: string, start: string): string[] => text.split('\n').filter((line) => line.startsWith(start)).map((line) => line.slice(line.indexOf(':') + 1));
const beforeEnd = (text: string, added: readonly string[]) => text.replace(/@@ end\n?$/, [...added, '@@ end', ''].join('\n'));
const withoutNames = (text: string, pattern: RegExp) => text.split('\n').filter((line) => !pattern.test(line)).join('\n');
const withNames = (text: string, names: readonly string[]) => beforeEnd(text, ['@@ exists', ...names.map((name) => `|${name}`)]);

function withFile(text: string, path: string, lines: readonly string[] | null): string {
  const without = text.split('\n').filter((line) => !line.startsWith(`${path}:`)).join('\n');
  return lines === null ? without : beforeEnd(without, ['@@ files', ...lines.map((line) => `${path}:${line}`)]);
}
