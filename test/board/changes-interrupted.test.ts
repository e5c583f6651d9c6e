import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { appendFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { applyPlan } from '../../electron/core/changes/apply-change.ts';
import type { BoardSession } from '../../electron/core/ssh/board-session.ts';
import { CodedError } from '../../shared/contract/errors.ts';
import type { Plan } from '../../shared/model/plan.ts';
import { changeKit, dyingAt, fileStep, proposalOf, startSshdBoard, testBoard, valueStep, type ChangeKit, type SshdBoard } from '../support/change-kit.ts';
import { codedError } from '../support/session-kit.ts';
import { startTcpProxy } from '../support/tcp-proxy.ts';

describe('changes that are interrupted', () => {
  let board: SshdBoard;
  let session: BoardSession;
  const at = (name: string) => join(board.files, name);
  beforeAll(async () => {
    board = await startSshdBoard();
    session = board.session();
  });
  afterAll(async () => { await board.stop(); });

  const fresh = () => {
    // A change that was left as it is keeps the board for half an hour.
    rmSync(board.base, { recursive: true, force: true });
    rmSync(board.files, { recursive: true, force: true });
    mkdirSync(board.files);
    writeFileSync(at('a'), 'one\n');
    writeFileSync(at('gone'), 'kept\n');
    writeFileSync(at('value'), '1\n');
  };
  const proposal = () => proposalOf([fileStep(at('a'), 'two\n'), fileStep(at('gone'), null), fileStep(at('b'), 'b\n'), valueStep(at('value'), '0')]);
  const isBefore = () => readFileSync(at('a'), 'utf8') === 'one\n' && existsSync(at('gone')) && !existsSync(at('b')) && readFileSync(at('value'), 'utf8') === '1\n';
  const isAfter = () => readFileSync(at('a'), 'utf8') === 'two\n' && !existsSync(at('gone')) && readFileSync(at('b'), 'utf8') === 'b\n' && readFileSync(at('value'), 'utf8') === '0\n';
  const interrupted = async (kit: ChangeKit, line: number, when: 'before' | 'after'): Promise<Plan> => {
    fresh();
    const plan = await kit.plan(session, proposal());
    await expect(applyPlan(kit.work(session, { store: dyingAt(kit.store, line, when) }), plan)).rejects.toThrow('lost power');
    return plan;
  };

  // One line opens the journal, two lines a step.
  for (const line of [1, 2, 3, 4, 5, 6, 7, 8, 9]) {
    for (const when of ['before', 'after'] as const) {
      it(`goes on, or goes back, when the laptop dies ${when} line ${String(line)} of its journal`, async () => {
        const kit = changeKit();
        try {
          const plan = await interrupted(kit, line, when);
          expect((await kit.resume(session, plan.id)).state).toBe('done');
          expect(isAfter()).toBe(true);
          const other = await interrupted(kit, line, when);
          expect((await kit.rollBack(session, other.id)).state).toBe('rolled-back');
          expect(isBefore()).toBe(true);
        } finally {
          kit.dispose();
        }
      });
    }
  }

  it('neither goes on over nor takes back what somebody wrote meanwhile, and says so', async () => {
    const kit = changeKit();
    try {
      // The second line after the opening begins the removal of “gone”.
      const plan = await interrupted(kit, 4, 'after');
      writeFileSync(at('gone'), 'somebody else\n');
      expect((await codedError(kit.resume(session, plan.id))).code).toBe('board-moved');
      expect(readFileSync(at('gone'), 'utf8')).toBe('somebody else\n');
      expect(readFileSync(at('a'), 'utf8')).toBe('one\n');
      const { state, words } = await kit.store.change(testBoard.id, plan.id);
      expect([state, words]).toEqual(['failed', expect.stringContaining(`${at('gone')}: somebody changed it meanwhile`)]);
    } finally {
      kit.dispose();
    }
  });

  it('stays resumable when the board lets nobody in any more, and rolls back later', async () => {
    const kit = changeKit();
    try {
      fresh();
      const plan = await kit.plan(session, proposal());
      let calls = 0;
      const lockedOut: BoardSession['exec'] = async (script, options) => {
        calls += 1;
        if (calls > 3) throw new CodedError('auth-failed', 'The password was changed.');
        return session.exec(script, options);
      };
      const refusing = new Proxy(session, { get: (target, key) => {
        const value: unknown = key === 'exec' ? lockedOut : Reflect.get(target, key, target);
        return typeof value === 'function' ? value.bind(target) : value;
      } });
      expect((await codedError(kit.apply(refusing, plan))).code).toBe('auth-failed');
      expect((await kit.store.change(testBoard.id, plan.id)).state).toBe('applying');
      expect((await codedError(kit.rollBack(refusing, plan.id))).code).toBe('auth-failed');
      expect((await kit.rollBack(session, plan.id)).state).toBe('rolled-back');
      expect(isBefore()).toBe(true);
    } finally {
      kit.dispose();
    }
  });

  it('is rolled back on the machine it was made on, and on no other', async () => {
    const kit = changeKit();
    try {
      const plan = await interrupted(kit, 5, 'after');
      const file = join(kit.store.directory(testBoard.id, plan.id), 'plan.json');
      writeFileSync(file, readFileSync(file, 'utf8').replace(plan.machineId, 'f'.repeat(32)));
      expect((await codedError(kit.rollBack(session, plan.id))).code).toBe('plan-for-other-board');
      expect((await codedError(kit.resume(session, plan.id))).code).toBe('plan-for-other-board');
      expect(readFileSync(at('a'), 'utf8')).toBe('two\n');
    } finally {
      kit.dispose();
    }
  });

  it('reads a journal up to a line that a crash cut off, and goes on from there', async () => {
    const kit = changeKit();
    try {
      const plan = await interrupted(kit, 5, 'after');
      await appendFile(join(kit.store.directory(testBoard.id, plan.id), 'journal.ndjson'), '{"seq":6,"at":"2026-11-2');
      expect((await kit.resume(session, plan.id)).state).toBe('done');
      expect(isAfter()).toBe(true);
      expect((await kit.undo(session, plan.id)).state).toBe('done');
      expect(isBefore()).toBe(true);
    } finally {
      kit.dispose();
    }
  });

  it('rides out links that are cut at any byte of an apply', async () => {
    const proxy = await startTcpProxy(board.server.port);
    try {
      for (const bytes of [200, 1_500, 4_000, 9_000, 14_000, 20_000, 27_000]) {
        fresh();
        const kit = changeKit();
        const bad = board.session(proxy.port);
        const plan = await kit.plan(bad, proposal());
        proxy.dropAfter(bytes);
        expect((await kit.apply(bad, plan)).state).toBe('done');
        expect(isAfter()).toBe(true);
        expect((await kit.undo(bad, plan.id)).state).toBe('done');
        expect(isBefore()).toBe(true);
        await bad.disconnect();
        kit.dispose();
      }
    } finally {
      await proxy.stop();
    }
  });
});
