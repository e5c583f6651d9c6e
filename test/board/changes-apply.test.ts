import { chmodSync, existsSync, mkdirSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { BoardSession } from '../../electron/core/ssh/board-session.ts';
import { codedError } from '../support/session-kit.ts';
import { changeKit, fileStep, proposalOf, startSshdBoard, stepOf, testBoard, valueStep, type ChangeKit, type SshdBoard } from '../support/change-kit.ts';

describe('changes on a real sshd', () => {
  let board: SshdBoard;
  let session: BoardSession;
  let kit: ChangeKit;
  const at = (name: string) => join(board.files, name);
  beforeAll(async () => {
    board = await startSshdBoard();
    session = board.session();
  });
  afterAll(async () => { await board.stop(); });
  beforeEach(() => {
    kit = changeKit();
    rmSync(board.files, { recursive: true, force: true });
    mkdirSync(board.files);
    return () => { kit.dispose(); };
  });

  it('writes, reads back and puts back byte for byte, with mode and owner', async () => {
    const odd = Buffer.from([0, 255, 10, 13, 0xc3, 0x28, 39, 34, 36]);
    writeFileSync(at('odd'), odd);
    chmodSync(at('odd'), 0o640);
    writeFileSync(at('value'), '1\n');
    const plan = await kit.plan(session, proposalOf([fileStep(at('odd'), 'new $(touch x) `id` \'"\n'), fileStep(at('fresh/made.conf'), 'a = 1\n'), valueStep(at('value'), '0')]));
    expect(plan.steps.map(({ before }) => before.kind)).toEqual(['file', 'file', 'value']);
    const change = await kit.apply(session, plan);
    expect(change.state).toBe('done');
    expect(readFileSync(at('odd'), 'utf8')).toBe('new $(touch x) `id` \'"\n');
    expect(readFileSync(at('value'), 'utf8')).toBe('0\n');
    expect(readFileSync(join(kit.store.directory(testBoard.id, change.id), 'backup', '01-odd'))).toEqual(odd);
    expect(existsSync(join(board.base, 'changing'))).toBe(false);

    const undone = await kit.undo(session, change.id);
    expect(undone.state).toBe('done');
    expect(readFileSync(at('odd'))).toEqual(odd);
    expect(statSync(at('odd')).mode & 0o777).toBe(0o640);
    expect(existsSync(at('fresh/made.conf'))).toBe(false);
    expect(readFileSync(at('value'), 'utf8')).toBe('1\n');
    expect((await kit.store.change(testBoard.id, change.id)).undoneBy).toBe(undone.id);
  });

  it('leaves out what is so already, and makes no step of nothing', async () => {
    writeFileSync(at('same'), 'x\n', { mode: 0o644 });
    expect((await kit.plan(session, proposalOf([fileStep(at('same'), 'x\n'), stepOf({ kind: 'generate', generator: 'update-grub' })]))).steps).toEqual([]);
  });

  it('refuses a plan when the board has moved since, and changes nothing', async () => {
    writeFileSync(at('a'), 'one\n');
    const plan = await kit.plan(session, proposalOf([fileStep(at('a'), 'two\n'), fileStep(at('b'), 'b\n')]));
    writeFileSync(at('a'), 'somebody else\n');
    expect((await codedError(kit.apply(session, plan))).code).toBe('board-moved');
    expect(readFileSync(at('a'), 'utf8')).toBe('somebody else\n');
    expect(existsSync(at('b'))).toBe(false);
    expect(await kit.store.changes(testBoard.id)).toEqual([]);
  });

  it('refuses a plan of another board and of another machine behind the same name', async () => {
    const plan = await kit.plan(session, proposalOf([fileStep(at('a'), 'two\n')]));
    expect((await codedError(kit.apply(session, { ...plan, boardId: 'bench-2' }))).code).toBe('plan-for-other-board');
    expect((await codedError(kit.apply(session, { ...plan, machineId: 'ffffffffffffffffffffffffffffffff' }))).code).toBe('plan-for-other-board');
    expect(existsSync(at('a'))).toBe(false);
  });

  it('refuses a plan whose file was edited after it was made', async () => {
    const plan = await kit.plan(session, proposalOf([fileStep(at('a'), 'two\n')]));
    const edited = { ...plan, steps: plan.steps.map((step) => ({ ...step, before: { kind: 'file' as const, is: 'regular' as const, content: { encoding: 'utf8' as const, data: 'not so' }, mode: '644', owner: '0:0' } })) };
    expect((await codedError(kit.apply(session, edited))).code).toBe('plan-refused');
    expect(existsSync(at('a'))).toBe(false);
  });

  it('undoes nothing on another machine behind the same name', async () => {
    const change = await kit.apply(session, await kit.plan(session, proposalOf([fileStep(at('a'), '1\n')])));
    const file = join(kit.store.directory(testBoard.id, change.id), 'plan.json');
    writeFileSync(file, readFileSync(file, 'utf8').replace(change.plan.machineId, 'f'.repeat(32)));
    expect((await codedError(kit.undo(session, change.id))).code).toBe('plan-for-other-board');
    expect(readFileSync(at('a'), 'utf8')).toBe('1\n');
  });

  it('refuses to write through a link', async () => {
    writeFileSync(at('real'), 'x');
    symlinkSync(at('real'), at('link'));
    expect((await codedError(kit.plan(session, proposalOf([fileStep(at('link'), 'two\n')])))).code).toBe('plan-refused');
    expect(readFileSync(at('real'), 'utf8')).toBe('x');
  });

  it('puts everything back when a step fails, and says so', async () => {
    writeFileSync(at('a'), 'one\n');
    const plan = await kit.plan(session, proposalOf([fileStep(at('a'), 'two\n'), fileStep(at('b'), 'b\n'), valueStep('/proc/sys/kernel/no-such-value', '1')]));
    expect((await codedError(kit.apply(session, plan))).code).toBe('step-failed');
    expect(readFileSync(at('a'), 'utf8')).toBe('one\n');
    expect(existsSync(at('b'))).toBe(false);
    const change = await kit.store.change(testBoard.id, plan.id);
    expect([change.state, change.words]).toEqual(['rolled-back', 'Everything this change did was put back.']);
    expect(existsSync(join(board.base, 'changing'))).toBe(false);
  });

  it('tells a value that did not take from one that did, and puts it back', async () => {
    const plan = await kit.plan(session, proposalOf([valueStep('/proc/self/comm', 'odd')]));
    expect((await codedError(kit.apply(session, plan))).code).toBe('step-without-effect');
  });

  it('does not let a live value that the kernel keeps hold up an undoing, and says which', async () => {
    // A value that reads otherwise than it was written, without an error.
    const value = valueStep('/proc/self/comm', 'odd');
    const change = await kit.apply(session, await kit.plan(session, proposalOf([fileStep(at('a'), '1\n')])));
    const back = await kit.plan(session, proposalOf([fileStep(at('a'), null), value]));
    const both = { ...back, id: '20260101T000000Z', title: 'Undo', purpose: { kind: 'undo' as const, changeId: change.id } };
    const undone = await kit.apply(session, both);
    expect(undone.state).toBe('done');
    expect(undone.words).toContain('The kernel that runs keeps until its next start: set /proc/self/comm');
    expect(existsSync(at('a'))).toBe(false);
  });

  it('undoes independent changes in any order and refuses one that a later change builds on', async () => {
    const first = await kit.apply(session, await kit.plan(session, proposalOf([fileStep(at('a'), '1\n')])));
    const second = await kit.apply(session, await kit.plan(session, proposalOf([fileStep(at('b'), '2\n')])));
    const third = await kit.apply(session, await kit.plan(session, proposalOf([fileStep(at('a'), '3\n')])));
    expect((await codedError(kit.undo(session, first.id))).code).toBe('undo-refused');
    expect((await kit.undo(session, second.id)).state).toBe('done');
    expect((await kit.undo(session, third.id)).state).toBe('done');
    expect(readFileSync(at('a'), 'utf8')).toBe('1\n');
    expect((await kit.undo(session, first.id)).state).toBe('done');
    expect(existsSync(at('a'))).toBe(false);
    expect((await codedError(kit.undo(session, first.id))).code).toBe('change-ended');
  });

  it('refuses to undo a file that somebody changed since, and keeps their work', async () => {
    const change = await kit.apply(session, await kit.plan(session, proposalOf([fileStep(at('a'), '1\n')])));
    writeFileSync(at('a'), '1\nmine\n');
    expect((await codedError(kit.undo(session, change.id))).code).toBe('undo-refused');
    expect(readFileSync(at('a'), 'utf8')).toBe('1\nmine\n');
  });

  it('tells a second engineer who changes the board, and since when', async () => {
    mkdirSync(join(board.base, 'changing'), { recursive: true });
    writeFileSync(join(board.base, 'changing', 'by'), `20260101T000000Z ${String(Math.floor(Date.now() / 1000) - 60)}\nmia@laptop7\n`);
    const plan = await kit.plan(session, proposalOf([fileStep(at('a'), '1\n')]));
    await expect(kit.apply(session, plan)).rejects.toThrow(/mia@laptop7 has been changing settings there since/);
    expect(existsSync(at('a'))).toBe(false);
    // An hour later the other laptop is taken to be gone.
    writeFileSync(join(board.base, 'changing', 'by'), `20260101T000000Z ${String(Math.floor(Date.now() / 1000) - 3600)}\nmia@laptop7\n`);
    expect((await kit.apply(session, await kit.plan(session, proposalOf([fileStep(at('a'), '1\n')])))).state).toBe('done');
  });
});
