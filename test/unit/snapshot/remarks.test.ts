import { expect, test } from 'vitest';
import { remarkSchema } from '../../../shared/model/snapshot.ts';
import { snapshotOf } from '../../../shared/parsers/snapshot/snapshot.ts';
import { remarksOf } from '../../../shared/planning/remarks.ts';
import { captureOf, fixture } from './capture-text.ts';
import { parseCapture } from '../../../shared/parsers/capture.ts';

const remarksFor = (files: Record<string, string>, exists: readonly string[] = []) => remarksOf(snapshotOf(captureOf({ files, exists })));

test('nothing is said about what is unknown', () => {
  expect(remarksFor({ '/proc/sys/kernel/ostype': 'Linux' })).toEqual([]);
});

test('a container is called out first, gravest remarks before notes', () => {
  const parsed = parseCapture(fixture('captures/cloud-vm-user.capture'));
  if (!parsed.ok) throw parsed.error;
  const remarks = remarksOf(snapshotOf(parsed.value));
  expect(remarks[0]).toMatchObject({ code: 'is-a-container', severity: 'error', evidence: '/.dockerenv exists' });
  const order = remarks.map(({ severity }) => ['error', 'warning', 'note'].indexOf(severity));
  expect(order).toEqual([...order].sort((a, b) => a - b));
  for (const remark of remarks) expect(remarkSchema.safeParse(remark).success).toBe(true);
});

test.each([
  ['0-1', '0-1', false],
  ['1', '0-1', true],
])('isolated %s with siblings %s: a sibling left outside is called out (%s)', (isolated, siblings, expected) => {
  const files = { '/sys/devices/system/cpu/present': '0-3', '/sys/devices/system/cpu/online': '0-3', '/sys/devices/system/cpu/isolated': isolated, '/sys/devices/system/cpu/cpu1/topology/thread_siblings_list': siblings, '/sys/devices/system/cpu/cpu0/topology/thread_siblings_list': siblings };
  expect(remarksFor(files).some(({ code }) => code === 'sibling-not-isolated')).toBe(expected);
});

test.each([
  ['95', '100', true],
  ['-1', '100', false],
  ['100', '100', false],
])('sched_rt_runtime_us %s of %s: throttling is called out (%s)', (runtime, period, expected) => {
  const files = { '/proc/sys/kernel/sched_rt_runtime_us': runtime, '/proc/sys/kernel/sched_rt_period_us': period };
  expect(remarksFor(files).some(({ code }) => code === 'rt-throttling')).toBe(expected);
});

test('words for other programs are no misspelt parameters', () => {
  const dmesg = 'Unknown kernel command line parameters "splash isol_cpus=2", will be passed to user space.';
  const remarks = remarksOf(snapshotOf(captureOf({ files: { '/proc/cmdline': 'splash isol_cpus=2' }, commands: { dmesg } })));
  expect(remarks.find(({ code }) => code === 'parameters-unknown')?.message).toMatch(/parameters: isol_cpus=2\./);
});

test('the words of the next boot are compared as they are, whatever their order', () => {
  const grub = (line: string) => ({ '/proc/cmdline': 'BOOT_IMAGE=/vmlinuz-6.1 root=1 ro quiet isolcpus=2', '/boot/grub/grub.cfg': `menuentry 'x' {\n\tlinux /vmlinuz-6.2 ${line}\n}` });
  expect(remarksFor(grub('root=1 ro isolcpus=2 quiet')).some(({ code }) => code === 'next-boot-differs')).toBe(false);
  expect(remarksFor(grub('root=1 ro quiet isolcpus=2-3')).find(({ code }) => code === 'next-boot-differs')?.message).toBe('The next boot will use another command line: it adds isolcpus=2-3 and drops isolcpus=2.');
});
