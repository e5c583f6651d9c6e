import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { PracticePort } from '../../electron/core/boards/practice-port.ts';
import { FileRunStore } from '../../electron/core/runs/file-run-store.ts';
import { startRun } from '../../electron/core/runs/start-run.ts';
import type { BoardSession } from '../../electron/core/ssh/board-session.ts';
import { createPracticeBoard } from '../../electron/practice-board/practice-board.ts';
import { toolRunSchema, type ToolOptions } from '../../shared/model/run.ts';
import { toolResultOf } from '../../shared/statistics/tool-result.ts';
import { loadJournal } from '../../electron/core/runs/load-journal.ts';
import { follow } from '../support/run-kit.ts';
import { answers, person, sessionKit } from '../support/session-kit.ts';
import { newToolRun } from '../support/tool-run.ts';

/** A newcomer can try each of these with no hardware: the same scripts, commands and parsers as on a real board. */
describe('benchmarks on the practice board', () => {
  const scratch = mkdtempSync(join(tmpdir(), 'rtvm-practice-tools-'));
  const store = new FileRunStore(join(scratch, 'project'));
  let board: PracticePort;
  let session: BoardSession;
  beforeAll(async () => {
    board = createPracticeBoard({ stateDir: scratch });
    const login = await board.ensure((await board.state()).machine);
    const asker = person((body) => (body.kind === 'password' || body.kind === 'sudo' ? answers(login.password) : undefined));
    session = sessionKit({ target: { address: '127.0.0.1', port: login.port, user: login.user, login: { method: 'password' } }, asker }).session;
  });
  afterAll(async () => {
    await session.disconnect();
    await board.stop();
    rmSync(scratch, { recursive: true, force: true });
  });

  it.each<[string, Partial<ToolOptions>, ToolOptions['values']]>([
    ['oslat', { cpus: [16, 17] }, { buckets: 64 }],
    ['hwlatdetect', { cpus: [16, 17] }, {}],
    ['signaltest', { cpus: [16] }, {}],
    ['cyclicdeadline', { cpus: Array.from({ length: 16 }, (_, cpu) => cpu) }, {}],
    ['ping', { cpus: [0] }, { peer: '10.0.0.2' }],
    ['hackbench', { cpus: [0, 1, 2, 3], durationSeconds: 60 }, { groups: 2, messages: 100 }],
  ])('%s goes through the same scripts to a result', async (id, changes, values) => {
    const planned = newToolRun(id, { mainCpus: [0, 1], ...changes }, values);
    const ended = await follow(session, store, await startRun({ session, store, owner: 'ana@laptop', ...planned })).ended;
    expect(ended).toMatchObject({ state: 'completed', stateReason: null });
    const journal = await loadJournal(store, ended.id);
    expect(journal.problem).toBeNull();
    const result = toolResultOf(toolRunSchema.parse(ended), journal, { virtualised: false });
    expect(result.output?.tool).toBe(id);
    expect(result.output?.warnings).toEqual([]);
    expect((result.output?.distributions.length ?? 0) + (result.output?.scalars.length ?? 0)).toBeGreaterThan(0);
  });
});
