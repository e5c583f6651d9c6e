import { CodedError } from '../../../shared/contract/errors.ts';
import type { Handlers } from '../../../shared/contract/dispatch.ts';
import type { MethodOutput } from '../../../shared/contract/methods.ts';
import { stampAgo, statusOf } from './data.ts';
import { snapshotOf } from './machines.ts';
import { remarks } from './snapshots.ts';
import type { FakeState } from './state.ts';

type BoardMethod = Extract<keyof Handlers, `app.${string}` | `project.${string}` | `boards.${string}` | `inspect.${string}` | `snapshots.${string}`>;

/** The application, its project, its boards and what was read of them. */
export const boardHandlers = (state: FakeState): Pick<Handlers, BoardMethod> => ({
  'app.info': async () => ({ version: '0.1.0', host: 'browser-window', node: process.version, platform: process.platform, probeVersion: '1' }),
  'project.current': async () => ({ info: state.project, recent: ['/home/engineer/sites/line4.rtvm', '/home/engineer/sites/weld-cell.rtvm'] }),
  'project.open': async ({ directory }) => state.openProject(directory, 'Weld cell'),
  'project.create': async ({ directory, name }) => state.openProject(directory, name),
  'boards.list': async () => state.boards.map((fake) => statusOf(fake, state.runs)),
  'boards.add': async (board) => {
    const id = board.name.toLowerCase().replace(/[^a-z0-9]+/g, '-').replace(/^-|-$/g, '') || 'board';
    const added = { ...board, schema: 1 as const, id, hostKeys: [], addedAt: stampAgo(0) };
    state.boards = [...state.boards, { board: added, connection: { boardId: id, state: 'idle', roundTripMs: null, sudo: 'unknown', error: null }, machine: null, summary: null, attention: null, snapshotIds: [] }];
    state.emit('boards-changed', {});
    return added;
  },
  'boards.update': async ({ boardId, changes }) => {
    const fake = state.boardOf(boardId);
    const { name = fake.board.name, role = fake.board.role, reach = fake.board.reach, notes = fake.board.notes } = changes;
    fake.board = { ...fake.board, name, role, reach, notes };
    return fake.board;
  },
  'boards.forget-host-keys': async ({ boardId, host, port }) => {
    const fake = state.boardOf(boardId);
    fake.board = { ...fake.board, hostKeys: fake.board.hostKeys.filter((pin) => pin.host !== host || pin.port !== port) };
    return fake.board;
  },
  'boards.remove': async ({ boardId }) => {
    state.boards = state.boards.filter((fake) => fake.board.id !== state.boardOf(boardId).board.id);
    state.emit('boards-changed', {});
    return {};
  },
  'boards.suggestions': async () => [
    { name: 'line4-press', source: 'ssh-config', target: { address: '192.0.2.17', port: 22, user: 'engineer', login: { method: 'key', keyFile: '/home/engineer/.ssh/id_ed25519' } }, jumps: [{ address: 'gate.example', port: 2222, user: 'jump', login: { method: 'agent' } }], notes: ['“ControlMaster” is not taken over.'] },
    { name: 'atom-7f.local', source: 'mdns', target: { address: 'atom-7f.local', port: 22, user: 'root', login: { method: 'password' } }, jumps: [], notes: [] },
  ],
  'boards.discover': async () => {
    const jobId = state.newJob('discover', 'Look for boards', null, null);
    later(() => { state.tell(jobId, { kind: 'done', result: {} }); });
    return { jobId };
  },
  'boards.connect': async ({ boardId }) => {
    const fake = state.boardOf(boardId);
    fake.connection = { ...fake.connection, state: 'connected', roundTripMs: 0.9, sudo: 'not-asked', error: null };
    return fake.connection;
  },
  'boards.disconnect': async ({ boardId }) => {
    const fake = state.boardOf(boardId);
    fake.connection = { ...fake.connection, state: 'idle', roundTripMs: null, sudo: 'unknown' };
    return {};
  },
  'boards.clean': async ({ boardId }) => {
    const jobId = state.newJob('clean', `Remove everything of ours from ${state.boardOf(boardId).board.name}`, boardId, null);
    later(() => { state.tell(jobId, { kind: 'done', result: {} }); });
    return { jobId };
  },
  'inspect.start': async ({ boardId }) => ({ jobId: inspect(state, boardId) }),
  'inspect.import': async ({ boardId, capture }) => {
    if (!capture.includes('rtvm')) throw new CodedError('capture-unreadable', 'This file is not a capture of the probe.', { next: 'Choose the file that “sh probe.sh > board.capture” wrote.' });
    const fake = state.boardOf(boardId);
    fake.machine ??= 'atom';
    fake.snapshotIds.unshift(stampAgo(0));
    return snapshotAnswer(state, boardId, fake.snapshotIds[0] ?? '');
  },
  'inspect.script': async () => ({ text: '#!/bin/sh\n# RTVM Bench probe: reads a board, changes nothing.\n' }),
  'snapshots.latest': async ({ boardId }) => {
    const latest = state.boardOf(boardId).snapshotIds[0];
    return latest === undefined ? null : snapshotAnswer(state, boardId, latest);
  },
  'snapshots.list': async ({ boardId }) => state.boardOf(boardId).snapshotIds,
  'snapshots.capture': async ({ boardId }) => {
    const [id] = state.boardOf(boardId).snapshotIds;
    if (id === undefined) throw new CodedError('file-unreadable', 'This board was never read.');
    return { id, text: 'rtvm-bench capture 1\n' };
  },
  'snapshots.get': async ({ boardId, snapshotId }) => snapshotAnswer(state, boardId, snapshotId),
});

/** Work of a board takes a moment, so that a screen shows that it is under way. */
const later = (work: () => void) => { setTimeout(work, 60); };

function snapshotAnswer(state: FakeState, boardId: string, snapshotId: string): MethodOutput<'snapshots.get'> {
  const fake = state.boardOf(boardId);
  if (fake.machine === null) throw new CodedError('file-unreadable', 'That reading is not in the project.');
  return { id: snapshotId, snapshot: snapshotOf(fake.machine, snapshotId), remarks: remarks.slice(0, fake.attention ?? 0) };
}

function inspect(state: FakeState, boardId: string): string {
  const fake = state.boardOf(boardId);
  const jobId = state.newJob('inspect', `Read ${fake.board.name}`, boardId, null);
  later(() => {
    state.tell(jobId, { kind: 'progress', message: 'Reading the board', fraction: 0.5 });
    fake.machine ??= 'xeon';
    fake.attention ??= 2;
    fake.snapshotIds.unshift(stampAgo(0));
    fake.connection = { ...fake.connection, state: 'connected', roundTripMs: 0.4, sudo: 'not-needed' };
    state.emit('connection', fake.connection);
    state.tell(jobId, { kind: 'done', result: {} });
  });
  return jobId;
}
