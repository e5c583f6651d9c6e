import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { applyPlan, resumeChange } from '../../electron/core/changes/apply-change.ts';
import type { ChangeWork } from '../../electron/core/changes/change-work.ts';
import { FileChangeStore } from '../../electron/core/changes/file-change-store.ts';
import { makePlan } from '../../electron/core/changes/make-plan.ts';
import { proposeUndo } from '../../electron/core/changes/propose-undo.ts';
import { rollBack } from '../../electron/core/changes/roll-back.ts';
import type { BoardSession } from '../../electron/core/ssh/board-session.ts';
import type { Board } from '../../shared/model/board.ts';
import type { Change } from '../../shared/model/change.ts';
import type { Action, Plan, Proposal, ProposedStep } from '../../shared/model/plan.ts';
import { sessionKit } from './session-kit.ts';
import { startSshd, type SshdOptions, type SshdServer } from './sshd-server.ts';

export const testBoard: Board = {
  schema: 1, id: 'bench-1', name: 'Bench 1', role: 'host', notes: '', hostKeys: [], addedAt: '20261121T100000Z', reach: { kind: 'practice', machine: 'dual-xeon' },
};

export const stepOf = (action: Action, changes: Partial<ProposedStep> = {}): ProposedStep => ({ title: `do ${action.kind}`, why: 'a test', settings: [], risk: 'none', caution: '', action, ...changes });
export const fileStep = (path: string, text: string | null, mode = '0644'): ProposedStep =>
  stepOf({ kind: 'file', path, content: text === null ? null : { encoding: 'utf8', data: text }, mode }, { title: `write ${path}` });
export const valueStep = (path: string, value: string): ProposedStep => stepOf({ kind: 'value', path, value, readsAs: [] }, { title: `set ${path}` });
export const proposalOf = (steps: readonly ProposedStep[], changes: Partial<Proposal> = {}): Proposal => ({ title: 'A test', purpose: { kind: 'change' }, steps, restart: 'none', notes: [], refused: [], ...changes });

/** A project folder on the "laptop" and what changes a board through a session. */
export interface ChangeKit {
  readonly store: FileChangeStore;
  readonly messages: string[];
  work(session: BoardSession, changes?: Partial<ChangeWork>): ChangeWork;
  plan(session: BoardSession, proposal: Proposal): Promise<Plan>;
  apply(session: BoardSession, plan: Plan, changes?: Partial<ChangeWork>): Promise<Change>;
  resume(session: BoardSession, changeId: string): Promise<Change>;
  rollBack(session: BoardSession, changeId: string): Promise<Change>;
  undo(session: BoardSession, changeId: string): Promise<Change>;
  dispose(): void;
}

export function changeKit(board: Board = testBoard): ChangeKit {
  const scratch = mkdtempSync(join(tmpdir(), 'rtvm-changes-'));
  const store = new FileChangeStore(scratch, { readOnlyReason: () => null, unreadable: (file, error) => { throw new Error(`${file}: ${error.message}`); } });
  const messages: string[] = [];
  const work: ChangeKit['work'] = (session, changes = {}) => ({
    session, store, board, owner: 'tester@laptop', mayEnd: [], patience: { slowMs: 60_000, lostMs: 480_000, servicesMs: 120_000 }, signal: new AbortController().signal,
    tell: (body) => { if (body.kind === 'progress' || body.kind === 'link') messages.push(body.message); }, ...changes,
  });
  const plan: ChangeKit['plan'] = async (session, proposal) => {
    const made = await makePlan({ session, board, id: await store.newId(board.id), snapshotId: null, proposal });
    await store.savePlan(made);
    return made;
  };
  return {
    store, messages, work, plan,
    apply: (session, made, changes) => applyPlan(work(session, changes), made),
    resume: (session, changeId) => resumeChange(work(session), changeId),
    rollBack: (session, changeId) => rollBack(work(session), changeId, null),
    undo: async (session, changeId) => {
      const all = await store.changes(board.id);
      const proposal = await proposeUndo({ session, board, change: await store.change(board.id, changeId), all });
      return applyPlan(work(session), await plan(session, proposal));
    },
    dispose: () => { rmSync(scratch, { recursive: true, force: true }); },
  };
}

/** A laptop that dies at its n-th journal line: just before it is written, or just after. */
export function dyingAt(store: FileChangeStore, line: number, when: 'before' | 'after'): FileChangeStore {
  let lines = 0;
  return new Proxy(store, {
    get: (target, key) => {
      if (key !== 'note') {
        const value: unknown = Reflect.get(target, key, target);
        return typeof value === 'function' ? value.bind(target) : value;
      }
      return async (...args: Parameters<FileChangeStore['note']>) => {
        lines += 1;
        if (lines < line) return target.note(...args);
        if (lines === line && when === 'after') await target.note(...args);
        throw new Error('the laptop lost power');
      };
    },
  });
}

/** A real sshd as the board, a folder of ours and one to change files in, both of which only the test knows. */
export interface SshdBoard {
  readonly server: SshdServer;
  readonly base: string;
  readonly files: string;
  session(port?: number): BoardSession;
  stop(): Promise<void>;
}

/** `programs`: a folder whose programs the board has before all others. */
export async function startSshdBoard({ programs, ...options }: SshdOptions & { programs?: string } = {}): Promise<SshdBoard> {
  const scratch = mkdtempSync(join(tmpdir(), 'rtvm-change-board-'));
  const base = join(scratch, 'ours');
  const files = join(scratch, 'etc');
  mkdirSync(files);
  const server = await startSshd({ rootLogin: true, ...options, config: [...options.config ?? [], `SetEnv RTVM_BENCH_DIR=${base}${programs === undefined ? '' : ` PATH=${programs}:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin`}`] });
  const sessions: BoardSession[] = [];
  return {
    server, base, files,
    session: (port = server.port) => {
      const { session } = sessionKit({ target: { address: '127.0.0.1', port, user: 'root', login: { method: 'key', keyFile: server.keyFile } } });
      sessions.push(session);
      return session;
    },
    stop: async () => {
      await Promise.all(sessions.map((session) => session.disconnect()));
      await server.stop();
      rmSync(scratch, { recursive: true, force: true });
    },
  };
}
