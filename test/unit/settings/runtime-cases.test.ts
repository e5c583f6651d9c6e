import { describe, expect, test } from 'vitest';
import type { SettingReport } from '../../../shared/model/setting.ts';
import { parseCapture } from '../../../shared/parsers/capture.ts';
import { snapshotOf } from '../../../shared/parsers/snapshot/snapshot.ts';
import { checkGuide } from '../../../shared/settings/check-guide.ts';
import { boardText } from './board-text.ts';

const keeperFiles = { '/etc/systemd/system/rtvm-bench-irq-affinity.service': '[Service]\nExecStart=/usr/local/lib/rtvm-bench/irq-affinity 0-1' };
const keeperNames = ['run/systemd/system', 'etc/systemd/system/timers.target.wants/rtvm-bench-irq-affinity.timer'];
const balancing = 'sys/fs/cgroup/system.slice/irqbalance.service';
const calm = { '/proc/irq/24/smp_affinity_list': '0-1', '/proc/irq/24/effective_affinity_list': '0' };

function report(id: string, files: Readonly<Record<string, string>> = {}, names?: readonly string[]): SettingReport | undefined {
  const capture = parseCapture(names === undefined ? boardText(files) : boardText(files, names));
  if (!capture.ok) throw capture.error;
  return checkGuide({ capture: capture.value, snapshot: snapshotOf(capture.value), guide: 'kvm-host', housekeeping: [0, 1] }).settings.find((setting) => setting.id === id);
}

describe('interrupts', () => {
  const irqs = (files: Readonly<Record<string, string>> = {}, names?: readonly string[]) => report('runtime.irqs-off-isolated-cpus', files, names);

  test('a mask that its driver has reset since our keeper moved it', () => {
    const found = irqs({ ...keeperFiles, '/run/rtvm-bench/irq-affinity': 'set 24 3 0-3 eth0' }, keeperNames);
    expect(found).toMatchObject({ status: 'change', stuckAt: 'effective', verdicts: { written: 'good', effective: 'bad' } });
    expect(found?.message).toContain('a driver or a change of link has reset their masks since');
    expect(found?.message).toContain('Their drivers set back again and again: 24 (eth0)');
    expect(found?.evidence).toContain('/run/rtvm-bench/irq-affinity: set 24 3 0-3 eth0');
  });
  test('irqbalance undoing what is set', () => {
    expect(irqs({}, ['run/systemd/system', balancing])?.message).toContain('irqbalance is running and moves interrupts back');
    expect(irqs(calm, ['run/systemd/system', balancing])).toMatchObject({ status: 'change', stuckAt: 'written', verdicts: { written: 'bad', effective: 'good' } });
  });
  test('kept where they should be: managed and passed-through ones are left alone and said', () => {
    const found = irqs({ ...keeperFiles, ...calm }, keeperNames);
    expect(found).toMatchObject({ status: 'ok', stuckAt: null });
    expect(found?.message).toContain('as the kernel manages them: 25 (nvme0q2)');
    expect(found?.message).toContain('as they belong to virtual machines: 26 (vfio-msix[0](0000:03:00.0))');
  });
  test('one that the keeper could not move is managed', () => {
    expect(report('runtime.managed-irqs', { '/run/rtvm-bench/irq-affinity': 'fixed 24 eth0' })?.message).toContain('24 (eth0)');
  });
  test('managed ones on isolated CPUs wait for the command line, and are no matter where they are not used', () => {
    expect(report('runtime.managed-irqs')).toMatchObject({ status: 'change', stuckAt: 'written' });
    expect(report('runtime.managed-irqs', { '/proc/cmdline': 'ro isolcpus=managed_irq,domain,2-3' })).toMatchObject({ status: 'blocked', stuckAt: 'effective' });
    const unused = { '/proc/cmdline': 'ro isolcpus=managed_irq,domain,2-3', '/proc/interrupts': ' CPU0 CPU1 CPU2 CPU3\n 25: 9 0 0 0 PCI-MSI 2-edge nvme0q2' };
    expect(report('runtime.managed-irqs', unused)).toMatchObject({ status: 'ok' });
  });
});

describe('files that do not count', () => {
  test('a sysctl file overridden by a later one, which is named', () => {
    const found = report('runtime.timer-migration', { '/etc/sysctl.d/10-rt.conf': 'kernel.timer_migration = 0', '/etc/sysctl.d/99-site.conf': 'kernel.timer_migration=1' });
    expect(found?.message).toContain('/etc/sysctl.d/10-rt.conf: kernel.timer_migration = 0 asks for it, but /etc/sysctl.d/99-site.conf: kernel.timer_migration=1 comes later and counts.');
  });
  test('/etc/sysctl.conf is not read by systemd', () => {
    expect(report('runtime.timer-migration', { '/etc/sysctl.conf': 'kernel.timer_migration=0' })?.states.written).toBe('absent');
    expect(report('runtime.timer-migration', { '/etc/sysctl.conf': 'kernel.timer_migration=0' }, ['run/openrc'])?.states.written).toBe('0');
  });
  test.each([
    ['/etc/rc.local', 'echo 0 > /proc/kernel/timer_migration'], ['/etc/tmpfiles.d/rt.conf', 'w /proc/kernel/timer_migration - - - - 0'], ['/etc/sysctl.d/rt.conf', '/proc/kernel/timer_migration = 0'],
  ])('timer_migration under the wrong path in %s', (file, line) => {
    const found = report('runtime.timer-migration', { [file]: line });
    expect(found).toMatchObject({ status: 'change', stuckAt: 'written' });
    expect(found?.message).toContain(`${file} names /proc/kernel/timer_migration: there is no such file`);
    expect(found?.evidence).toContain(`${file}: ${line}`);
  });
  test('under the right path in rc.local it lasts', () => {
    expect(report('runtime.ksm', { '/sys/kernel/mm/ksm/run': '2', '/etc/rc.local': 'echo 2 > /sys/kernel/mm/ksm/run' })?.evidence).toContain('/etc/rc.local: echo 2 > /sys/kernel/mm/ksm/run');
  });
  test('of two lines of tmpfiles.d for one path the first counts', () => {
    const found = report('runtime.ksm', { '/sys/kernel/mm/ksm/run': '2', '/etc/tmpfiles.d/a.conf': 'w /sys/kernel/mm/ksm/run - - - - 1', '/etc/tmpfiles.d/b.conf': 'w /sys/kernel/mm/ksm/run - - - - 2' });
    expect(found).toMatchObject({ status: 'change', stuckAt: 'written', states: { written: '1', effective: '2' }, verdicts: { written: 'bad', effective: 'good' } });
  });
  test('the last of several options of a module counts', () => {
    expect(report('hypervisor.halt-poll', { '/etc/modprobe.d/a.conf': 'options kvm halt_poll_ns=5', '/etc/modprobe.d/b.conf': 'options kvm halt_poll_ns=0' })?.states.written).toBe('0');
  });
  test('lapic_timer_advance_ns given to a kernel that no longer has it', () => {
    const files = { '/sys/module/kvm/parameters/lapic_timer_advance_ns': '', '/sys/module/kvm/parameters/lapic_timer_advance': 'N', '/etc/modprobe.d/kvm.conf': 'options kvm lapic_timer_advance_ns=1000' };
    expect(report('hypervisor.lapic-timer-advance', files)?.message).toContain('/etc/modprobe.d/kvm.conf gives lapic_timer_advance_ns, which this kernel ignores');
    expect(report('hypervisor.lapic-timer-advance-ns', files)?.status).toBe('not-applicable');
  });
});

describe('in effect now, and not with the next start', () => {
  test.each([
    ['runtime.stat-interval', { '/proc/sys/vm/stat_interval': '10' }], ['hypervisor.halt-poll', { '/sys/module/kvm/parameters/halt_poll_ns': '0' }],
    ['runtime.workqueues', { '/sys/devices/virtual/workqueue/cpumask': '3' }], ['runtime.default-irq-affinity', { '/proc/irq/default_smp_affinity': '3' }],
    ['runtime.cpufreq-governor', { '/sys/devices/system/cpu/cpufreq/policy0/scaling_governor': 'performance', '/sys/devices/system/cpu/cpufreq/policy2/scaling_governor': 'performance' }],
  ] as const)('%s', (id, files) => {
    expect(report(id, files)).toMatchObject({ status: 'change', stuckAt: 'written', verdicts: { written: 'bad', effective: 'good' } });
  });
  test('what the command line sets at the start lasts', () => {
    expect(report('runtime.workqueues', { '/sys/devices/virtual/workqueue/cpumask': '3', '/proc/cmdline': 'ro isolcpus=2-3', '/boot/grub/grub.cfg': "menuentry 'Debian' {\n\tlinux /vmlinuz-6.1.0-50-rt-amd64 root=/dev/sda1 ro isolcpus=2-3\n}" })?.status).toBe('ok');
  });
});

describe('threads of the kernel', () => {
  test('those that may run on isolated CPUs are named; what is fixed is not', () => {
    expect(report('runtime.kthreads')).toMatchObject({ status: 'change', states: { effective: '2 may run on others' } });
    expect(report('runtime.kthreads')?.message).toContain('rcu_preempt, kauditd');
  });
  test('an interrupt thread without its priority', () => {
    expect(report('runtime.irq-threads')?.message).toContain('irq/24-eth0 (not real-time)');
  });
});
