import { randomUUID } from 'node:crypto';
import { link, readFile, rm, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import { stampSchema } from '../../../shared/model/board.ts';
import { dateOfStamp, stampOf } from '../../../shared/model/stamp.ts';
import { errnoOf, writeError } from './atomic-write.ts';

const lockSchema = z.object({ token: z.string(), pid: z.number().int(), host: z.string(), since: stampSchema });
type Lock = z.infer<typeof lockSchema>;

export type LockOutcome =
  | { kind: 'owned'; release(): Promise<void> }
  | { kind: 'held'; holder: string; since: string };

const lockName = '.rtvm-lock';

/**
 * Takes the project for this core. `isAlive` tells whether the core that holds it still answers on this laptop;
 * a lock of a dead core is taken over, one of another computer is respected.
 */
export async function lockProject(directory: string, isAlive: () => Promise<boolean>): Promise<LockOutcome> {
  const file = join(directory, lockName);
  const mine: Lock = { token: randomUUID(), pid: process.pid, host: hostname(), since: stampOf(new Date()) };
  for (let attempt = 0; attempt < 3; attempt += 1) {
    if (await create(file, mine)) return { kind: 'owned', release: () => release(file, mine) };
    const holder = await read(file);
    if (holder && (holder.host !== mine.host || isStarting(holder) || await isAlive())) {
      return { kind: 'held', holder: `process ${holder.pid} on ${holder.host}`, since: holder.since };
    }
    const now = await read(file);
    if (now?.token === holder?.token) await rm(file, { force: true });
  }
  return { kind: 'held', holder: 'another window', since: stampOf(new Date()) };
}

/** A core that has just taken the lock may not listen yet: a young lock of a living process is respected. */
function isStarting(lock: Lock): boolean {
  if (Date.now() - dateOfStamp(lock.since).getTime() > 10_000) return false;
  try {
    process.kill(lock.pid, 0);
    return lock.pid !== process.pid;
  } catch {
    return false;
  }
}

/** Hard-links a finished file into place: the lock appears whole or not at all. */
async function create(file: string, lock: Lock): Promise<boolean> {
  const temporary = `${file}-${lock.token}`;
  try {
    await writeFile(temporary, JSON.stringify(lock), { flag: 'wx' });
    await link(temporary, file);
    return true;
  } catch (thrown) {
    if (errnoOf(thrown) === 'EEXIST') return false;
    throw writeError(file, thrown);
  } finally {
    await rm(temporary, { force: true });
  }
}

async function read(file: string): Promise<Lock | null> {
  try {
    return lockSchema.parse(JSON.parse(await readFile(file, 'utf8')));
  } catch {
    return null;
  }
}

async function release(file: string, mine: Lock): Promise<void> {
  if ((await read(file))?.token === mine.token) await rm(file, { force: true });
}
