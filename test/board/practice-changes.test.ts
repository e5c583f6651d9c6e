import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createCore, type Core } from '../../electron/core/create-core.ts';
import type { PracticePort } from '../../electron/core/boards/practice-port.ts';
import { createPracticeBoard } from '../../electron/practice-board/practice-board.ts';
import { createClient, type Client } from '../../shared/contract/client.ts';
import { linkPair } from '../../shared/contract/link.ts';
import type { ChangeWant, Plan } from '../../shared/model/plan.ts';
import type { JobEvent } from '../../shared/model/job.ts';
import type { Snapshot } from '../../shared/model/snapshot.ts';

const faults = { slowLinkMs: 0, dropAfterBytes: 0, diskFull: false, wrongPassword: false };

/** A newcomer at a window: everything goes through the contract, the board is a practice board. */
class Newcomer {
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

const newcomer = (machine: string): { readonly at: () => Newcomer } => {
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

const cpus = { guide: 'kvm-host' as const, housekeeping: [0, 1] };

describe('a PC with a fresh Debian, on the practice board', () => {
  const { at } = newcomer('plain-pc');

  test('gets a real-time kernel, tries it with a command line of its own, and keeps both', async () => {
    const installed = await at().plan({ kind: 'realtime-kernel', source: { kind: 'board' } });
    expect(await at().apply(installed)).toMatchObject({ kind: 'done' });
    await at().read();
    const tried = await at().plan({ kind: 'try-kernel', ...cpus, kernel: '6.1.0-37-rt-amd64' });
    expect(await at().apply(tried)).toMatchObject({ kind: 'done' });
    expect(await at().read()).toMatchObject({ kernel: { realtime: true, release: '6.1.0-37-rt-amd64' }, cpus: { isolated: [2, 3, 4, 5, 6, 7] } });
    const promoted = await at().plan({ kind: 'promote-kernel', changeId: tried.id });
    expect(await at().apply(promoted)).toMatchObject({ kind: 'done' });
    await at().restart();
    expect(await at().read()).toMatchObject({ kernel: { realtime: true }, cpus: { isolated: [2, 3, 4, 5, 6, 7] } });
  });

  test('runs with the settings of a KVM host, and puts them back', async () => {
    const before = await at().read();
    const plan = await at().plan({ kind: 'settings', ...cpus, settings: null });
    expect(plan.steps.length).toBeGreaterThan(10);
    expect(await at().apply(plan)).toMatchObject({ kind: 'done' });
    await at().restart();
    expect((await at().read()).sysctls).toMatchObject({ 'kernel.timer_migration': '0', 'vm.stat_interval': '10' });
    expect(await at().undo(plan.id)).toMatchObject({ kind: 'done' });
    await at().restart();
    expect((await at().read()).sysctls).toEqual(before.sysctls);
  });

  test('comes back from a command line that panics', async () => {
    await at().practice.setFaults({ ...faults, newCommandLinePanics: true });
    const tried = await at().plan({ kind: 'try-kernel', guide: 'kvm-host', housekeeping: [0, 1, 2, 3], kernel: null });
    expect(await at().apply(tried)).toMatchObject({ kind: 'failed', error: { code: 'try-fell-back' } });
    expect((await at().client.call('changes.get', { boardId: at().boardId, changeId: tried.id })).state).toBe('fell-back');
    expect((await at().read()).cpus.isolated).toEqual([2, 3, 4, 5, 6, 7]);
  });
});

describe('an embedded box with RHEL, on the practice board', () => {
  const { at } = newcomer('rhel-atom');

  test('takes settings of its firmware with the next start', async () => {
    const plan = await at().plan({ kind: 'firmware', settings: null });
    expect(plan.steps.map(({ action }) => action)).toContainEqual({ kind: 'firmware-attribute', driver: 'dell-wmi-sysman', attribute: 'CStatesCtrl', value: 'Disabled' });
    expect(await at().apply(plan)).toMatchObject({ kind: 'done' });
    const idleState = 'sys/devices/system/cpu/cpu0/cpuidle/state2';
    const capture = async (): Promise<string> => (await at().client.call('snapshots.capture', { boardId: at().boardId })).text;
    expect(await capture()).toContain(idleState);
    await at().restart();
    await at().read();
    expect(await capture()).not.toContain(idleState);
  });

  test('tries a boot entry of its own, and grubby keeps it', async () => {
    const tried = await at().plan({ kind: 'try-kernel', guide: 'kvm-host', housekeeping: [0], kernel: null });
    expect(await at().apply(tried)).toMatchObject({ kind: 'done' });
    expect((await at().read()).cpus.isolated).toEqual([1, 2, 3]);
    expect(await at().apply(await at().plan({ kind: 'promote-kernel', changeId: tried.id }))).toMatchObject({ kind: 'done' });
    await at().restart();
    const { kernel } = await at().read();
    expect(kernel.commandLine).toContain('isolcpus=1-3');
    expect(kernel.commandLine).not.toContain('rtvm_bench.try');
  });
});
