import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { newRunId } from '../../electron/core/runs/run-id.ts';
import type { Board } from '../../shared/model/board.ts';
import type { Change } from '../../shared/model/change.ts';
import { loadCheckSchema, type VmAct } from '../../shared/model/vm.ts';
import type { VmReport } from '../../shared/planning/vm/vm-report.ts';
import { openCoreWindow, type CoreWindow } from '../support/core-window.ts';
import { cyclictestProposal, latencyResult } from '../support/cyclictest-calls.ts';
import { buildAndBootTimeoutMs, startTestBoard, whyNoEmulatedBoard, type TestBoard } from '../support/emulated-board.ts';

const reason = whyNoEmulatedBoard();
/** Everything in the virtual machine is emulated twice over. */
const nestedMs = 900_000;
const name = 'rt';
/** What making a VM may have left: files, pools, definitions, our records. */
const fingerprint = 'ls -A /var/lib/libvirt/images /var/lib/libvirt/boot /etc/libvirt/qemu; virsh pool-list --all --name; virsh list --all --name; ls /var/lib/rtvm-bench/vms 2>/dev/null || true';
/** Of each vCPU's thread, as the host's own tools see it: `CPU 0/KVM: CPUs 2, SCHED_FIFO 1`. */
const vcpuThreads = `for task in /proc/$(pgrep -f 'guest=${name},')/task/*; do
  read -r comm <"$task/comm"
  case $comm in 'CPU '*) ;; *) continue ;; esac
  id=\${task##*/}
  echo "$comm: CPUs $(taskset -cp "$id" | sed 's/.*: //'), $(chrt -p "$id" | sed 's/.*: //' | paste -sd ' ')"
done`;

describe.skipIf(reason !== null)(`virtual machines on an emulated KVM host${reason === null ? '' : ` (skipped: ${reason})`}`, () => {
  let rig: TestBoard;
  let window: CoreWindow;
  let before: string;
  let definition: string;
  let tuned: Change;
  let guest: Board;

  beforeAll(async () => {
    // One socket: of two, each would have to keep a CPU for the host.
    rig = await startTestBoard({ image: 'generic', cloudImages: true, topology: { machine: 'pc', vendor: 'amd', sockets: 1, coresPerSocket: 4, threadsPerCore: 1, memoryMiB: 2048 } });
    window = await openCoreWindow({ host: rig.board.host, port: rig.board.port, user: rig.board.user, keyFile: rig.board.keyFile, sudoPassword: rig.board.password });
    await window.inspect();
  }, buildAndBootTimeoutMs);
  afterAll(async () => {
    await window.close();
    await rig.dispose();
  });

  const job = async (started: Promise<{ jobId: string }>) => window.untilDone((await started).jobId);
  const host = () => ({ boardId: window.board.id });
  const act = (what: VmAct) => job(window.client.call('vms.act', { ...host(), name, act: what }));
  const read = async () => {
    await job(window.client.call('vms.read', host()));
    const report = await window.client.call('vms.get', host());
    if (report === null) throw new Error('the host was not read');
    return report;
  };
  const readVm = async (): Promise<VmReport> => {
    const found = (await read()).vms.find(({ vm }) => vm.name === name);
    if (found === undefined) throw new Error(`the host has no VM ${name}`);
    return found;
  };
  /** The guest can be logged in to again: cloud-init has let its users in. */
  const guestAnswers = () => rig.until(`for address in $(virsh domifaddr ${name} --source lease | grep -oE '192[0-9.]+' ); do bash -c "read -rt 5 line </dev/tcp/$address/22 && [[ \\$line = SSH-* ]]" && exit 0; done; exit 1`, nestedMs);

  it('the host is read, and made ready by a plan: group and network', async () => {
    const { host: found } = await read();
    expect(found).toMatchObject({ libvirt: { uri: 'qemu:///system' }, problem: null, vms: [], halfMade: [], cacheGroups: null });
    expect(found.networks).toEqual([expect.objectContaining({ name: 'default', active: false })]);
    expect((await window.settings('kvm-host', [0, 1])).get('hypervisor.default-network')?.status).toBe('change');
    await window.apply(await window.plan({ kind: 'settings', guide: 'kvm-host', housekeeping: [0, 1], settings: ['hypervisor.libvirt-group', 'hypervisor.default-network'] }));
    // A membership holds from the next log-in.
    await window.client.call('boards.disconnect', host());
    await window.inspect();
    const ready = await window.settings('kvm-host', [0, 1]);
    expect(['kvm', 'packages', 'libvirt', 'libvirt-group', 'default-network'].map((id) => [id, ready.get(`hypervisor.${id}`)?.status])).toEqual([['kvm', 'ok'], ['packages', 'ok'], ['libvirt', 'ok'], ['libvirt-group', 'ok'], ['default-network', 'ok']]);
    expect(await rig.read('virsh net-info default | grep -E "^(Active|Autostart):" | tr -s " "')).toBe('Active: yes\nAutostart: yes');
    before = await rig.read(fingerprint);
  }, nestedMs);

  it('a VM is made from a cloud image, told who may log in, and answers through its host', async () => {
    const { cloudImage, keyFile } = rig.board;
    if (cloudImage === null) throw new Error('no cloud image is plugged in');
    const made = await job(window.client.call('vms.create', {
      ...host(),
      vm: {
        name, purpose: 'real-time', image: { kind: 'board-file', ...cloudImage }, vcpus: 2, memoryMiB: 512, diskGiB: 3, packages: [], network: 'default', osinfo: 'debian12',
        user: { name: 'engineer', password: null, sshKeys: [readFileSync(`${keyFile}.pub`, 'utf8').trim()], adminGroup: 'sudo' },
      },
    }));
    expect(made).toMatchObject({ name, answers: true, address: expect.stringMatching(/^192\.168\.122\./) });
    const { vm, audit } = await readVm();
    expect(vm).toMatchObject({ state: 'running', made: { phase: 'ready' }, addresses: [made['address']] });
    expect(vm.threads.filter(({ role }) => role === 'vcpu').map(({ vcpu, policy }) => [vcpu, policy])).toEqual([[0, 'other'], [1, 'other']]);
    expect(audit?.findings.length).toBeGreaterThan(5);
  }, nestedMs);

  it('is tuned by the CPU map, for its next start', async () => {
    const draft = await window.client.call('cpu-map.propose', { ...host(), request: { housekeeping: [0, 1], vms: [{ name, count: 2, node: 0 }], emulator: null, ioThreads: null, measuring: null, stressor: null } });
    await window.client.call('cpu-map.save', { ...host(), draft: { request: draft.request, assignments: draft.assignments } });
    const { map } = await readVm();
    if (map === null) throw new Error('the VM is not on the map');
    definition = await rig.read(`virsh dumpxml --inactive ${name}`);
    tuned = await window.apply(await window.plan({ kind: 'tune-vm', name, map: { ...map, emulator: [0, 1] } }));
    expect(tuned.state).toBe('done');
    expect(await rig.read(`virsh dumpxml --inactive ${name} | grep -E "vcpupin|vcpusched|emulatorpin|locked" | tr -s " "`)).toBe([
      "<locked/>", "<vcpupin vcpu='0' cpuset='2'/>", "<vcpupin vcpu='1' cpuset='3'/>", "<emulatorpin cpuset='0-1'/>",
      "<vcpusched vcpus='0' scheduler='fifo' priority='1'/>", "<vcpusched vcpus='1' scheduler='fifo' priority='10'/>",
    ].map((line) => ` ${line}`).join('\n').trim());
    const running = (await readVm()).checks.find(({ id }) => id === 'definition-current');
    expect(running?.verdict).toBe('wrong');
  }, nestedMs);

  it('started again, its threads are where and how they are to be', async () => {
    await act('force-off');
    expect(await act('start')).toMatchObject({ state: 'running' });
    expect(await rig.read(vcpuThreads)).toBe('CPU 0/KVM: CPUs 2, SCHED_FIFO 1\nCPU 1/KVM: CPUs 3, SCHED_FIFO 10');
    const { checks, vm } = await readVm();
    expect(vm.lockedBytes).toBeGreaterThanOrEqual(512 * 2 ** 20);
    // The kernel's own threads may still go everywhere on this host, and that is told: it is neither isolated nor real-time.
    expect(checks.filter(({ verdict }) => verdict === 'ok').map(({ id }) => id)).toEqual(expect.arrayContaining(['kvm', 'vcpu-places', 'vcpu-schedules', 'memory-locked', 'definition-current']));
    await guestAnswers();
  }, nestedMs);

  it('its guest is a board behind the host', async () => {
    await readVm();
    guest = await window.client.call('vms.add-guest', { ...host(), name, user: 'engineer', login: { method: 'key', keyFile: rig.board.keyFile } });
    expect(guest).toMatchObject({ role: 'guest', reach: { kind: 'ssh', jumps: [{ port: rig.board.port }] } });
  }, nestedMs);

  it('is read, changed, and put back as any board, through its host', async () => {
    await window.inspect(guest.id);
    const snapshot = await window.client.call('snapshots.latest', { boardId: guest.id });
    expect(snapshot).toMatchObject({ snapshot: { asRoot: true, virtualisation: { kind: 'vm' }, cpus: { online: [0, 1] } } });
    const migration = () => rig.read(`ssh -o StrictHostKeyChecking=no -o UserKnownHostsFile=/dev/null -i /tmp/guest-key engineer@$(virsh domifaddr ${name} --source lease | grep -oE '192[0-9.]+') cat /proc/sys/kernel/timer_migration 2>/dev/null`);
    await rig.read(`umask 077; cat >/tmp/guest-key <<'KEY'\n${readFileSync(rig.board.keyFile, 'utf8')}KEY\n`);
    expect(await migration()).toBe('1');
    const change = await window.apply(await window.plan({ kind: 'settings', guide: 'kvm-guest', housekeeping: [0], settings: ['runtime.timer-migration'] }, guest.id));
    expect(change.state).toBe('done');
    expect(await migration()).toBe('0');
    await window.apply(await window.plan({ kind: 'undo', changeId: change.id }, guest.id));
    expect(await migration()).toBe('1');
  }, nestedMs);

  it('is measured with cyclictest, and the result is brought home', async () => {
    const options = await cyclictestProposal(window.client, guest.id);
    const runId = newRunId(guest.id, new Date());
    await job(window.client.call('runs.start', { boardId: guest.id, runId, options: { ...options, cpus: [1], mainCpus: [0], intervalUs: 10_000, durationSeconds: 5, segmentSeconds: 5 } }));
    expect(await window.client.call('runs.get', { runId })).toMatchObject({ state: 'completed', boardId: guest.id });
    const result = await latencyResult(window.client, runId);
    expect(result?.merged.samples).toBeGreaterThan(100);
    expect(result?.verdict.indicative).toBe(true);
  }, nestedMs);

  it('a campaign over {host, VM} × {idle, stress-ng on the host} is carried out by the boards, and brought home after the links were cut', async () => {
    const small = async (boardId: string) => ({ ...await cyclictestProposal(window.client, boardId), cpus: [1], mainCpus: [0], intervalUs: 10_000, durationSeconds: 3, segmentSeconds: 3 });
    const requests = await Promise.all([window.board.id, guest.id].map(async (boardId) => ({ boardId, request: { benchmark: 'cyclictest' as const, options: await small(boardId) } })));
    const { jobId } = await window.client.call('campaigns.start', {
      campaignId: 'nested',
      wish: {
        name: 'Host and VM', template: 'own', places: requests.map(({ boardId }) => ({ boardId, kernel: 'as-is' })), requests, repeats: 1, order: { kind: 'rounds' },
        loads: [{ workload: null, on: { kind: 'host' } }, { workload: 'stress-cpu', on: { kind: 'host' } }],
        durationSeconds: 3, leadSeconds: 1, coolDownSeconds: 0, patienceSeconds: 60, deadlineUs: null, deadlineFraction: 1,
      },
    });
    const ended = window.untilDone(jobId).then(() => null, (thrown: unknown) => thrown);
    // Once the boards are at work, the links go; whoever was looking just then is told so, and looks again.
    await rig.until('grep -q "run 1 started" /var/lib/rtvm-bench/campaigns/*/log', nestedMs);
    for (const boardId of [guest.id, window.board.id]) await window.client.call('boards.disconnect', { boardId });
    const thrown = await ended;
    if (thrown !== null) expect(thrown).toMatchObject({ code: 'cancelled' });
    const attached = await window.client.call('campaigns.attach', { campaignId: 'nested' });
    if (attached.jobId !== null) await window.untilDone(attached.jobId);
    const { cells, counts } = await window.client.call('campaigns.get', { campaignId: 'nested' });
    // What is worth comparing is another question on a board that is emulated twice over.
    expect(cells.map(({ state, reason }) => [state === 'not comparable' ? 'done' : state, state === 'not comparable' ? null : reason])).toEqual(Array.from({ length: 4 }, () => ['done', null]));
    expect(counts.missing).toBe(0);
    const [first] = cells.flatMap(({ runId }) => (runId === null ? [] : [runId]));
    if (first === undefined) throw new Error('no cell has a run');
    expect(await rig.read(`sha256sum </var/lib/rtvm-bench/runs/${first}/journal | cut -d ' ' -f 1`)).toBe((await window.client.call('runs.get', { runId: first })).journalSha256);
  }, nestedMs);

  it('its serial console shows a log-in', async () => {
    let shown = '';
    window.client.on('console-output', ({ text }) => { shown += text; });
    const { consoleId } = await window.client.call('consoles.open', { ...host(), vm: name, columns: 80, rows: 24 });
    // virsh throws away what was typed before it had the terminal for itself.
    await vi.waitFor(async () => {
      await window.client.call('consoles.write', { consoleId, text: '\r' });
      expect(shown).toContain(`${name} login: `);
    }, { timeout: nestedMs, interval: 2_000 });
    await window.client.call('consoles.close', { consoleId });
  }, nestedMs);

  it('a load on its vCPU 0 makes its CPU of the host busy', async () => {
    const check = loadCheckSchema.parse(await job(window.client.call('vms.load-check', { ...host(), name, guestId: guest.id, vcpu: 0 })));
    expect(check).toMatchObject({ vcpu: 0, expectedCpu: 2 });
    expect(check.busy.find(({ cpu }) => cpu === 2)?.fraction).toBeGreaterThan(0.5);
  }, nestedMs);

  it('goes without a trace: its tuning, and then all of it', async () => {
    await act('force-off');
    const undone = await window.apply(await window.plan({ kind: 'undo', changeId: tuned.id }));
    expect(undone.state).toBe('done');
    expect(await rig.read(`virsh dumpxml --inactive ${name}`)).toBe(definition);
    await job(window.client.call('vms.remove', { ...host(), name }));
    expect((await read()).vms).toEqual([]);
    expect(await rig.read(fingerprint)).toBe(before);
  }, nestedMs);
});
