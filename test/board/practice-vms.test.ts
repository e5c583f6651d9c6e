import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { NewVm, VmAct } from '../../shared/model/vm.ts';
import type { VmMap } from '../../shared/model/vm-map.ts';
import type { VmHostReport, VmReport } from '../../shared/planning/vm/vm-report.ts';
import { newcomer, type Newcomer } from './practice-newcomer.ts';

const newVm = (name: string, changes: Partial<NewVm> = {}): NewVm => ({
  name, purpose: 'real-time', image: { kind: 'catalogue', id: 'debian-12', fetchedBy: 'board' }, vcpus: 2, memoryMiB: 2048, diskGiB: 20,
  user: { name: 'engineer', password: 'practice', sshKeys: [], adminGroup: 'sudo' }, packages: [], network: 'default', osinfo: 'debian12', ...changes,
});

/** Waits for a job; a failed one is told as it is. */
async function job(at: Newcomer, started: Promise<{ jobId: string }>) {
  const body = await at.job((await started).jobId);
  return body.kind === 'failed' ? JSON.stringify(body.error) : body;
}

async function readVms(at: Newcomer): Promise<VmHostReport> {
  expect(await job(at, at.client.call('vms.read', { boardId: at.boardId }))).toMatchObject({ kind: 'done' });
  const report = await at.client.call('vms.get', { boardId: at.boardId });
  if (report === null) throw new Error('no reading');
  return report;
}

const vmIn = (report: VmHostReport, name: string): VmReport => {
  const found = report.vms.find(({ vm }) => vm.name === name);
  if (found === undefined) throw new Error(`no VM ${name}`);
  return found;
};

const map: VmMap = {
  name: 'rt', vcpus: [{ vcpu: 0, cpu: 4 }, { vcpu: 1, cpu: 6 }], emulator: [0, 2], iothreads: [], ioThreadCpus: null,
  scheduler: { policy: 'fifo', priorities: [{ vcpus: [0], priority: 1 }, { vcpus: [1], priority: 10 }], emulatorPriority: null, ioThreadPriority: null },
  cache: [{ vcpus: [0, 1], id: 0, level: 3, type: 'both', sizeBytes: 12 * 2 ** 20, granularityBytes: 4 * 2 ** 20 }], bandwidth: [],
  memory: { sizeBytes: null, hugepageBytes: null, nodes: [0], mode: 'strict', locked: true, notShared: true }, topology: null, passthrough: [],
  options: { usb: 'auto', graphics: 'tune', sound: 'tune', balloon: 'tune', pmu: 'tune', vmport: 'tune', hpet: 'tune', suspend: 'tune', cpuModel: 'tune' }, isolated: null,
};

const act = (at: Newcomer, name: string, what: VmAct) => job(at, at.client.call('vms.act', { boardId: at.boardId, name, act: what }));

describe('a server with libvirt, on the practice board', () => {
  const { at } = newcomer('dual-xeon');

  test('shows the VM that is there, and what of it is not real-time', async () => {
    const report = await readVms(at());
    expect(report.host.libvirt).toMatchObject({ version: expect.stringContaining('9.0.0'), uri: 'qemu:///system' });
    expect(report.host.networks).toEqual([{ name: 'default', active: true, autostart: true, persistent: true }]);
    const ordinary = vmIn(report, 'debian12-std');
    expect(ordinary.vm).toMatchObject({ state: 'shut-off', autostart: false, made: null });
    expect(ordinary.audit?.findings.length).toBeGreaterThan(5);
  });

  test('the guide finds libvirt ready, but for the group and the old database of systems', async () => {
    const check = await at().client.call('guides.check', { boardId: at().boardId, guide: 'kvm-host', housekeeping: null });
    const status = Object.fromEntries(check?.settings.map(({ id, status: one }) => [id, one]) ?? []);
    expect(status).toMatchObject({
      'hypervisor.kvm': 'ok', 'hypervisor.packages': 'ok', 'hypervisor.libvirt': 'ok', 'hypervisor.default-network': 'ok', 'hypervisor.libvirt-group': 'change', 'hypervisor.osinfo': 'manual',
    });
  });

  test('a VM is made from an image that the board fetches', async () => {
    expect(await job(at(), at().client.call('vms.create', { boardId: at().boardId, vm: newVm('rt') }))).toMatchObject({ kind: 'done' });
    const { vm } = vmIn(await readVms(at()), 'rt');
    expect(vm).toMatchObject({ state: 'running', made: { phase: 'ready' } });
    expect(vm.addresses).toContainEqual(expect.stringMatching(/^192\.168\.122\.\d+$/));
    expect(vm.threads.filter(({ role }) => role === 'vcpu').map(({ cpus }) => cpus)).toEqual([[0, 1, 2, 3], [0, 1, 2, 3]]);
    expect(await job(at(), at().client.call('vms.create', { boardId: at().boardId, vm: newVm('rt') }))).toContain('"vm-exists"');
    expect(await act(at(), 'rt', 'shutdown')).toMatchObject({ kind: 'done' });
  });

  test('tuned, with the cache the host leaves it, it runs where and how it is to', async () => {
    await at().read();
    await readVms(at());
    expect(await at().apply(await at().plan({ kind: 'host-cache', resource: 'L3', masks: { 0: 'ff' } }))).toMatchObject({ kind: 'done' });
    await readVms(at());
    expect(await at().apply(await at().plan({ kind: 'tune-vm', name: 'rt', map }))).toMatchObject({ kind: 'done' });
    expect(await act(at(), 'rt', 'start')).toMatchObject({ kind: 'done' });
    const report = await readVms(at());
    const { vm, checks } = vmIn(report, 'rt');
    expect(vm.threads.filter(({ role }) => role === 'vcpu')).toMatchObject([
      { vcpu: 0, cpus: [4], policy: 'fifo', priority: 1, cacheGroup: expect.stringMatching(/^qemu-\d+-rt-vcpus_0-1$/) }, { vcpu: 1, cpus: [6], policy: 'fifo', priority: 10 },
    ]);
    expect(vm.threads.filter(({ role }) => role === 'emulator' || role === 'vhost').map(({ cpus }) => cpus)).toContainEqual([0, 2]);
    expect(vm.lockedBytes).toBeGreaterThanOrEqual(2 ** 31);
    expect(report.host.cacheGroups?.find(({ name }) => name.startsWith('qemu-'))?.schemata).toContainEqual(expect.stringContaining('0=0700'));
    // What is left is the mistake that this machine is delivered with: interrupts on isolated CPUs.
    expect(checks.filter(({ verdict }) => verdict === 'wrong').map(({ id, evidence }) => [id, evidence])).toEqual([['fifo-alone', [expect.stringContaining('irq/')]], ['nothing-else', [expect.stringContaining('irq/')]]]);
  });

  test('a share that does not fit is refused at the start, in libvirt’s own words', async () => {
    expect(await act(at(), 'rt', 'force-off')).toMatchObject({ kind: 'done' });
    await at().read();
    await readVms(at());
    expect(await at().apply(await at().plan({ kind: 'host-cache', resource: 'L3', masks: { 0: '1fff' } }))).toMatchObject({ kind: 'done' });
    expect(await act(at(), 'rt', 'start')).toMatch(/Not enough room for allocation of 12582912 bytes for level 3 cache 0 scope type 'both'/);
    expect(await at().apply(await at().plan({ kind: 'host-cache', resource: 'L3', masks: { 0: 'ff' } }))).toMatchObject({ kind: 'done' });
  });

  test('a restart keeps definitions, shares and networks; what starts by itself does', async () => {
    expect(await act(at(), 'rt', 'autostart-on')).toMatchObject({ kind: 'done' });
    await at().restart();
    const report = await readVms(at());
    expect(vmIn(report, 'rt').vm.state).toBe('running');
    expect(vmIn(report, 'debian12-std').vm.state).toBe('shut-off');
    expect(report.host.networks).toMatchObject([{ name: 'default', active: true }]);
    expect(vmIn(report, 'rt').vm.threads.find(({ vcpu }) => vcpu === 1)).toMatchObject({ cpus: [6], priority: 10, cacheGroup: expect.stringContaining('rt-vcpus') });
  });

  test('the serial console shows a log-in prompt and is left', async () => {
    let shown = '';
    at().client.on('console-output', ({ text }) => { shown += text; });
    const closed = new Promise((resolve) => { at().client.on('console-closed', resolve); });
    const { consoleId } = await at().client.call('consoles.open', { boardId: at().boardId, vm: 'rt', columns: 80, rows: 24 });
    const type = (text: string) => at().client.call('consoles.write', { consoleId, text });
    await expect.poll(() => shown, { timeout: 20_000 }).toMatch(/password for rt|Connected to domain/);
    if (/password/.test(shown)) await type('practice\r');
    await expect.poll(() => shown, { timeout: 20_000 }).toContain("Connected to domain 'rt'");
    await type('\r');
    await expect.poll(() => shown, { timeout: 20_000 }).toContain('rt login: ');
    await type('\x1d');
    await closed;
  });

  test('an image of this computer goes there over SFTP; removal takes away what was made, and nothing else', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'rtvm-image-'));
    try {
      const path = join(folder, 'own.raw');
      await writeFile(path, Buffer.alloc(3_000_000, 7));
      expect(await job(at(), at().client.call('vms.create', { boardId: at().boardId, vm: newVm('own', { image: { kind: 'laptop-file', path, sha256: null } }) }))).toMatchObject({ kind: 'done' });
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
    const images = (await readVms(at())).host.images.map(({ path }) => path);
    for (const name of ['own', 'rt']) expect(await job(at(), at().client.call('vms.remove', { boardId: at().boardId, name }))).toMatchObject({ kind: 'done' });
    const report = await readVms(at());
    expect(report.vms.map(({ vm }) => vm.name)).toEqual(['debian12-std']);
    expect(images.length).toBe(7);
    expect(report.host.images.map(({ path }) => path)).toEqual(['/var/lib/libvirt/images/debian12-std.qcow2']);
    expect(report.host.halfMade).toEqual([]);
  });
});

describe('a PC without libvirt, on the practice board', () => {
  const { at } = newcomer('plain-pc');

  test('is made ready for VMs through the change engine', async () => {
    const settings = ['hypervisor.packages', 'hypervisor.libvirt', 'hypervisor.libvirt-group', 'hypervisor.default-network'];
    const statuses = async (): Promise<(string | undefined)[]> => {
      await at().read();
      const check = await at().client.call('guides.check', { boardId: at().boardId, guide: 'kvm-host', housekeeping: null });
      return settings.map((id) => check?.settings.find((one) => one.id === id)?.status);
    };
    expect(await statuses()).toEqual(['change', 'manual', 'manual', 'manual']);
    expect(await at().apply(await at().plan({ kind: 'settings', guide: 'kvm-host', housekeeping: null, settings: ['hypervisor.packages'] }))).toMatchObject({ kind: 'done' });
    expect(await statuses()).toEqual(['ok', 'ok', 'change', 'change']);
    expect(await at().apply(await at().plan({ kind: 'settings', guide: 'kvm-host', housekeeping: null, settings: ['hypervisor.libvirt-group', 'hypervisor.default-network'] }))).toMatchObject({ kind: 'done' });
    expect((await statuses())[3]).toBe('ok');
    expect((await readVms(at())).host.networks).toEqual([{ name: 'default', active: true, autostart: true, persistent: true }]);
  });
});
