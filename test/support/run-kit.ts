import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { cyclictestCommand } from '../../shared/planning/cyclictest-command.ts';
import { stampOf } from '../../shared/model/stamp.ts';
import { isCyclictestRun, type CyclictestOptions, type CyclictestRun, type Run } from '../../shared/model/run.ts';
import type { BoardSession } from '../../electron/core/ssh/board-session.ts';
import { FileRunStore } from '../../electron/core/runs/file-run-store.ts';
import { followRun } from '../../electron/core/runs/follow-run.ts';
import { newRunId } from '../../electron/core/runs/run-id.ts';
import type { RunEvent } from '../../electron/core/runs/run-telling.ts';
import { startRun } from '../../electron/core/runs/start-run.ts';
import { sessionKit } from './session-kit.ts';
import { startSshd } from './sshd-server.ts';
import type { SshdOptions, SshdServer } from './sshd-server.ts';

/** A short measurement of CPU 1 with everything else on CPU 0. */
export const shortOptions: CyclictestOptions = {
  cpus: [1], mainCpus: [0], priority: 80, intervalUs: 1_000, durationSeconds: 4, histogramUs: 200, lockMemory: true,
  holdDmaLatency: true, segmentSeconds: 2, deadlineUs: null, deadlineFraction: 1,
};

export const newRun = (changes: Partial<CyclictestOptions> = {}): CyclictestRun => {
  const options = { ...shortOptions, ...changes };
  return {
    schema: 1, id: newRunId('bench-1', new Date()), benchmark: 'cyclictest', boardId: 'bench-1', boardName: 'Bench 1', snapshotId: null,
    createdAt: stampOf(new Date()), options, command: cyclictestCommand(options, { seconds: options.segmentSeconds, toolVersion: null }),
    conditions: [], state: 'starting', stateReason: null, bootId: null, endedAt: null, journalSha256: null,
  };
};

export interface Following {
  readonly events: RunEvent[];
  readonly ended: Promise<Run>;
  cancel(): void;
  /** Resolves at the first event for which `wanted` holds. */
  until(wanted: (event: RunEvent) => boolean): Promise<RunEvent>;
}

export const follow = (session: BoardSession, store: FileRunStore, run: Run): Following => {
  const stop = new AbortController();
  const events: RunEvent[] = [];
  const waiting = new Set<{ wanted: (event: RunEvent) => boolean; found: (event: RunEvent) => void }>();
  const ended = followRun({
    session, store, run, signal: stop.signal,
    tell: (event) => {
      events.push(event);
      for (const one of waiting) if (one.wanted(event)) { waiting.delete(one); one.found(event); }
    },
  });
  ended.catch(() => undefined);
  return {
    events, ended, cancel: () => { stop.abort(); },
    until: async (wanted) => events.find(wanted) ?? Promise.race([
      new Promise<RunEvent>((found) => { waiting.add({ wanted, found }); }),
      ended.then((run) => { throw new Error(`the run ended before: ${run.state}, ${run.stateReason ?? ''}`); }),
    ]),
  };
};

export const isLive = (event: RunEvent): boolean => event.kind === 'live';

/** A real sshd as board, root's folder of ours in a scratch folder, and a project folder on the "laptop". */
export interface RunKit {
  readonly server: SshdServer;
  /** The folder that holds everything of ours on the board. */
  readonly base: string;
  readonly store: FileRunStore;
  session(port?: number): BoardSession;
  start(run: Run, session?: BoardSession): Promise<Run>;
  boardFile(run: Run, name?: string): string;
  boardJournal(run: Run): Buffer;
  localJournal(run: Run): Buffer;
  stop(): Promise<void>;
}

export const startRunKit = async (options: SshdOptions & { base?: string; path?: string } = {}): Promise<RunKit> => {
  const scratch = mkdtempSync(join(tmpdir(), 'rtvm-runs-'));
  const base = options.base ?? join(scratch, 'board');
  const server = await startSshd({ rootLogin: true, ...options, config: [...options.config ?? [], `SetEnv RTVM_BENCH_DIR=${base}${options.path === undefined ? '' : ` PATH=${options.path}`}`] });
  const store = new FileRunStore(join(scratch, 'project'));
  const sessions: BoardSession[] = [];
  const session = (port = server.port): BoardSession => {
    const kit = sessionKit({ target: { address: '127.0.0.1', port, user: 'root', login: { method: 'key', keyFile: server.keyFile } } });
    sessions.push(kit.session);
    return kit.session;
  };
  const boardFile = (run: Run, name = 'journal'): string => join(base, 'runs', run.id, name);
  return {
    server, base, store, session, boardFile,
    start: async (run, on = session()) => startRun({ session: on, store, run, owner: 'ana@laptop' }),
    boardJournal: (run) => readFileSync(boardFile(run)),
    localJournal: (run) => readFileSync(join(store.directory(run.id), 'journal')),
    stop: async () => {
      for (const one of sessions) await one.disconnect();
      for (const pid of oursOnBoard(base)) process.kill(pid, 'SIGKILL');
      await server.stop();
      rmSync(scratch, { recursive: true, force: true });
    },
  };
};

/** Processes whose arguments name the board's folder of ours: runner, cyclictest, tail. */
export const oursOnBoard = (base: string): number[] => readdirSync('/proc').filter((name) => /^\d+$/.test(name)).flatMap((name) => {
  try {
    return readFileSync(`/proc/${name}/cmdline`, 'utf8').includes(base) ? [Number(name)] : [];
  } catch {
    return [];
  }
});

/** Resolves when a condition of the world outside holds; there is no event to wait for, so it is looked at again and again. */
export const eventually = async (holds: () => boolean, what: string, withinMs = 20_000): Promise<void> => {
  const until = performance.now() + withinMs;
  while (!holds()) {
    if (performance.now() > until) throw new Error(`it never came to be that ${what}`);
    await new Promise((resolve) => { setTimeout(resolve, 20); });
  }
};

/** A run as the store has it, known to be one of cyclictest. */
export const asCyclictest = (run: Run): CyclictestRun => {
  if (!isCyclictestRun(run)) throw new Error(`${run.id} is a run of ${run.benchmark}`);
  return run;
};
