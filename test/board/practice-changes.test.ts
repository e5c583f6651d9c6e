import { describe, expect, test } from 'vitest';
import { newcomer } from './practice-newcomer.ts';

const faults = { slowLinkMs: 0, dropAfterBytes: 0, diskFull: false, wrongPassword: false };

const cpus = { guide: 'kvm-host' as const, housekeeping: [0, 1] };

describe('a PC with a fresh Debian, on the practice board', () => {
  const { at } = newcomer('plain-pc');

  test('gets a real-time kernel, tries it with a command line of its own, and keeps both', async () => {
    const installed = await at().plan({ kind: 'realtime-kernel', source: { kind: 'board' } });
    expect(await at().apply(installed)).toMatchObject({ kind: 'done' });
    await at().read();
    const tried = await at().plan({ kind: 'try-kernel', ...cpus, kernel: '6.1.0-37-rt-amd64' });
    expect(await at().apply(tried)).toMatchObject({ kind: 'done' });
    expect(await at().read()).toMatchObject({ kernel: { realtime: true, release: '6.1.0-37-rt-amd64' }, cpus: { isolated: [2, 3, 4, 5, 6, 7] } });
    const promoted = await at().plan({ kind: 'promote-kernel', changeId: tried.id });
    expect(await at().apply(promoted)).toMatchObject({ kind: 'done' });
    await at().restart();
    expect(await at().read()).toMatchObject({ kernel: { realtime: true }, cpus: { isolated: [2, 3, 4, 5, 6, 7] } });
  });

  test('runs with the settings of a KVM host, and puts them back', async () => {
    const before = await at().read();
    const plan = await at().plan({ kind: 'settings', ...cpus, settings: null });
    expect(plan.steps.length).toBeGreaterThan(10);
    expect(await at().apply(plan)).toMatchObject({ kind: 'done' });
    await at().restart();
    expect((await at().read()).sysctls).toMatchObject({ 'kernel.timer_migration': '0', 'vm.stat_interval': '10' });
    expect(await at().undo(plan.id)).toMatchObject({ kind: 'done' });
    await at().restart();
    expect((await at().read()).sysctls).toEqual(before.sysctls);
  });

  test('comes back from a command line that panics', async () => {
    await at().practice.setFaults({ ...faults, newCommandLinePanics: true });
    const tried = await at().plan({ kind: 'try-kernel', guide: 'kvm-host', housekeeping: [0, 1, 2, 3], kernel: null });
    expect(await at().apply(tried)).toMatchObject({ kind: 'failed', error: { code: 'try-fell-back' } });
    expect((await at().client.call('changes.get', { boardId: at().boardId, changeId: tried.id })).state).toBe('fell-back');
    expect((await at().read()).cpus.isolated).toEqual([2, 3, 4, 5, 6, 7]);
  });
});

describe('an embedded box with RHEL, on the practice board', () => {
  const { at } = newcomer('rhel-atom');

  test('takes settings of its firmware with the next start', async () => {
    const plan = await at().plan({ kind: 'firmware', settings: null });
    expect(plan.steps.map(({ action }) => action)).toContainEqual({ kind: 'firmware-attribute', driver: 'dell-wmi-sysman', attribute: 'CStatesCtrl', value: 'Disabled' });
    expect(await at().apply(plan)).toMatchObject({ kind: 'done' });
    const idleState = 'sys/devices/system/cpu/cpu0/cpuidle/state2';
    const capture = async (): Promise<string> => (await at().client.call('snapshots.capture', { boardId: at().boardId })).text;
    expect(await capture()).toContain(idleState);
    await at().restart();
    await at().read();
    expect(await capture()).not.toContain(idleState);
  });

  test('tries a boot entry of its own, and grubby keeps it', async () => {
    const tried = await at().plan({ kind: 'try-kernel', guide: 'kvm-host', housekeeping: [0], kernel: null });
    expect(await at().apply(tried)).toMatchObject({ kind: 'done' });
    expect((await at().read()).cpus.isolated).toEqual([1, 2, 3]);
    expect(await at().apply(await at().plan({ kind: 'promote-kernel', changeId: tried.id }))).toMatchObject({ kind: 'done' });
    await at().restart();
    const { kernel } = await at().read();
    expect(kernel.commandLine).toContain('isolcpus=1-3');
    expect(kernel.commandLine).not.toContain('rtvm_bench.try');
  });
});
