import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createCore } from '../../electron/core/create-core.ts';
import type { PracticePort } from '../../electron/core/boards/practice-port.ts';
import { createClient, type Client } from '../../shared/contract/client.ts';
import { CodedError } from '../../shared/contract/errors.ts';
import { linkPair } from '../../shared/contract/link.ts';
import type { JobEvent } from '../../shared/model/job.ts';
import type { Board } from '../../shared/model/board.ts';
import type { Change } from '../../shared/model/change.ts';
import type { ChangeWant, Plan } from '../../shared/model/plan.ts';
import type { GuideId, SettingReport } from '../../shared/model/setting.ts';

const noPractice: PracticePort = {
  ensure: () => Promise.reject(new CodedError('practice-only', 'This test has no practice board.')),
  state: () => Promise.reject(new CodedError('practice-only', 'This test has no practice board.')),
  setFaults: async () => undefined, setMachine: async () => undefined, reset: async () => undefined, stop: async () => undefined,
};

interface Target { readonly host: string; readonly port: number; readonly user: string; readonly keyFile: string; readonly sudoPassword?: string }

/** The whole core with a project of its own, used through the contract as a window uses it. */
export interface CoreWindow {
  readonly client: Client;
  readonly board: Board;
  readonly projectDirectory: string;
  /** Resolves with the job's result; rejects with its coded error. */
  untilDone(jobId: string): Promise<Record<string, unknown>>;
  /** Of the board, or of another that was added. */
  inspect(boardId?: string): Promise<void>;
  /** A plan for what is wanted; fails when there is nothing to do. */
  plan(want: ChangeWant, boardId?: string): Promise<Plan>;
  apply(plan: Plan): Promise<Change>;
  settings(guide: GuideId, housekeeping?: number[]): Promise<Map<string, SettingReport>>;
  close(): Promise<void>;
}

export async function openCoreWindow(target: Target, practice: PracticePort = noPractice): Promise<CoreWindow> {
  const home = mkdtempSync(join(tmpdir(), 'rtvm-core-window-'));
  const projectDirectory = join(home, 'p.rtvm');
  const core = createCore({ hostKind: 'cli', version: '0.0.0', paths: { stateDirectory: join(home, 'state'), defaultProject: projectDirectory }, practice });
  const [mine, theirs] = linkPair();
  core.serve(theirs);
  const client = createClient(mine);
  client.on('question-asked', ({ id, body }) => {
    const password = target.sudoPassword;
    void client.call('questions.answer', { questionId: id, answer: body.kind === 'sudo' && password !== undefined ? { kind: 'answers', answers: [password] } : { kind: 'accept' } });
  });
  await client.call('project.create', { directory: projectDirectory, name: 'Test' });
  const board = await client.call('boards.add', {
    name: 'Bench 1', role: 'host', notes: '', reach: { kind: 'ssh', target: { address: target.host, port: target.port, user: target.user, login: { method: 'key', keyFile: target.keyFile } }, jumps: [] },
  });
  const untilDone = (jobId: string) => new Promise<Record<string, unknown>>((settle, fail) => {
    const look = ({ jobId: id, body }: JobEvent) => {
      if (id !== jobId) return;
      if (body.kind === 'progress' || body.kind === 'link') process.stderr.write(`  ${body.message}\n`);
      if (body.kind === 'done') settle(body.result);
      if (body.kind === 'failed') fail(CodedError.fromData(body.error));
    };
    client.on('job', look);
    client.call('jobs.snapshot', { jobId, afterSeq: 0 }).then(({ events }) => { events.filter(({ body }) => body.kind === 'done' || body.kind === 'failed').forEach(look); }, fail);
  });
  return {
    client, board, projectDirectory, untilDone,
    inspect: async (boardId = board.id) => { await untilDone((await client.call('inspect.start', { boardId, asRoot: true })).jobId); },
    plan: async (want, boardId = board.id) => {
      const { plan, refused, notes } = await client.call('plans.propose', { boardId, want });
      if (!plan) throw new Error(`no plan: ${JSON.stringify({ refused, notes })}`);
      return plan;
    },
    apply: async (plan) => {
      await untilDone((await client.call('changes.apply', { boardId: plan.boardId, planId: plan.id, mayEnd: [] })).jobId);
      return client.call('changes.get', { boardId: plan.boardId, changeId: plan.id });
    },
    settings: async (guide, housekeeping) => {
      const check = await client.call('guides.check', { boardId: board.id, guide, housekeeping: housekeeping ?? null });
      if (!check) throw new Error('the board was not read');
      return new Map(check.settings.map((setting) => [setting.id, setting]));
    },
    close: async () => {
      await core.close();
      rmSync(home, { recursive: true, force: true });
    },
  };
}
