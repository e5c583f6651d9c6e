import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { appendToJournal, readJournal } from '../../../electron/core/changes/change-journal.ts';
import type { JournalEntry } from '../../../shared/model/change.ts';

const entries: JournalEntry[] = [
  { kind: 'opened', planId: '20261121T100000Z', owner: 'ana@laptop', direction: 'apply' },
  { kind: 'step-began', step: 1, before: { kind: 'value', value: 'ünï\n' } },
  { kind: 'closed', state: 'done', words: 'Done.' },
];

describe('the journal of a change', () => {
  let folder: string;
  let file: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'rtvm-journal-'));
    file = join(folder, 'journal.ndjson');
  });
  afterEach(() => { rmSync(folder, { recursive: true, force: true }); });
  const write = async () => { for (const entry of entries) await appendToJournal(file, entry); };
  const read = async () => (await readJournal(file)).map(({ entry }) => entry);

  it('gives back what was written, whatever else the writer knew', async () => {
    await appendToJournal(file, { kind: 'opened', planId: '20261121T100000Z', owner: 'ana@laptop', direction: 'apply', ...{ machineId: 'x' } });
    await appendToJournal(file, { kind: 'closed', state: 'done', words: 'Done.' });
    expect(await read()).toEqual([entries[0], entries[2]]);
  });

  it('loses at most the line that was being written, and goes on after it, wherever the power was cut', async () => {
    await write();
    const whole = readFileSync(file);
    for (let length = 0; length < whole.length; length += 7) {
      writeFileSync(file, whole.subarray(0, length));
      const kept = await read();
      expect(entries.slice(0, kept.length)).toEqual(kept);
      await appendToJournal(file, { kind: 'undone-by', changeId: '20261121T110000Z' });
      expect(await read()).toEqual([...kept, { kind: 'undone-by', changeId: '20261121T110000Z' }]);
    }
  });

  it('does not believe a line that was edited, moved or left out', async () => {
    await write();
    const lines = readFileSync(file, 'utf8').trimEnd().split('\n');
    for (const changed of [[lines[0], lines[2]], [lines[1], lines[0], lines[2]], [lines[0]?.replace('ana', 'eve'), lines[1], lines[2]]]) {
      writeFileSync(file, `${changed.join('\n')}\n`);
      expect((await read()).length).toBeLessThan(2);
    }
  });
});
