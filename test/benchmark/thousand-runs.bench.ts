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
import { median, wallMs, type Benchmark, type Figure } from './benchmark.ts';
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
  ids.reduce((sum, id) => sum + readFileSync(join(projectDirectory, 'runs', id, 'journal'), 'utf8').split('\n').reduce((words, line) => words + line.split(/[\s,]/).map(Number).length, 0), 0);

interface Cost { readonly wallMs: number; readonly cpuMs: number }

/** The median time, and the least processor time: what else runs on this machine is in the first and hardly in the second. */
async function costOf(work: (round: number) => unknown): Promise<Cost> {
  const all: Cost[] = [];
  // The first round compiles and fills the disk's cache, for the floors as well.
  for (let round = -1; round < rounds; round += 1) {
    const before = process.cpuUsage();
    const ms = await wallMs(() => work(round + 1));
    const { user, system } = process.cpuUsage(before);
    if (round >= 0) all.push({ wallMs: ms, cpuMs: (user + system) / 1_000 });
  }
  return { wallMs: median(all.map(({ wallMs: ms }) => ms)), cpuMs: Math.min(...all.map(({ cpuMs }) => cpuMs)) };
}

const figuresOf = (name: string, { wallMs: ms, cpuMs }: Cost): Figure[] => [{ name, value: ms, unit: 'ms' }, { name: `${name}, at best`, value: cpuMs, unit: 'ms CPU' }];

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
      const floor = await costOf(() => { readEveryRun(directory); });
      const open = await costOf(async () => {
        await client.call('project.open', { directory });
        await client.call('runs.list', {});
      });
      const any = (round: number): [string, string] => [ids[round * 97] ?? '', ids[count - 1 - round * 31] ?? ''];
      const compare = ([a, b]: readonly [string, string]) => client.call('compare.runs', { sides: [{ name: null, runs: [a] }, { name: null, runs: [b] }] });
      const small = await costOf((round) => compare(any(round)));
      const pair: [string, string] = [large[0] ?? '', large[1] ?? ''];
      const wide = await costOf(() => compare(pair));
      const wideFloor = await costOf(() => readJournals(directory, pair));
      return {
        figures: [
          ...figuresOf('every run.json read and parsed, and no more', floor), ...figuresOf('open the project and list its runs', open),
          ...figuresOf('compare any two (4 CPUs, 1 min)', small), ...figuresOf('two of 64 CPUs, 1 h: journals read into words', wideFloor), ...figuresOf('two of 64 CPUs, 1 h: compare', wide),
        ],
        ratios: [
          { name: 'open and list ÷ 500 ms (CPU)', value: open.cpuMs / 500, limit: 1 }, { name: 'compare any two ÷ 200 ms (CPU)', value: small.cpuMs / 200, limit: 1 },
          { name: 'open and list ÷ reading and parsing the files', value: open.cpuMs / floor.cpuMs, limit: 12 },
          { name: 'compare two of 64 CPUs ÷ reading them into words', value: wide.cpuMs / wideFloor.cpuMs, limit: 3 },
        ],
      };
    } finally {
      await core.close();
      rmSync(home, { recursive: true, force: true });
    }
  },
};
