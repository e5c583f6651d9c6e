import { createHash } from 'node:crypto';
import { mkdir, open, readFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { z } from 'zod';
import { journalEntrySchema, type JournalEntry } from '../../../shared/model/change.ts';
import type { JournalRecord } from '../../../shared/planning/change/change-of-journal.ts';
import { errnoOf, writeError } from '../project/atomic-write.ts';

const lineSchema = z.object({ seq: z.number().int(), at: z.string(), entry: journalEntrySchema, sha256: z.string() });

/**
 * Appends one line and syncs it: what a line announces is done only after this has returned. Each line's checksum covers
 * the one before, so that a line cut off, changed or missing is seen.
 * Errors: `disk-full`, `file-unreadable`.
 */
export async function appendToJournal(file: string, given: JournalEntry): Promise<void> {
  // Exactly what reading will give: a field that the form does not know would break the checksum.
  const entry = journalEntrySchema.parse(given);
  const { records, lastSha256, lengthBytes } = await load(file);
  const at = new Date().toISOString();
  const seq = records.length + 1;
  try {
    await mkdir(dirname(file), { recursive: true });
    const handle = await open(file, records.length === 0 && lengthBytes === 0 ? 'w' : 'r+');
    try {
      // A line that a crash cut off is overwritten: what it announced was never begun.
      await handle.truncate(lengthBytes);
      await handle.write(`${JSON.stringify({ seq, at, entry, sha256: checksum(lastSha256, seq, at, entry) })}\n`, lengthBytes, 'utf8');
      await handle.sync();
    } finally {
      await handle.close();
    }
  } catch (thrown) {
    throw writeError(file, thrown);
  }
}

/** The lines that are whole and in order; reading ends before the first that is not. A journal that is not there has none. */
export async function readJournal(file: string): Promise<JournalRecord[]> {
  return (await load(file)).records;
}

async function load(file: string): Promise<{ records: JournalRecord[]; lastSha256: string; lengthBytes: number }> {
  let text = '';
  try {
    text = await readFile(file, 'utf8');
  } catch (thrown) {
    if (errnoOf(thrown) !== 'ENOENT') throw thrown;
  }
  const records: JournalRecord[] = [];
  let lastSha256 = '';
  let lengthBytes = 0;
  for (const line of text.split('\n').slice(0, -1)) {
    const parsed = lineOf(line);
    if (parsed === null || parsed.seq !== records.length + 1 || parsed.sha256 !== checksum(lastSha256, parsed.seq, parsed.at, parsed.entry)) break;
    records.push({ at: parsed.at, entry: parsed.entry });
    lastSha256 = parsed.sha256;
    lengthBytes += Buffer.byteLength(line) + 1;
  }
  return { records, lastSha256, lengthBytes };
}

function lineOf(line: string): z.infer<typeof lineSchema> | null {
  try {
    const parsed = lineSchema.safeParse(JSON.parse(line));
    return parsed.success ? parsed.data : null;
  } catch {
    return null;
  }
}

const checksum = (previous: string, seq: number, at: string, entry: JournalEntry) => createHash('sha256').update(`${previous}\n${seq}\n${at}\n${canonical(entry)}`).digest('hex');

/** JSON with its keys in order: the same value always gives the same text. */
export function canonical(value: unknown): string {
  return JSON.stringify(value, (_key, inner: unknown) => (typeof inner === 'object' && inner !== null && !Array.isArray(inner)
    ? Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : 1))) : inner));
}
