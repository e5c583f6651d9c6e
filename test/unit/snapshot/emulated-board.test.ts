import { expect, test } from 'vitest';
import { snapshotSchema } from '../../../shared/model/snapshot.ts';
import { parseCapture } from '../../../shared/parsers/capture.ts';
import { snapshotOf } from '../../../shared/parsers/snapshot/snapshot.ts';
import { remarksOf } from '../../../shared/planning/remarks.ts';
import { fixture } from './capture-text.ts';

/** Captures of an emulated board: Debian 12, 6.1 real-time kernel, two sockets and NUMA nodes, GRUB. */
const emulated = (user: 'root' | 'user') => {
  const parsed = parseCapture(fixture(`captures/emulated-board-${user}.capture`));
  if (!parsed.ok) throw parsed.error;
  return snapshotOf(parsed.value);
};

test('as root', () => {
  const snapshot = emulated('root');
  expect(snapshotSchema.safeParse(snapshot).success).toBe(true);
  expect(snapshot).toMatchObject({
    asRoot: true, distribution: { id: 'debian', versionId: '12' }, virtualisation: { kind: 'vm' },
    kernel: { realtime: true, preemption: 'PREEMPT_RT', initSystem: 'systemd', pending: { loader: 'grub', newerThanGenerated: [] } },
    cpus: { online: [0, 1, 2, 3], isolated: [] }, resctrl: { supported: false, mounted: false },
  });
  expect(snapshot.cpus.list.map(({ socket, node }) => [socket, node])).toEqual([[0, 0], [0, 0], [1, 1], [1, 1]]);
  expect(snapshot.numaNodes.every(({ memoryBytes }) => (memoryBytes ?? 0) > 500_000_000)).toBe(true);
  // What GRUB was going to boot is what is running.
  expect(remarksOf(snapshot).map(({ code }) => code)).not.toContain('next-boot-differs');
  expect(snapshot.kernel.pending.commandLine).not.toBeNull();
  expect(snapshot.kernel.config['CONFIG_PREEMPT_RT']).toBe('y');
  expect(snapshot.tools.find(({ name }) => name === 'cyclictest')?.version).toBe('2.4-1');
  expect(snapshot.services.find(({ name }) => name === 'ssh')).toEqual({ name: 'ssh', active: true, enabled: 'enabled' });
  expect(snapshot.cost.processes).toBe(5);
});

test('without root: the same machine, and what could not be seen says why', () => {
  const [root, user] = [emulated('root'), emulated('user')];
  expect(user.asRoot).toBe(false);
  expect(user.cpus).toEqual(root.cpus);
  expect(user.caches).toEqual(root.caches);
  expect(user.kernel.pending).toMatchObject({ loader: 'grub', commandLine: null });
  expect(user.unread.filter(({ reason }) => reason === 'needs root').map(({ what }) => what)).toEqual(expect.arrayContaining([
    '/boot/grub/grub.cfg', '/sys/class/dmi/id/product_serial', '/sys/kernel/debug', 'kernel messages of the boot',
  ]));
});
