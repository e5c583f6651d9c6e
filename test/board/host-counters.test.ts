import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Board } from '../../shared/model/board.ts';
import { hostDeltas, readHostAfter, readHostBefore, saveHostReading, storedHostReading } from '../../electron/core/explanation/host-counters.ts';
import { ProjectStore } from '../../electron/core/project/project-store.ts';
import { newRun, startRunKit, type RunKit } from '../support/run-kit.ts';

describe('what a guest’s host counts around a run', () => {
  const scratch = mkdtempSync(join(tmpdir(), 'rtvm-host-counters-'));
  const directory = join(scratch, 'line.rtvm');
  const run = newRun();
  let kit: RunKit;
  let store: ProjectStore;
  let connected = true;
  const target = () => ({ address: '127.0.0.1', port: kit.server.port, user: 'root', login: { method: 'agent' as const } });
  const common = { schema: 1 as const, notes: '', hostKeys: [], addedAt: '20261120T141000Z' };
  const guest = (): Board => ({ ...common, id: 'guest', name: 'RT guest', role: 'guest', reach: { kind: 'ssh', target: { ...target(), address: '192.168.122.9' }, jumps: [target()] } });
  const where = () => ({
    store, runs: kit.store,
    sessions: { get: async () => kit.session(), connection: () => ({ boardId: 'host', state: connected ? 'connected' as const : 'idle' as const, roundTripMs: null, sudo: 'unknown' as const, error: null }) },
  });
  beforeAll(async () => {
    kit = await startRunKit();
    await ProjectStore.create(directory, 'Line');
    store = await ProjectStore.open(directory, null);
  });
  afterAll(async () => {
    await kit.stop();
    rmSync(scratch, { recursive: true, force: true });
  });

  it('says that a host is no board of the project, or is not connected, and reads nothing of a board that is no guest', async () => {
    const unknown = await readHostBefore(where(), guest(), run.id);
    expect(unknown).toMatchObject({ hostId: null, before: null });
    expect(unknown?.missing.join()).toContain('no board of this project');
    expect(await readHostBefore(where(), { ...guest(), role: 'bare' }, run.id)).toBeNull();
    await store.saveBoard({ ...common, id: 'host', name: 'Rack 2', role: 'host', reach: { kind: 'ssh', target: target(), jumps: [] } });
    connected = false;
    expect((await readHostBefore(where(), guest(), run.id))?.missing).toEqual(['The host Rack 2 was not connected when the run began: what it did meanwhile was not counted.']);
    connected = true;
  });

  it('reads it before and after, keeps it beside the run, and gives the difference', async () => {
    const before = await readHostBefore(where(), guest(), run.id);
    expect(before).toMatchObject({ hostId: 'host', hostName: 'Rack 2', missing: [], after: null });
    await kit.store.save(run);
    await saveHostReading(where(), run.id, before);
    await readHostAfter(where(), run);
    const stored = await storedHostReading(where(), run.id);
    if (stored === null) throw new Error('nothing was stored');
    const { deltas, missing } = hostDeltas(stored);
    expect(missing).toEqual([]);
    expect(deltas?.toSeconds).toBeGreaterThan(deltas?.fromSeconds ?? Infinity);
    expect(deltas?.interrupts.find(({ id }) => id === 'LOC')?.perCpu.size).toBeGreaterThan(0);
    expect(hostDeltas({ ...stored, after: null }).missing.join()).toContain('was not read when the run ended');
    expect(hostDeltas({ ...stored, after: stored.after?.replace(/^boot .*$/m, 'boot another ;') ?? null }).missing.join()).toContain('started anew');
  });
});
