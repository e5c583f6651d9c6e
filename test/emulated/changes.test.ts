import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { openCoreWindow, type CoreWindow } from '../support/core-window.ts';
import { buildAndBootTimeoutMs, startTestBoard, whyNoEmulatedBoard, type TestBoard } from '../support/emulated-board.ts';
import type { Change } from '../../shared/model/change.ts';

const reason = whyNoEmulatedBoard();
/** A restart and thirty steps take minutes on a processor that is imitated, beside another such board. */
const slowlyMs = 900_000;
/** Everything a change may have written: what undoing has to give back. */
const fingerprint = "{ find /etc/default /etc/grub.d /etc/sysctl.d /etc/tmpfiles.d /etc/modprobe.d /etc/systemd/system /etc/udev /usr/local /boot/grub -xdev ! -name grubenv -type f -exec sha256sum {} + ; find /etc/systemd/system -type l -printf '%p %l\\n'; } | sort";

describe.skipIf(reason !== null)(`changing an emulated board${reason === null ? '' : ` (skipped: ${reason})`}`, () => {
  let rig: TestBoard;
  let window: CoreWindow;
  let before: string;
  let settings: Change;
  let tried: Change;
  let promoted: Change;
  beforeAll(async () => {
    rig = await startTestBoard();
    before = await rig.read(fingerprint);
    window = await openCoreWindow({ host: rig.board.host, port: rig.board.port, user: rig.board.user, keyFile: rig.board.keyFile, sudoPassword: rig.board.password });
    await window.inspect();
  }, buildAndBootTimeoutMs);
  afterAll(async () => {
    await window.close();
    await rig.dispose();
  });
  const guide = { guide: 'bare-metal' as const, housekeeping: [0, 1] };

  it('sets what the running system can be told, now and for later, as an ordinary user with sudo', async () => {
    const open = [...(await window.settings('bare-metal', [0, 1])).values()].filter(({ status, layer }) => status === 'change' && layer === 'host runtime').map(({ id }) => id);
    expect(open).toContain('runtime.timer-migration');
    settings = await window.apply(await window.plan({ kind: 'settings', ...guide, settings: null }));
    expect(settings.state).toBe('done');
    expect(await rig.read('cat /proc/sys/kernel/timer_migration /proc/sys/vm/stat_interval')).toBe('0\n10');
    const after = await window.settings('bare-metal', [0, 1]);
    expect(after.get('runtime.timer-migration')?.states).toMatchObject({ written: '0', effective: '0' });
    const asked = new Set(settings.plan.steps.flatMap((step) => step.settings));
    expect([...asked].map((id) => [id, after.get(id)?.status]).filter(([, status]) => status !== 'ok')).toEqual([]);
  }, slowlyMs);

  it('starts once with another command line and leaves the default entry alone', async () => {
    const grub = await rig.read('sha256sum /boot/grub/grub.cfg');
    tried = await window.apply(await window.plan({ kind: 'try-kernel', ...guide, kernel: null }));
    expect(tried.state).toBe('done');
    expect(await rig.read('cat /proc/cmdline')).toContain(`rtvm_bench.try=${tried.id}`);
    expect(await rig.read('cat /sys/devices/system/cpu/isolated')).toBe('2-3');
    expect(await rig.read('sha256sum /boot/grub/grub.cfg')).toBe(grub);
    expect(await rig.read('grub-editenv list | sed -n s/^next_entry=//p')).toBe('');
    expect(await rig.read('test -e /run/rtvm-bench-stay && echo stays')).toBe('stays');
  }, slowlyMs);

  it('keeps what came back good: requested, written, booted and effective agree after the next start', async () => {
    promoted = await window.apply(await window.plan({ kind: 'promote-kernel', changeId: tried.id }));
    expect(promoted.state).toBe('done');
    expect(await rig.sh('test -e /boot/grub/custom.cfg || test -e /etc/systemd/system/rtvm-bench-return.service', { anyStatus: true })).toMatchObject({ exitCode: 1 });
    const { jobId } = await window.client.call('changes.restart', { boardId: window.board.id, mayEnd: [] });
    const back = await window.untilDone(jobId);
    expect(back['commandLine']).not.toContain('rtvm_bench.try');
    await window.inspect();
    let after = await window.settings('bare-metal', [0, 1]);
    const isolcpus = after.get('kernel.isolcpus');
    expect([isolcpus?.status, isolcpus?.states.written, isolcpus?.states.booted]).toEqual(['ok', isolcpus?.states.requested, isolcpus?.states.requested]);
    // What was set while the board ran is so again after its start.
    expect(after.get('runtime.timer-migration')).toMatchObject({ status: 'ok' });
    expect(await rig.read('cat /proc/sys/kernel/timer_migration /proc/sys/vm/stat_interval')).toBe('0\n10');
    // A driver that sets its mask late is put right by the keeper within its minute.
    await vi.waitFor(async () => {
      await window.inspect();
      after = await window.settings('bare-metal', [0, 1]);
      expect(after.get('runtime.irqs-off-isolated-cpus')).toMatchObject({ status: 'ok' });
    }, { timeout: 180_000, interval: 5000 });
  }, slowlyMs);

  it('takes it all back, byte for byte', async () => {
    for (const change of [settings, promoted]) {
      const undone = await window.apply(await window.plan({ kind: 'undo', changeId: change.id }));
      expect(undone.state).toBe('done');
    }
    expect(await rig.read(fingerprint)).toBe(before);
    const { jobId } = await window.client.call('changes.restart', { boardId: window.board.id, mayEnd: [] });
    await window.untilDone(jobId);
    expect(await rig.read('cat /proc/cmdline')).not.toContain('isolcpus');
    expect(await rig.read('cat /proc/sys/kernel/timer_migration')).toBe('1');
  }, slowlyMs);
});
