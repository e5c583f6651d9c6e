import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { createBoardSession } from '../../electron/core/ssh/create-board-session.ts';
import { createHostTrust } from '../../electron/core/ssh/host-trust.ts';
import { createSecretKeeper } from '../../electron/core/ssh/secret-keeper.ts';
import { createPracticeBoard } from '../../electron/practice-board/practice-board.ts';
import { person } from '../support/session-kit.ts';

it('a practice board is reached like any other, without a question', async () => {
  const stateDir = mkdtempSync(join(tmpdir(), 'rtvm-practice-'));
  const practice = createPracticeBoard({ stateDir });
  const { machine } = await practice.state();
  const asker = person();
  const session = createBoardSession({
    board: () => ({ schema: 1, id: 'practice', name: 'Practice board', role: 'bare', notes: '', hostKeys: [], addedAt: '20261120T141000Z', reach: { kind: 'practice', machine } }),
    asker, practice, secrets: createSecretKeeper(), trust: createHostTrust({ savePin: () => { throw new Error('nothing to pin'); }, knownHostsFiles: [] }),
  });
  try {
    const args = ["it's $HOME", '', 'two\nlines\n', 'é%\\'];
    const script = { name: 'args', text: 'id -u; for a in "$@"; do printf "%s\\0" "$a"; done; exit 5' };
    const lines = args.map((arg) => `${arg}\0`).join('');
    const asUser = await session.exec(script, { args });
    expect(asUser.stdout.toString()).toMatch(/^[1-9]\d*\n/);
    expect(asUser.stdout.toString().replace(/^\d+\n/, '')).toBe(lines);
    expect(asUser.exitCode).toBe(5);
    const asRoot = await session.exec(script, { args, root: 'if-possible' });
    expect([asRoot.asRoot, asRoot.stdout.toString().startsWith('0\n')]).toEqual([true, true]);
    expect(asker.questions).toEqual([]);
  } finally {
    await session.disconnect();
    await practice.stop();
    rmSync(stateDir, { recursive: true, force: true });
  }
});
