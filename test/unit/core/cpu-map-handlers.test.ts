import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { createCore } from '../../../electron/core/create-core.ts';
import type { PracticePort } from '../../../electron/core/boards/practice-port.ts';
import { createClient, type Client } from '../../../shared/contract/client.ts';
import { CodedError } from '../../../shared/contract/errors.ts';
import { linkPair } from '../../../shared/contract/link.ts';
import type { CpuMapWish } from '../../../shared/model/cpu-map.ts';
import { captureText } from '../snapshot/capture-text.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

const noPractice: PracticePort = {
  ensure: () => Promise.reject(new CodedError('practice-only', 'There is no practice board here.')),
  state: () => Promise.reject(new CodedError('practice-only', 'There is no practice board here.')),
  setFaults: async () => undefined, setMachine: async () => undefined, reset: async () => undefined, stop: async () => undefined,
};

const range = (from: number, to: number, step = 1) => Array.from({ length: Math.floor((to - from) / step) + 1 }, (_, index) => from + index * step);

/** The Xeon Gold 6548Y+ of Intel's guide as its Linux tells it: 2 sockets of 32 cores, no SMT, even CPUs on node 0. */
function xeonCapture(online = '0-63'): string {
  const cpu = '/sys/devices/system/cpu';
  return captureText({ files: {
    [`${cpu}/online`]: online, [`${cpu}/present`]: '0-63', '/proc/cmdline': 'root=/dev/vda1 ro quiet',
    '/sys/devices/system/node/node0/cpulist': range(0, 62, 2).join(','), '/sys/devices/system/node/node1/cpulist': range(1, 63, 2).join(','),
    ...Object.fromEntries(range(0, 63).flatMap((one) => [
      [`${cpu}/cpu${one}/topology/physical_package_id`, String(one % 2)], [`${cpu}/cpu${one}/topology/core_id`, String(Math.floor(one / 2))],
      [`${cpu}/cpu${one}/topology/thread_siblings_list`, String(one)],
    ])),
  } });
}

const eciRequest: CpuMapWish = {
  housekeeping: [0, 1, 2, 3], vms: [{ name: 'rt', count: 8, node: 0 }], emulator: { count: 4, node: 0 }, ioThreads: null, measuring: null, stressor: { count: 8, node: 1 },
};

async function benchWithXeon(): Promise<{ client: Client; boardId: string; file: string; directory: string }> {
  const home = await temporaryFolder();
  const directory = join(home, 'p.rtvm');
  const core = createCore({ hostKind: 'cli', version: '0.0.0', paths: { stateDirectory: join(home, 'state'), defaultProject: directory }, practice: noPractice });
  onTestFinished(() => core.close());
  const [mine, theirs] = linkPair();
  core.serve(theirs);
  const client = createClient(mine);
  await client.call('project.create', { directory, name: 'Line 4' });
  const { id: boardId } = await client.call('boards.add', { name: 'press-host', role: 'host', notes: '', reach: { kind: 'ssh', target: { address: '192.0.2.17', port: 22, user: 'root', login: { method: 'agent' } }, jumps: [] } });
  await client.call('inspect.import', { boardId, capture: xeonCapture() });
  return { client, boardId, directory, file: join(directory, 'boards', boardId, 'cpu-map.json') };
}

describe('the CPU map of a board', () => {
  test('is proposed as in Intel’s example, saved, and found again', async () => {
    const { client, boardId, file } = await benchWithXeon();
    expect(await client.call('cpu-map.get', { boardId })).toBeNull();
    const { request, assignments, findings } = await client.call('cpu-map.propose', { boardId, request: eciRequest });
    const cpusOf = (kind: string) => assignments.filter(({ claimant }) => claimant.kind === kind).map(({ cpu }) => cpu);
    expect({ housekeeping: cpusOf('housekeeping'), vcpu: cpusOf('vcpu'), emulator: cpusOf('emulator'), stressor: cpusOf('stressor'), idle: cpusOf('idle') })
      .toEqual({ housekeeping: [0, 1, 2, 3], vcpu: range(4, 18, 2), emulator: [56, 58, 60, 62], stressor: range(5, 19, 2), idle: [] });
    expect(findings.map(({ rule, severity }) => [rule, severity])).toEqual([['emulator-not-balanced', 'note']]);

    const changed = new Promise<string>((heard) => { client.on('cpu-map-changed', ({ boardId: id }) => { heard(id); }); });
    const saved = await client.call('cpu-map.save', { boardId, draft: { request, assignments } });
    expect(await changed).toBe(boardId);
    expect(saved.isolated).toEqual(range(4, 63));
    expect(await client.call('cpu-map.get', { boardId })).toEqual(saved);
    expect(JSON.parse(await readFile(file, 'utf8'))).toMatchObject({ schema: 1, request: eciRequest });
  });

  test('says where a benchmark’s measuring threads run, when it has CPUs for them', async () => {
    const { client, boardId } = await benchWithXeon();
    const before = await client.call('runs.propose', { boardId });
    const wish = { ...eciRequest, measuring: { count: 2, node: 1 } };
    const { assignments, request } = await client.call('cpu-map.propose', { boardId, request: wish });
    const measuring = assignments.filter(({ claimant }) => claimant.kind === 'measuring').map(({ cpu }) => cpu);
    await client.call('cpu-map.save', { boardId, draft: { request, assignments } });
    const { options } = await client.call('runs.propose', { boardId });
    expect(measuring).toHaveLength(2);
    expect([options.cpus, options.mainCpus]).toEqual([measuring, [0, 1, 2, 3]]);
    expect(before.options.cpus).not.toEqual(measuring);
  });

  test('decides which CPUs the guides take to be the host’s, until they are told others', async () => {
    const { client, boardId } = await benchWithXeon();
    const check = (housekeeping: number[] | null) => client.call('guides.check', { boardId, guide: 'kvm-host', housekeeping });
    expect(await check(null)).toMatchObject({ housekeeping: [0, 1], cpusFrom: 'board' });
    await client.call('cpu-map.save', { boardId, draft: await client.call('cpu-map.propose', { boardId, request: eciRequest }) });
    const judged = await check(null);
    expect(judged).toMatchObject({ housekeeping: [0, 1, 2, 3], isolated: range(4, 63), cpusFrom: 'cpu-map' });
    expect(judged?.settings.find(({ id }) => id === 'kernel.isolcpus')?.states.requested).toContain('4-63');
    expect(await check([0, 1, 2, 3, 4, 5])).toMatchObject({ housekeeping: range(0, 5), cpusFrom: 'caller' });
  });

  test('without being told the host’s CPUs begins with those the board shows', async () => {
    const { client, boardId } = await benchWithXeon();
    expect(await client.call('cpu-map.propose', { boardId, request: { ...eciRequest, housekeeping: null } })).toMatchObject({ request: { housekeeping: [0, 1] } });
  });

  test('is not saved with errors, and says which and what to do', async () => {
    const { client, boardId } = await benchWithXeon();
    const { request, assignments } = await client.call('cpu-map.propose', { boardId, request: eciRequest });
    const draft = { request, assignments: assignments.filter(({ cpu }) => cpu !== 0) };
    expect(await client.call('cpu-map.check', { boardId, draft })).toMatchObject({ housekeeping: [1, 2, 3], findings: [{ rule: 'cpu-0-stays', severity: 'error', cpus: [0] }, { rule: 'emulator-not-balanced' }] });
    await expect(client.call('cpu-map.save', { boardId, draft })).rejects.toMatchObject({ code: 'cpu-map-refused', message: expect.stringContaining('CPU 0'), extras: { board: 'press-host', next: 'Add CPU 0 to the housekeeping CPUs.' } });
    expect(await client.call('cpu-map.get', { boardId })).toBeNull();
  });

  test('is judged again on a later reading', async () => {
    const { client, boardId } = await benchWithXeon();
    await client.call('cpu-map.save', { boardId, draft: await client.call('cpu-map.propose', { boardId, request: eciRequest }) });
    await client.call('inspect.import', { boardId, capture: xeonCapture('0-61,63') });
    expect(await client.call('cpu-map.get', { boardId })).toMatchObject({ findings: [{ rule: 'cpu-exists', element: 'CPU 62' }, { rule: 'as-requested' }, { rule: 'emulator-not-balanced' }] });
  });

  test('of a newer form is left as it is; a damaged one is moved aside and named', async () => {
    const { client, boardId, file, directory } = await benchWithXeon();
    const draft = await client.call('cpu-map.propose', { boardId, request: eciRequest });
    const newer = JSON.stringify({ schema: 2, tomorrow: true });
    await writeFile(file, newer);
    expect(await client.call('cpu-map.get', { boardId })).toBeNull();
    await expect(client.call('cpu-map.save', { boardId, draft })).rejects.toMatchObject({ code: 'project-newer' });
    expect(await readFile(file, 'utf8')).toBe(newer);

    await writeFile(file, '{ "schema": 1, ');
    await client.call('project.open', { directory });
    expect(await client.call('cpu-map.get', { boardId })).toBeNull();
    expect((await client.call('project.current', {})).info?.quarantined).toMatchObject([{ file: join('boards', boardId, 'cpu-map.json'), movedTo: expect.stringContaining('quarantine') }]);
    await client.call('cpu-map.save', { boardId, draft });
    expect(await client.call('cpu-map.get', { boardId })).toMatchObject({ map: { request: eciRequest } });
  });

  test('needs a board that was read', async () => {
    const { client } = await benchWithXeon();
    const { id: boardId } = await client.call('boards.add', { name: 'new', role: 'host', notes: '', reach: { kind: 'ssh', target: { address: '192.0.2.18', port: 22, user: 'root', login: { method: 'agent' } }, jumps: [] } });
    expect(await client.call('cpu-map.get', { boardId })).toBeNull();
    await expect(client.call('cpu-map.propose', { boardId, request: eciRequest })).rejects.toMatchObject({ code: 'cpu-map-refused', message: expect.stringContaining('has not been read') });
    await expect(client.call('cpu-map.get', { boardId: 'nobody' })).rejects.toMatchObject({ code: 'board-unknown' });
  });
});
