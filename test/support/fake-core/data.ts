import type { BoardStatus } from '../../../shared/contract/methods.ts';
import type { Board } from '../../../shared/model/board.ts';
import type { Connection } from '../../../shared/model/connection.ts';
import type { CyclictestOptions, CyclictestRun } from '../../../shared/model/run.ts';
import { range } from './snapshots.ts';
import type { MachineName } from './machines.ts';

/** A stamp so many seconds ago. */
export const stampAgo = (seconds: number): string => new Date(Date.now() - seconds * 1000).toISOString().replace(/[-:]|\.\d+/g, '');

export interface FakeBoard { board: Board; connection: Connection; machine: MachineName | null; summary: string | null; attention: number | null; snapshotIds: string[] }

const ssh = (id: string, name: string, address: string, role: Board['role']): Board => ({
  schema: 1, id, name, role, notes: '', hostKeys: [], addedAt: '20261101T080000Z',
  reach: { kind: 'ssh', target: { address, port: 22, user: 'engineer', login: { method: 'password' } }, jumps: [] },
});

const link = (boardId: string, state: Connection['state'], roundTripMs: number | null, sudo: Connection['sudo']): Connection => ({ boardId, state, roundTripMs, sudo, error: null });

export function fakeBoards(): FakeBoard[] {
  const practice: Board = { ...ssh('practice', 'Practice board', '', 'host'), reach: { kind: 'practice', machine: 'dual-xeon' } };
  return [
    { board: practice, connection: link('practice', 'idle', null, 'unknown'), machine: null, summary: 'simulated · no hardware', attention: null, snapshotIds: [] },
    { board: ssh('press-host', 'press-host', '192.0.2.17', 'host'), connection: link('press-host', 'connected', 1.8, 'granted'), machine: 'xeon', summary: 'KVM host · Xeon Gold 6548Y+ ×2', attention: 2, snapshotIds: [stampAgo(120), stampAgo(90_000)] },
    { board: ssh('spare-atom', 'spare-atom', 'fe80::2e0:4cff:fe68:1%eth0', 'bare'), connection: link('spare-atom', 'connected', 0.6, 'not-asked'), machine: 'atom', summary: 'bare metal · Atom x6427FE', attention: 7, snapshotIds: [stampAgo(7200)] },
    { board: ssh('rack-epyc', 'rack-epyc', '192.0.2.60', 'host'), connection: link('rack-epyc', 'slow', 412, 'granted'), machine: 'epyc', summary: 'KVM host · EPYC 9554 ×2', attention: 0, snapshotIds: [stampAgo(600)] },
    { board: ssh('cell-host', 'cell-host', '192.0.2.21', 'host'), connection: link('cell-host', 'connected', 1.2, 'granted'), machine: 'xeon', summary: 'KVM host · 3 VMs', attention: 0, snapshotIds: [stampAgo(300)] },
    { board: ssh('hybrid', 'com-hpc hybrid', '192.0.2.44', 'bare'), connection: link('hybrid', 'idle', null, 'unknown'), machine: 'hybrid', summary: 'bare metal · Core i7-13700TE', attention: 1, snapshotIds: [stampAgo(86_400)] },
  ];
}

export const statusOf = (fake: FakeBoard, runs: readonly CyclictestRun[]): BoardStatus => ({
  board: fake.board, connection: fake.connection, latestSnapshotId: fake.snapshotIds[0] ?? null, summary: fake.summary, attention: fake.attention,
  runs: runs.filter((run) => run.boardId === fake.board.id).length,
  activeRunId: runs.find((run) => run.boardId === fake.board.id && (run.state === 'running' || run.state === 'starting'))?.id ?? null,
});

export const defaultOptions = (cpus: number[], mainCpus: number[]): CyclictestOptions => ({
  cpus, mainCpus, priority: 95, intervalUs: 1000, durationSeconds: 600, histogramUs: 400, lockMemory: true, holdDmaLatency: true,
  segmentSeconds: 600, deadlineUs: null, deadlineFraction: 1,
});

/** The argument vector of one segment, as the planner would write it. */
export const commandOf = (options: CyclictestOptions): string[] => [
  'cyclictest', '-q', `--affinity=${options.cpus.join(',')}`, `--threads=${String(options.cpus.length)}`, `--mainaffinity=${options.mainCpus.join(',')}`,
  `--priority=${String(options.priority)}`, `--interval=${String(options.intervalUs)}`, `--duration=${String(Math.min(options.segmentSeconds, options.durationSeconds))}`,
  `--histogram=${String(options.histogramUs)}`, ...(options.lockMemory ? ['--mlockall'] : []), ...(options.holdDmaLatency ? [] : ['--default-system']),
];

const run = (id: string, boardId: string, createdAt: string, options: CyclictestOptions, state: CyclictestRun['state'], more: Partial<CyclictestRun> = {}): CyclictestRun => ({
  schema: 1, id, benchmark: 'cyclictest', boardId, boardName: boardId, snapshotId: null, createdAt, options, command: commandOf(options), conditions: [], state, stateReason: null,
  bootId: '0c1c6ad4', endedAt: state === 'running' ? null : stampAgo(60), journalSha256: state === 'running' ? null : '9f2c41e0a57b7d1f6a0c9a0d2f3e5b7c8d9e0f1a2b3c4d5e6f708192a3b4c5d6', ...more,
});

export function fakeRuns(): CyclictestRun[] {
  const held = 'cyclictest held /dev/cpu_dma_latency at 0: idle states the product would enter were shut.';
  return [
    run('night-run', 'press-host', stampAgo(100_000), { ...defaultOptions([4, 5, 6, 7], [0, 1]), durationSeconds: 86_400, deadlineUs: 320 }, 'completed', { conditions: [held] }),
    run('all-cpus', 'press-host', stampAgo(200_000), { ...defaultOptions(range(4, 63), [0, 1]), durationSeconds: 7200 }, 'completed', { conditions: [held] }),
    run('cut-short', 'press-host', stampAgo(150_000), defaultOptions([4, 5], [0, 1]), 'interrupted', { stateReason: 'The board rebooted during the run (another boot id).', conditions: [held] }),
    run('overflowing', 'spare-atom', stampAgo(50_000), { ...defaultOptions([1], [0]), deadlineUs: 100 }, 'completed', { conditions: [held, 'CPU 1 is not isolated: other work ran beside the measurement.'] }),
    run('going-on', 'rack-epyc', stampAgo(11_520), { ...defaultOptions(range(8, 39), [0]), durationSeconds: 86_400, deadlineUs: 100 }, 'running', { conditions: [held] }),
  ];
}
