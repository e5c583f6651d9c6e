import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect } from 'vitest';
import { createCore, type Core } from '../../electron/core/create-core.ts';
import type { PracticePort } from '../../electron/core/boards/practice-port.ts';
import { createPracticeBoard } from '../../electron/practice-board/practice-board.ts';
import { createClient, type Client } from '../../shared/contract/client.ts';
import { linkPair } from '../../shared/contract/link.ts';
import type { ChangeWant, Plan } from '../../shared/model/plan.ts';
import type { JobEvent } from '../../shared/model/job.ts';
import type { Snapshot } from '../../shared/model/snapshot.ts';

/** A newcomer at a window: everything goes through the contract, the board is a practice board. */
export class Newcomer {
  readonly client: Client;
  readonly practice: PracticePort;
  readonly #core: Core;
  boardId = '';

  constructor(home: string) {
    this.practice = createPracticeBoard({ stateDir: join(home, 'state'), seed: 11 });
    this.#core = createCore({ hostKind: 'cli', version: '0.0.0', paths: { stateDirectory: join(home, 'state'), defaultProject: join(home, 'p.rtvm') }, practice: this.practice });
    const [mine, theirs] = linkPair();
    this.#core.serve(theirs);
    this.client = createClient(mine);
    this.client.on('question-asked', ({ id }) => { void this.client.call('questions.answer', { questionId: id, answer: { kind: 'accept' } }); });
  }

  async take(machine: string): Promise<void> {
    this.boardId = (await this.client.call('boards.add', { name: machine, role: 'host', notes: '', reach: { kind: 'practice', machine } })).id;
    await this.read();
  }

  async job(jobId: string): Promise<JobEvent['body']> {
    return new Promise((ended) => {
      const look = ({ jobId: id, body }: JobEvent) => { if (id === jobId && (body.kind === 'done' || body.kind === 'failed')) ended(body); };
      this.client.on('job', look);
      void this.client.call('jobs.snapshot', { jobId, afterSeq: 0 }).then(({ events }) => { events.forEach(look); });
    });
  }

  async read(): Promise<Snapshot> {
    const { jobId } = await this.client.call('inspect.start', { boardId: this.boardId, asRoot: true });
    expect(await this.job(jobId)).toMatchObject({ kind: 'done' });
    const latest = await this.client.call('snapshots.latest', { boardId: this.boardId });
    if (latest === null) throw new Error('no reading');
    return latest.snapshot;
  }

  async plan(want: ChangeWant): Promise<Plan> {
    const { plan, refused, notes } = await this.client.call('plans.propose', { boardId: this.boardId, want });
    if (plan === null) throw new Error(`no plan: ${JSON.stringify({ refused, notes })}`);
    return plan;
  }

  /** Applies a plan; gives how that ended. */
  async apply(plan: Plan): Promise<JobEvent['body']> {
    return this.job((await this.client.call('changes.apply', { boardId: this.boardId, planId: plan.id, mayEnd: [] })).jobId);
  }

  async undo(changeId: string): Promise<JobEvent['body']> {
    return this.apply(await this.plan({ kind: 'undo', changeId }));
  }

  async restart(): Promise<void> {
    expect(await this.job((await this.client.call('changes.restart', { boardId: this.boardId, mayEnd: [] })).jobId)).toMatchObject({ kind: 'done' });
  }

  async stop(): Promise<void> {
    await this.#core.close();
    await this.practice.stop();
  }
}

/** One newcomer for the tests of a file, at one machine. */
export const newcomer = (machine: string): { readonly at: () => Newcomer } => {
  let home = '';
  let made: Newcomer | undefined;
  beforeAll(async () => {
    home = await mkdtemp(join(tmpdir(), 'rtvm-practice-'));
    made = new Newcomer(home);
    await made.client.call('project.create', { directory: join(home, 'p.rtvm'), name: 'Practice' });
    await made.take(machine);
  });
  afterAll(async () => {
    await made?.stop();
    await rm(home, { recursive: true, force: true });
  });
  return {
    at: () => {
      if (made === undefined) throw new Error('not started');
      return made;
    },
  };
};
