import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inProject } from '../../build/lib/project-root.mjs';
import type { PracticePort } from '../../electron/core/boards/practice-port.ts';
import { createCore } from '../../electron/core/create-core.ts';
import { statusPeriodSeconds } from '../../electron/core/runs/run-size.ts';
import { createClient } from '../../shared/contract/client.ts';
import { CodedError } from '../../shared/contract/errors.ts';
import { linkPair } from '../../shared/contract/link.ts';
import { runSchema, type CyclictestOptions } from '../../shared/model/run.ts';
import { stampOf } from '../../shared/model/stamp.ts';
import { cyclictestCommand } from '../../shared/planning/cyclictest-command.ts';
import { median, wallMs, type Benchmark } from './benchmark.ts';
import { dayJournal } from './day-journal.ts';

const count = 1_000;
const rounds = 7;
const refused = () => Promise.reject(new CodedError('practice-only', 'There is no practice board here.'));
const noPractice: PracticePort = { ensure: refused, state: refused, setFaults: refused, setMachine: refused, reset: refused, stop: () => Promise.resolve() };

const optionsOf = (cpus: number, seconds: number): CyclictestOptions => ({
  cpus: Array.from({ length: cpus }, (_, cpu) => cpu + 1), mainCpus: [0], priority: 95, intervalUs: 1_000, durationSeconds: seconds, histogramUs: 400,
  lockMemory: true, holdDmaLatency: true, segmentSeconds: Math.min(600, seconds), deadlineUs: 100, deadlineFraction: 1,
});

/** A finished run in a project, as a board's journal of it would have come. */
function plantRun(projectDirectory: string, id: string, boardId: string, snapshotId: string | null, at: Date, options: CyclictestOptions): void {
  const run = runSchema.parse({
    schema: 1, id, benchmark: 'cyclictest', boardId, boardName: 'press-host', snapshotId, createdAt: stampOf(at), options,
    command: cyclictestCommand(options, { seconds: options.segmentSeconds, toolVersion: '2.5' }), conditions: ['CPU 1-4 are not isolated.'], loads: [],
    state: 'completed', stateReason: null, bootId: '65f5f39a-4ed5-4178-bfec-51258e57552f', endedAt: stampOf(new Date(at.getTime() + options.durationSeconds * 1_000)), journalSha256: null,
  });
  const folder = join(projectDirectory, 'runs', id);
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'run.json'), `${JSON.stringify(run, null, 2)}\n`);
  writeFileSync(join(folder, 'journal'), Buffer.concat([...dayJournal(id, options, statusPeriodSeconds(options.durationSeconds))].map(({ bytes }) => bytes)));
}

/** What nobody can do without: every file of the runs read, one after the other, and parsed as JSON. */
function readEveryRun(projectDirectory: string): void {
  for (const id of readdirSync(join(projectDirectory, 'runs'))) JSON.parse(readFileSync(join(projectDirectory, 'runs', id, 'run.json'), 'utf8'));
}

const readJournals = (projectDirectory: string, ids: readonly string[]): number =>
  ids.reduce((sum, id) => sum + readFileSync(join(projectDirectory, 'runs', id, 'journal'), 'utf8').split('\n').length, 0);

/** Limits from the project's own promise: opens in 500 ms, compares any two in 200 ms. */
export const benchmark: Benchmark = {
  name: `a project with ${String(count)} runs: open, list, compare two`,
  run: async () => {
    const home = mkdtempSync(join(tmpdir(), 'rtvm-thousand-'));
    const directory = join(home, 'p.rtvm');
    const core = createCore({ hostKind: 'cli', version: '0.0.0', paths: { stateDirectory: join(home, 'state'), defaultProject: directory }, practice: noPractice });
    try {
      const [mine, theirs] = linkPair();
      core.serve(theirs);
      const client = createClient(mine);
      await client.call('project.create', { directory, name: 'Line 4' });
      const { id: boardId } = await client.call('boards.add', { name: 'press-host', role: 'host', notes: '', reach: { kind: 'ssh', target: { address: '192.0.2.17', port: 22, user: 'root', login: { method: 'agent' } }, jumps: [] } });
      await client.call('inspect.import', { boardId, capture: readFileSync(inProject('test', 'fixtures', 'captures', 'emulated-board-root.capture'), 'utf8') });
      const snapshotId = readdirSync(join(directory, 'boards', boardId, 'snapshots')).find((name) => name.endsWith('.json'))?.replace('.json', '') ?? null;
      const ids = Array.from({ length: count }, (_, at) => `20261001t000000z-press-host-${String(at).padStart(6, '0')}`);
      for (const [at, id] of ids.entries()) plantRun(directory, id, boardId, snapshotId, new Date(Date.UTC(2026, 9, 1, 0, at)), optionsOf(4, 60));
      const large = ['20261101t000000z-press-host-a00000', '20261102t000000z-press-host-a00001'];
      for (const [at, id] of large.entries()) plantRun(directory, id, boardId, snapshotId, new Date(Date.UTC(2026, 10, 1 + at)), optionsOf(64, 3_600));
      const timed = async (work: (round: number) => unknown): Promise<number> => {
        const all: number[] = [];
        // The first round compiles and fills the disk's cache, for the floors as well.
        for (let round = -1; round < rounds; round += 1) {
          const ms = await wallMs(() => work(round + 1));
          if (round >= 0) all.push(ms);
        }
        return median(all);
      };
      const floorMs = await timed(() => { readEveryRun(directory); });
      const openMs = await timed(() => client.call('project.open', { directory }));
      const listMs = await timed(() => client.call('runs.list', {}));
      const any = (round: number): [string, string] => [ids[round * 97] ?? '', ids[count - 1 - round * 31] ?? ''];
      const compare = ([a, b]: readonly [string, string]) => client.call('compare.runs', { sides: [{ name: null, runs: [a] }, { name: null, runs: [b] }] });
      const compareMs = await timed((round) => compare(any(round)));
      const compareFloorMs = await timed((round) => readJournals(directory, any(round)));
      const largeMs = await timed(() => compare([large[0] ?? '', large[1] ?? '']));
      const largeFloorMs = await timed(() => readJournals(directory, large));
      return {
        figures: [
          { name: 'every run.json read and parsed, and no more', value: floorMs, unit: 'ms' }, { name: 'open the project', value: openMs, unit: 'ms' }, { name: 'list its runs', value: listMs, unit: 'ms' },
          { name: 'read the journals of two runs into lines', value: compareFloorMs, unit: 'ms' }, { name: 'compare any two (4 CPUs, 1 min)', value: compareMs, unit: 'ms' },
          { name: 'the same of 64 CPUs, 1 h in six parts: read', value: largeFloorMs, unit: 'ms' }, { name: '64 CPUs, 1 h in six parts: compare', value: largeMs, unit: 'ms' },
        ],
        ratios: [
          { name: 'open and list ÷ 500 ms', value: (openMs + listMs) / 500, limit: 1 }, { name: 'compare any two ÷ 200 ms', value: compareMs / 200, limit: 1 },
          { name: 'compare two of 64 CPUs ÷ 200 ms', value: largeMs / 200, limit: 1 },
          { name: 'open and list ÷ reading and parsing the files', value: (openMs + listMs) / floorMs, limit: 8 },
          { name: 'compare two of 64 CPUs ÷ reading their lines', value: largeMs / largeFloorMs, limit: 8 },
        ],
      };
    } finally {
      await core.close();
      rmSync(home, { recursive: true, force: true });
    }
  },
};
