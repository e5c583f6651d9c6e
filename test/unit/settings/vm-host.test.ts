import { describe, expect, test } from 'vitest';
import type { ProposedStep } from '../../../shared/model/plan.ts';
import type { GuideId, SettingReport } from '../../../shared/model/setting.ts';
import { parseCapture } from '../../../shared/parsers/capture.ts';
import { snapshotOf } from '../../../shared/parsers/snapshot/snapshot.ts';
import { proposeChanges } from '../../../shared/planning/propose-changes.ts';
import { checkGuide, type CheckRequest } from '../../../shared/settings/check-guide.ts';
import { boardText } from './board-text.ts';
import { applied } from './simulated-board.ts';

interface Parts {
  readonly files?: Readonly<Record<string, string>>;
  readonly names?: readonly string[];
  readonly tools?: readonly string[];
  readonly session?: string;
  readonly unread?: readonly string[];
  readonly probe?: number;
}

const units = ['libvirtd.service', 'libvirtd.socket'].map((unit) => `lib/systemd/system/${unit}`);
const enabled = ['multi-user.target.wants/libvirtd.service', 'sockets.target.wants/libvirtd.socket'].map((name) => `etc/systemd/system/${name}`);
const network = ['etc/libvirt/qemu/networks/default.xml', 'etc/libvirt/qemu/networks/autostart/default.xml', 'run/libvirt/network/default.xml'];
const tools = ['virsh', 'virt-install', 'qemu-system-x86_64', 'qemu-img', 'xorrisofs', 'osinfo-db-import', 'cyclictest', 'stress-ng'].map((name) => `/usr/bin/${name}`);
const networkXml = "<network>\n  <name>default</name>\n  <bridge name='virbr0' stp='on' delay='0'/>\n</network>";
const base = ['run/systemd/system', 'dev/kvm', 'sys/fs/cgroup/system.slice/ssh.service'];

/** A Debian host with libvirt, as the probe reads it; `alice` logged in. Parts replace what is there. */
function host({ files = {}, names = [...units, ...enabled, ...network, 'run/libvirt/libvirt-sock'], tools: found = tools, session = 'user alice\nuid 1000\ngroups 1000 121', unread = [], probe = 2 }: Parts = {}): string {
  const text = boardText({ '/var/lib/dpkg/status': 'Status: install ok installed', '/usr/share/osinfo/VERSION': '20221203', '/etc/group': 'libvirt:x:121:alice', ...files }, [...base, ...names]);
  const part = (name: string, lines: readonly string[]) => [`@@ ${name}`, ...lines.map((line) => `|${line}`)];
  return text.replace('RTVM-BENCH-CAPTURE 1\n', ['RTVM-BENCH-CAPTURE 1', ...part('about', [`probe ${String(probe)}`]), ...part('session', session.split('\n')), ...part('unread', unread), '@@ tools', ...found, ''].join('\n'));
}

const withoutLibvirt = { names: [], tools: [], files: { '/usr/share/osinfo/VERSION': '', '/etc/group': 'kvm:x:104:' } };

function request(text: string, guide: GuideId = 'kvm-host'): CheckRequest {
  const capture = parseCapture(text);
  if (!capture.ok) throw capture.error;
  return { capture: capture.value, snapshot: snapshotOf(capture.value), guide, housekeeping: [0, 1] };
}

const report = (id: string, text: string, guide: GuideId = 'kvm-host'): SettingReport | undefined => checkGuide(request(text, guide)).settings.find((setting) => setting.id === id);
const actions = (steps: readonly ProposedStep[]) => steps.map(({ action }) => action);
const proposal = (text: string, ...ids: string[]) => proposeChanges(request(text), ids);

const ready = ['kvm', 'packages', 'libvirt', 'libvirt-group', 'default-network'].map((name) => `hypervisor.${name}`);

describe('a host that is ready', () => {
  test.each(ready)('%s is in order', (id) => {
    expect(report(id, host())).toMatchObject({ status: 'ok', stuckAt: null });
  });
  test('the settings come in the order of work', () => {
    const ids = checkGuide(request(host())).settings.map(({ id }) => id).filter((id) => id.startsWith('hypervisor.'));
    expect(ids.slice(0, 6)).toEqual([...ready, 'hypervisor.osinfo']);
  });
  test('a reading by an older probe tells nothing of it, and says so', () => {
    for (const id of ready.slice(1)) {
      expect(report(id, host({ probe: 1 }))).toMatchObject({ status: 'unknown', fix: null });
      expect(report(id, host({ probe: 1 }))?.message).toContain('older probe');
    }
  });
  test('so does one that was cut off', () => {
    expect(report('hypervisor.libvirt', host().replace(/@@ end\n$/, ''))?.status).toBe('unknown');
  });
});

describe('a board without libvirt', () => {
  test('names what is missing and the packages that bring it', () => {
    const found = report('hypervisor.packages', host(withoutLibvirt));
    expect(found).toMatchObject({ status: 'change', fix: 'apt-get install qemu-system-x86 libvirt-daemon-system dnsmasq-base libvirt-clients libxml2-utils virtinst qemu-utils xorriso osinfo-db osinfo-db-tools' });
    expect(report('hypervisor.libvirt', host(withoutLibvirt))).toMatchObject({ status: 'manual' });
    expect(report('hypervisor.default-network', host(withoutLibvirt))).toMatchObject({ status: 'manual' });
  });
  test('nothing is installed unasked', () => {
    expect(proposeChanges(request(host(withoutLibvirt)), 'attention').steps.filter(({ action }) => action.kind === 'packages' || action.kind === 'group-member')).toEqual([]);
  });
  test('asked for, one call installs it all, before the daemon is enabled and the log-in made a member', () => {
    const asked = proposal(host(withoutLibvirt), 'hypervisor.libvirt-group', 'hypervisor.libvirt', 'hypervisor.packages', 'runtime.measuring-tools');
    expect(asked.refused).toEqual([]);
    expect(asked.steps.map(({ action }) => action.kind)).toEqual(['packages', 'unit', 'unit', 'group-member']);
    const [install] = asked.steps;
    expect(install?.title).toContain('libvirt-daemon-system');
    expect(install?.title).toContain('rt-tests');
    expect(install?.settings).toEqual(['hypervisor.libvirt-group', 'hypervisor.libvirt', 'hypervisor.packages', 'runtime.measuring-tools']);
    const after = applied(host(withoutLibvirt), asked.steps);
    expect([report('hypervisor.packages', after)?.status, report('hypervisor.libvirt', after)?.status]).toEqual(['ok', 'ok']);
    // The network follows once libvirt is there to be asked.
    expect(proposal(host(withoutLibvirt), 'hypervisor.default-network').refused[0]?.next).toContain('Install the packages for VMs first');
    const then = proposal(after, 'hypervisor.default-network');
    expect(actions(then.steps)).toEqual([{ kind: 'network', name: 'default', xml: null, active: true, autostart: true }]);
    expect(report('hypervisor.default-network', applied(after, then.steps))?.status).toBe('ok');
  });
  test('RHEL has other packages', () => {
    const files = { '/etc/os-release': 'ID="rhel"\nVERSION_ID="9.4"\nID_LIKE="fedora"', '/etc/redhat-release': 'Red Hat Enterprise Linux release 9.4', '/var/lib/dpkg/status': '', ...withoutLibvirt.files };
    const text = host({ ...withoutLibvirt, files }).split('\n').filter((line) => !line.startsWith('var/lib/dpkg')).join('\n');
    const { steps } = proposal(text, 'hypervisor.libvirt');
    expect(steps[0]?.action).toMatchObject({ kind: 'packages', install: expect.arrayContaining(['qemu-kvm', 'libvirt', 'virt-install']) });
    expect(actions(steps).flatMap((action) => (action.kind === 'unit' ? [action.unit] : []))).toEqual(['virtqemud.service', 'virtnetworkd.service', 'virtqemud.socket', 'virtnetworkd.socket', 'virtstoraged.socket']);
  });
  test('a root that forgets refuses packages, with the reason', () => {
    const { steps, refused } = proposal(host({ ...withoutLibvirt, files: { ...withoutLibvirt.files, '/proc/mounts': 'overlay / overlay rw 0 0' } }), 'hypervisor.packages');
    expect(steps).toEqual([]);
    expect(refused[0]?.why).toContain('gone after the next start');
  });
});

describe('libvirt’s daemons', () => {
  const parts = ['qemu', 'network', 'storage', 'nodedev'];
  const modularUnits = parts.flatMap((part) => [`usr/lib/systemd/system/virt${part}d.service`, `usr/lib/systemd/system/virt${part}d.socket`]);
  const listening = ['qemu', 'network', 'storage'].map((part) => `run/libvirt/virt${part}d-sock`);

  test('modular: nothing listens', () => {
    const text = host({ names: modularUnits });
    expect(report('hypervisor.libvirt', text)).toMatchObject({ status: 'change', stuckAt: 'written', states: { effective: 'nothing listens at /run/libvirt/virtqemud-sock, /run/libvirt/virtnetworkd-sock, /run/libvirt/virtstoraged-sock' } });
    const { steps } = proposal(text, 'hypervisor.libvirt');
    expect(actions(steps)).toEqual([
      ...['qemu', 'network'].map((part) => ({ kind: 'unit', unit: `virt${part}d.service`, enabled: true, active: null })),
      ...parts.map((part) => ({ kind: 'unit', unit: `virt${part}d.socket`, enabled: true, active: true })),
    ]);
    expect(report('hypervisor.libvirt', applied(text, steps))?.status).toBe('ok');
  });
  test('one that listens and is not enabled is enabled, and left as it runs', () => {
    const text = host({ names: [...units, 'run/libvirt/libvirt-sock'] });
    expect(report('hypervisor.libvirt', text)).toMatchObject({ status: 'change', stuckAt: 'written', verdicts: { written: 'bad', effective: 'good' } });
    expect(actions(proposal(text, 'hypervisor.libvirt').steps)).toEqual(['libvirtd.service', 'libvirtd.socket'].map((unit) => ({ kind: 'unit', unit, enabled: true, active: null })));
  });
  test('enabled and silent is stuck in effect', () => {
    expect(report('hypervisor.libvirt', host({ names: [...units, ...enabled] }))).toMatchObject({ status: 'change', stuckAt: 'effective' });
  });
  test('both kinds installed: the one that is enabled counts', () => {
    const wants = [...parts.map((part) => `sockets.target.wants/virt${part}d.socket`), 'multi-user.target.wants/virtqemud.service', 'multi-user.target.wants/virtnetworkd.service'];
    expect(report('hypervisor.libvirt', host({ names: [...units, ...modularUnits, ...listening, ...wants.map((name) => `etc/systemd/system/${name}`)] }))).toMatchObject({ status: 'ok', message: 'libvirt (modular) answers, and starts with the board.' });
  });
});

describe('the group', () => {
  const group = (session: string, line = 'libvirt:x:121:alice') => report('hypervisor.libvirt-group', host({ session, files: { '/etc/group': line } }));

  test('written, and not in effect before the next log-in', () => {
    const found = group('user alice\nuid 1000\ngroups 1000 27');
    expect(found).toMatchObject({ status: 'change', stuckAt: 'effective', verdicts: { written: 'good', effective: 'bad' } });
    expect(found?.fix).toContain('disconnect the board and connect it');
    expect(proposal(host({ session: 'user alice\nuid 1000\ngroups 1000 27' }), 'hypervisor.libvirt-group').refused[0]?.why).toContain('written already');
  });
  test('no member: made one, which holds from the next log-in', () => {
    expect(group('user bob\nuid 1001\ngroups 1001')).toMatchObject({ status: 'change', stuckAt: 'written' });
    const { steps } = proposal(host({ session: 'user bob\nuid 1001\ngroups 1001' }), 'hypervisor.libvirt-group');
    expect(actions(steps)).toEqual([{ kind: 'group-member', user: 'bob', group: 'libvirt', member: true }]);
    expect(steps[0]?.caution).toContain('next log-in');
  });
  test('given by a directory, not by the file', () => {
    expect(group('user carol\nuid 2000\ngroups 2000 121')).toMatchObject({ status: 'ok', states: { written: 'member by other means' } });
  });
  test('a log-in whose groups are not told', () => {
    expect(group('user alice\nuid 1000\ngroups ')).toMatchObject({ status: 'ok', verdicts: { written: 'good', effective: 'unknown' } });
  });
  test('root needs none', () => {
    expect(group('user root\nuid 0\ngroups 0')?.status).toBe('not-applicable');
  });
  test('a name that could be taken for something else is refused', () => {
    expect(proposal(host({ session: 'user DOM\\bob x\nuid 1001\ngroups 1001' }), 'hypervisor.libvirt-group').refused[0]?.why).toContain('not one that can be added');
  });
});

describe('the network', () => {
  const running = [...units, ...enabled, 'run/libvirt/libvirt-sock'];

  test.each([
    ['nothing', [], 'written', { written: 'not defined', effective: 'absent' }],
    ['defined', ['etc/libvirt/qemu/networks/default.xml'], 'written', { written: 'no autostart', effective: 'off' }],
    ['started by hand', ['etc/libvirt/qemu/networks/default.xml', 'run/libvirt/network/default.xml'], 'written', { written: 'no autostart', effective: 'runs' }],
    ['stopped', ['etc/libvirt/qemu/networks/default.xml', 'etc/libvirt/qemu/networks/autostart/default.xml'], 'effective', { written: 'autostart', effective: 'off' }],
  ])('%s', (_what, names, stuckAt, states) => {
    expect(report('hypervisor.default-network', host({ names: [...running, ...names] }))).toMatchObject({ status: 'change', stuckAt, states });
  });
  test.each(['/usr/share/libvirt/networks/default.xml', '/etc/libvirt/qemu/networks/default.xml'])('defined from %s', (path) => {
    const names = path.startsWith('/usr') ? [path.slice(1)] : [];
    const text = host({ names: [...running, ...names], files: { [path]: networkXml } });
    const [action] = actions(proposal(text, 'hypervisor.default-network').steps);
    expect(action).toEqual({ kind: 'network', name: 'default', xml: `${networkXml}\n`, active: true, autostart: true });
  });
  test('without a template the package that has it comes first', () => {
    const { steps } = proposal(host({ names: running }), 'hypervisor.default-network');
    expect(actions(steps)).toEqual([
      { kind: 'packages', install: ['libvirt-daemon-config-network', 'dnsmasq-base'], remove: [], source: { kind: 'board' } },
      { kind: 'network', name: 'default', xml: null, active: true, autostart: true },
    ]);
  });
  test('seen by its bridge where the folder of running networks was not listed', () => {
    const text = host({ names: [...running, ...network.slice(0, 2)], files: { '/etc/libvirt/qemu/networks/default.xml': networkXml, '/sys/class/net/virbr0/operstate': 'down' }, unread: ['run/libvirt/network: Permission denied'] });
    expect(report('hypervisor.default-network', text)).toMatchObject({ status: 'ok', states: { effective: 'runs (virbr0)' } });
  });
  test('another network that runs and stays does as well', () => {
    const other = network.map((path) => path.replace('default.xml', 'lab.xml'));
    expect(report('hypervisor.default-network', host({ names: [...running, ...other] }))).toMatchObject({ status: 'ok', message: 'The network lab runs, and starts with the board.' });
  });
  test('without root it is not known', () => {
    expect(report('hypervisor.default-network', host({ names: running, unread: ['etc/libvirt/qemu: Permission denied', 'etc/libvirt/qemu/networks: Permission denied'] }))?.status).toBe('unknown');
  });
  test('a silent libvirt cannot start one', () => {
    expect(proposal(host({ names: [...units, ...enabled] }), 'hypervisor.default-network').refused[0]?.next).toContain('libvirt is running');
  });
});

describe('KVM', () => {
  const noKvm = { '/proc/cpuinfo': 'flags\t\t: fpu vmx constant_tsc nonstop_tsc' };
  const kvm = (files: Readonly<Record<string, string>>, messages = '') => report('hypervisor.kvm', boardText(files, ['run/systemd/system']).replace('@@ end', `@@ command dmesg\n|${messages}\n@@ end`));

  test('off in the firmware', () => {
    expect(kvm({ '/proc/cpuinfo': 'flags\t\t: fpu constant_tsc' })).toMatchObject({ status: 'blocked', stuckAt: 'effective' });
    expect(kvm({ '/proc/cpuinfo': 'flags\t\t: fpu hypervisor' })?.message).toContain('its host gives it no virtualisation');
    expect(kvm(noKvm, '[    5.0] kvm: VMX disabled by BIOS')?.message).toContain('off and locked');
  });
  test('a real-time kernel without a constant counter', () => {
    expect(kvm({ '/proc/cpuinfo': 'flags\t\t: fpu svm' })?.message).toContain('PREEMPT_RT kernel refuses KVM');
    expect(kvm(noKvm, '[    5.0] kvm: RT requires X86_FEATURE_CONSTANT_TSC')?.evidence).toEqual(['dmesg: [    5.0] kvm: RT requires X86_FEATURE_CONSTANT_TSC']);
  });
  test('kept from loading by a file', () => {
    expect(kvm({ ...noKvm, '/etc/modprobe.d/no-kvm.conf': 'blacklist kvm_intel' })).toMatchObject({ status: 'blocked', fix: 'Take that line out of /etc/modprobe.d/no-kvm.conf, then read the board again.' });
  });
  test('not loaded: loaded now and with every start, when it is asked for', () => {
    const text = boardText(noKvm, ['run/systemd/system']);
    expect(report('hypervisor.kvm', text)?.status).toBe('change');
    const { steps } = proposal(text, 'hypervisor.kvm');
    expect(actions(steps)).toMatchObject([{ kind: 'file', path: '/etc/modules-load.d/rtvm-bench-kvm.conf' }, { kind: 'module', module: 'kvm_intel', loaded: true }]);
    expect(report('hypervisor.kvm', applied(text, steps))?.status).toBe('ok');
  });
});

describe('promised once', () => {
  const domain = (name: string, pins: readonly string[], memoryKib: number, more = '') => [
    "<domain type='kvm'>", `  <name>${name}</name>`, `  <memory unit='KiB'>${String(memoryKib)}</memory>`, more, `  <vcpu placement='static'>${String(pins.length)}</vcpu>`,
    ...pins.map((cpuset, vcpu) => `    <vcpupin vcpu='${String(vcpu)}' cpuset='${cpuset}'/>`), "    <memory mode='strict' nodeset='0'/>",
  ].filter((line) => line !== '').join('\n');
  const gib = 2 ** 20;
  const vms = (files: Readonly<Record<string, string>>, names: readonly string[] = []) => host({ names, files: { '/proc/meminfo': `MemTotal:       ${String(8 * gib)} kB`, ...files } });

  test('two running vCPUs on one isolated CPU', () => {
    const text = vms({ '/run/libvirt/qemu/rt.xml': domain('rt', ['2', '3'], gib), '/run/libvirt/qemu/load.xml': domain('load', ['3'], gib) });
    expect(report('hypervisor.no-overcommit', text)).toMatchObject({ status: 'change', stuckAt: 'booted', states: { booted: 'shared: CPU 3' }, message: 'On one CPU, and running: CPU 3 (rt/1, load/0).' });
  });
  test('a list of isolated CPUs is shared by all that have it', () => {
    expect(report('hypervisor.no-overcommit', vms({ '/run/libvirt/qemu/rt.xml': domain('rt', ['2-3', '2-3'], gib) }))?.states.booted).toBe('shared: CPU 2-3');
  });
  test('both start with the board', () => {
    const text = vms({ '/etc/libvirt/qemu/a.xml': domain('a', ['2'], gib), '/etc/libvirt/qemu/b.xml': domain('b', ['2'], gib) }, ['etc/libvirt/qemu/autostart/a.xml', 'etc/libvirt/qemu/autostart/b.xml']);
    expect(report('hypervisor.no-overcommit', text)).toMatchObject({ status: 'change', stuckAt: 'written', verdicts: { written: 'bad', booted: 'good' } });
  });
  test('VMs that need not run at once, and housekeeping CPUs, are no matter', () => {
    const found = report('hypervisor.no-overcommit', vms({ '/etc/libvirt/qemu/a.xml': domain('a', ['2', '0'], gib), '/etc/libvirt/qemu/b.xml': domain('b', ['2', '0'], gib) }));
    expect(found).toMatchObject({ status: 'ok' });
    expect(found?.message).toContain('if these ran at once: CPU 2 (a/0, b/0)');
  });
  test('more memory than there is', () => {
    const text = vms({ '/run/libvirt/qemu/rt.xml': domain('rt', ['2'], 5 * gib), '/run/libvirt/qemu/load.xml': domain('load', ['3'], 3 * gib) });
    expect(report('hypervisor.memory', text)).toMatchObject({ status: 'change', stuckAt: 'booted', states: { booted: '8.0 GiB of 7.0 GiB' } });
  });
  test('memory on huge pages is taken off once', () => {
    const files = { '/sys/kernel/mm/hugepages/hugepages-1048576kB/nr_hugepages': '4', '/sys/kernel/mm/hugepages/hugepages-1048576kB/free_hugepages': '0' };
    const text = vms({ ...files, '/run/libvirt/qemu/rt.xml': domain('rt', ['2'], 4 * gib, '  <hugepages>'), '/run/libvirt/qemu/load.xml': domain('load', ['3'], 2 * gib) });
    expect(report('hypervisor.memory', text)).toMatchObject({ status: 'ok', states: { booted: '2.0 GiB of 3.0 GiB' } });
  });
  test('no VM, or none that may be read', () => {
    expect(report('hypervisor.memory', vms({}))?.status).toBe('not-applicable');
    expect(report('hypervisor.no-overcommit', host({ unread: ['etc/libvirt/qemu: Permission denied'] }))?.status).toBe('unknown');
  });
});

describe('interrupts and devices', () => {
  const intel = (apicv: string, vmx: string, cap: string) => report('hypervisor.interrupt-delivery', boardText({
    '/proc/cpuinfo': `flags\t\t: fpu vmx x2apic constant_tsc\nvmx flags\t: ${vmx}`, '/sys/module/kvm_intel/parameters/enable_apicv': apicv, '/sys/class/iommu/dmar0/intel-iommu/cap': cap,
  }));

  test('APICv with posted interrupts of devices', () => {
    expect(intel('Y', 'vnmi posted_intr apicv vid', '8d2078c106f0466')).toMatchObject({ status: 'ok', message: 'APICv on; interrupts of passed-through devices posted; x2APIC there.' });
    expect(intel('Y', 'vnmi posted_intr apicv vid', 'd2078c106f0466')?.states.effective).toContain('not posted');
  });
  test('off although the processor can', () => {
    expect(intel('N', 'vnmi posted_intr apicv vid', 'd2078c106f0466')).toMatchObject({ status: 'change', stuckAt: 'effective' });
    const text = boardText({ '/proc/cpuinfo': 'flags\t\t: fpu svm avic constant_tsc', '/sys/module/kvm_amd/parameters/avic': '0', '/proc/modules': 'kvm_amd 1 0 - Live 0x0' });
    expect(actions(proposal(text, 'hypervisor.interrupt-delivery').steps)).toMatchObject([{ kind: 'file', path: '/etc/modprobe.d/zz-rtvm-bench-interrupt-delivery.conf', content: { data: expect.stringContaining('options kvm_amd avic=1') } }]);
  });
  test('off as the processor has none is told, and no fault', () => {
    expect(intel('N', 'vnmi preemption_timer', 'd2078c106f0466')).toMatchObject({ status: 'ok', fix: null });
  });
  test('nested virtualisation costs something with AMD before 5.19 only', () => {
    const nested = (module: string, release: string, value: string) => report('hypervisor.nested', boardText({ [`/sys/module/${module}/parameters/nested`]: value, '/proc/sys/kernel/osrelease': release }))?.status;
    expect([nested('kvm_intel', '5.10.0', 'Y'), nested('kvm_amd', '5.15.0-rt', '1'), nested('kvm_amd', '6.1.0', '1'), nested('kvm_amd', '5.15.0', '0')]).toEqual(['ok', 'change', 'ok', 'ok']);
  });

  const pci = (address: string, kind: string, driver: string) => [`${address} Ethernet controller [${kind}]: Maker Thing [8086:1593]`, '\tCapabilities: [50] MSI: Enable- Count=1/1', `\tKernel driver in use: ${driver}`].join('\n|');
  const iommu = (devices: string, groups: readonly string[], files: Readonly<Record<string, string>> = {}) => report('hypervisor.passthrough', boardText(files, [
    'sys/class/iommu', 'sys/class/iommu/dmar0', ...groups.map((group) => `sys/kernel/iommu_groups/${group}`), ...groups.map((group) => `sys/bus/pci/devices/${group.split('/').at(-1) ?? ''}`), 'sys/bus/pci/devices/0000:03:00.1/physfn',
  ]).replace('@@ end', `@@ command lspci\n|${devices}\n@@ status 0\n@@ end`));

  test('devices with a group of their own and message interrupts are named', () => {
    const found = iommu([pci('0000:03:00.0', '0200', 'ice'), pci('0000:03:00.1', '0200', 'iavf'), pci('0000:04:00.0', '0200', 'igb'), pci('0000:04:00.1', '0200', 'igb')].join('\n|'), [
      '7/devices/0000:03:00.0', '8/devices/0000:03:00.1', '9/devices/0000:04:00.0', '9/devices/0000:04:00.1',
    ], { '/sys/bus/pci/devices/0000:03:00.0/sriov_totalvfs': '16', '/sys/bus/pci/devices/0000:03:00.0/sriov_numvfs': '1' });
    expect(found).toMatchObject({ status: 'ok', states: { effective: '2 of 4 devices, 3 groups' } });
    expect(found?.message).toContain('0000:03:00.1 Ethernet controller: Maker Thing (virtual function), iavf');
    expect(found?.message).toContain('Virtual functions (SR-IOV): 0000:03:00.0 (1 of 16).');
  });
  test('pci-stub, and interrupts that are not remapped', () => {
    expect(iommu(pci('0000:03:00.0', '0200', 'pci-stub'), ['7/devices/0000:03:00.0'])).toMatchObject({ status: 'change' });
    expect(iommu(pci('0000:03:00.0', '0200', 'igb'), ['7/devices/0000:03:00.0'], { '/sys/module/vfio_iommu_type1/parameters/allow_unsafe_interrupts': 'Y' })?.message).toContain('not remapped');
  });
});

describe('what hurts', () => {
  const hurts = (id: string, files: Readonly<Record<string, string>>, messages: readonly string[] = [], guide: GuideId = 'kvm-host') =>
    report(id, host({ files }).replace('@@ end', ['@@ command dmesg', '|Linux version 6.1', ...messages.map((line) => `|${line}`), '@@ end'].join('\n')), guide);
  const stable = { '/proc/cpuinfo': 'flags\t\t: fpu constant_tsc nonstop_tsc' };

  test('a counter that was given up, that stops, or that changes its pace', () => {
    expect(hurts('kernel.stable-tsc', stable)).toMatchObject({ status: 'ok' });
    expect(hurts('kernel.stable-tsc', stable, ['[    9.0] clocksource: timekeeping watchdog on CPU3: Marking clocksource \'tsc\' as unstable because the skew is too large:'])).toMatchObject({ status: 'blocked', states: { effective: 'given up' } });
    expect(hurts('kernel.stable-tsc', { '/proc/cpuinfo': 'flags\t\t: fpu constant_tsc' })?.states.effective).toBe('constant, stops in deep idle');
    expect(hurts('kernel.stable-tsc', { '/proc/cpuinfo': 'flags\t\t: fpu hypervisor' }, [], 'kvm-guest')?.fix).toContain('invtsc');
  });
  test('CPUs that were taken off, and modules that may come', () => {
    expect(hurts('runtime.no-cpu-hotplug', stable)).toMatchObject({ status: 'ok' });
    expect(hurts('runtime.no-cpu-hotplug', stable, ['[   99.0] smpboot: CPU 3 is now offline'])).toMatchObject({ status: 'manual', evidence: expect.arrayContaining(['dmesg: [   99.0] smpboot: CPU 3 is now offline']) });
    expect(hurts('runtime.modules-fixed', { '/proc/sys/kernel/modules_disabled': '0' })?.status).toBe('manual');
    expect(hurts('runtime.modules-fixed', { '/proc/sys/kernel/modules_disabled': '1' })?.status).toBe('ok');
  });
});

describe('a guest', () => {
  const guest = (id: string, parts: Parts) => report(id, host(parts), 'kvm-guest');

  test('halts at once, polls first, or never halts', () => {
    const driver = (name: string, line = 'ro') => guest('guest.halt-poll', { files: { '/sys/devices/system/cpu/cpuidle/current_driver': name, '/proc/cmdline': line } });
    expect(driver('acpi_idle')).toMatchObject({ status: 'manual' });
    expect(driver('haltpoll')).toMatchObject({ status: 'ok' });
    expect(driver('none', 'ro idle=poll')?.message).toContain('100 % of its host CPU');
  });
  test('its own time: a service that runs, one that could, none', () => {
    const timesyncd = 'lib/systemd/system/systemd-timesyncd.service';
    expect(guest('guest.own-time', { names: ['sys/fs/cgroup/system.slice/chrony.service', 'etc/systemd/system/multi-user.target.wants/chrony.service'] })).toMatchObject({ status: 'ok', states: { effective: 'chrony' } });
    const text = host({ names: [timesyncd] });
    expect(report('guest.own-time', text, 'kvm-guest')).toMatchObject({ status: 'change', stuckAt: 'written' });
    const { steps } = proposeChanges(request(text, 'kvm-guest'), ['guest.own-time']);
    expect(report('guest.own-time', applied(text, steps), 'kvm-guest')?.status).toBe('ok');
    expect(guest('guest.own-time', { names: [] })).toMatchObject({ status: 'manual' });
  });
  test('slow devices are named; those of virtio are not', () => {
    const device = (address: string, className: string, id: string) => ({ [`/sys/bus/pci/devices/${address}/uevent`]: `PCI_CLASS=${className}\nPCI_ID=${id}` });
    const files = { ...device('0000:00:01.0', '30000', '1234:1111'), ...device('0000:00:02.0', '10000', '1AF4:1042'), ...device('0000:00:03.0', '38000', '1AF4:1050'), '/proc/cpuinfo': 'flags\t\t: fpu hypervisor', '/proc/mounts': '/dev/vda1 / ext4 rw 0 0' };
    const names = ['0000:00:01.0', '0000:00:02.0', '0000:00:03.0'].map((address) => `sys/bus/pci/devices/${address}`);
    expect(guest('guest.slow-devices', { files, names })).toMatchObject({ status: 'change', message: 'Emulated by QEMU: video (0000:00:01.0).' });
    expect(guest('guest.slow-devices', { files: { ...files, '/proc/mounts': '/dev/sda1 / ext4 rw 0 0' }, names: names.slice(1) })?.message).toBe('Emulated by QEMU: disk (/dev/sda1).');
    expect(guest('guest.slow-devices', { files, names: names.slice(1) })?.status).toBe('ok');
  });
  test('the timer by TSC deadline comes from the host', () => {
    expect(guest('kernel.tsc-deadline', { files: { '/proc/cpuinfo': 'flags\t\t: fpu hypervisor' } })).toMatchObject({ status: 'blocked', layer: 'guest kernel' });
  });
});
