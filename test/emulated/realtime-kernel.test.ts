import { copyFileSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { boardsDirectory, ensureBoardImage } from '../../build/emulated-board/index.mjs';
import { openCoreWindow, type CoreWindow } from '../support/core-window.ts';
import { buildAndBootTimeoutMs, startTestBoard, whyNoEmulatedBoard, type TestBoard } from '../support/emulated-board.ts';
import type { Change } from '../../shared/model/change.ts';

const reason = whyNoEmulatedBoard();
const longTimeoutMs = 1_500_000;

/** The real-time kernel's own package and the one that names it: debootstrap kept them when the other image was made. */
function realtimePackages(into: string): string[] {
  const folder = join(boardsDirectory(), 'packages');
  const names = readdirSync(folder).filter((name) => /^linux-image-(?:rt-amd64|[\d.-]+-rt-amd64)_.*\.deb$/.test(name));
  for (const name of names) copyFileSync(join(folder, name), join(into, name));
  return names;
}

describe.skipIf(reason !== null)(`a real-time kernel on a board without one${reason === null ? '' : ` (skipped: ${reason})`}`, () => {
  let rig: TestBoard;
  let window: CoreWindow;
  let packages: string;
  let release: string;
  let installed: Change;
  let promoted: Change;
  const restart = async () => window.untilDone((await window.client.call('changes.restart', { boardId: window.board.id, mayEnd: [] })).jobId);
  beforeAll(async () => {
    await ensureBoardImage();
    packages = mkdtempSync(join(tmpdir(), 'rtvm-rt-packages-'));
    release = realtimePackages(packages).map((name) => /^linux-image-(\d[\d.-]*-rt-amd64)_/.exec(name)?.[1]).find((found) => found !== undefined) ?? '';
    rig = await startTestBoard({ image: 'generic' });
    window = await openCoreWindow({ host: rig.board.host, port: rig.board.port, user: 'root', keyFile: rig.board.keyFile });
    await window.inspect();
  }, 2 * buildAndBootTimeoutMs);
  afterAll(async () => {
    await window.close();
    await rig.dispose();
    rmSync(packages, { recursive: true, force: true });
  });

  it('is installed from a folder, beside the one that runs and stays the default', async () => {
    expect((await window.settings('kvm-host')).get('kernel.realtime')?.status).toBe('change');
    installed = await window.apply(await window.plan({ kind: 'realtime-kernel', source: { kind: 'folder', directory: packages } }));
    expect(installed.state).toBe('done');
    expect(await rig.read(`ls /boot/vmlinuz-${release}`)).toBe(`/boot/vmlinuz-${release}`);
    const { kernel } = (await window.client.call('snapshots.latest', { boardId: window.board.id }))?.snapshot ?? {};
    expect(kernel?.pending.evidence).toMatch(/vmlinuz-[\d.-]+-amd64/);
    expect(kernel?.pending.evidence).not.toContain('-rt-');
  }, longTimeoutMs);

  it('is tried once, kept, and runs', async () => {
    const tried = await window.apply(await window.plan({ kind: 'try-kernel', guide: 'bare-metal', housekeeping: [0, 1], kernel: release }));
    expect([tried.state, tried.restarted?.kernelRelease]).toEqual(['done', release]);
    expect(await rig.read('cat /sys/kernel/realtime')).toBe('1');
    promoted = await window.apply(await window.plan({ kind: 'promote-kernel', changeId: tried.id }));
    await restart();
    expect(await rig.read('cat /sys/kernel/realtime /sys/devices/system/cpu/isolated')).toBe('1\n2-3');
    await window.inspect();
    const settings = await window.settings('bare-metal', [0, 1]);
    expect([settings.get('kernel.realtime')?.status, settings.get('kernel.isolcpus')?.status]).toEqual(['ok', 'ok']);
  }, longTimeoutMs);

  it('goes again, with its packages, and the board starts as before', async () => {
    await window.apply(await window.plan({ kind: 'undo', changeId: promoted.id }));
    await restart();
    expect(await rig.read('uname -r')).not.toContain('rt');
    const undone = await window.apply(await window.plan({ kind: 'undo', changeId: installed.id }));
    expect(undone.state).toBe('done');
    expect(await rig.sh(`dpkg -s linux-image-${release}`, { anyStatus: true })).not.toMatchObject({ exitCode: 0 });
    expect(await rig.read('ls /boot')).not.toContain('-rt-');
    expect(await rig.read('grep -c -e -rt- -e isolcpus /boot/grub/grub.cfg || true')).toBe('0');
  }, longTimeoutMs);
});
