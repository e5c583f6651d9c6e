import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';

/**
 * Does the work while no other process does work under the same lock file. A lock whose owner has died counts as free.
 * @template T
 * @param {string} file
 * @param {() => Promise<T>} work
 * @returns {Promise<T>}
 */
export async function withLock(file, work) {
  mkdirSync(dirname(file), { recursive: true });
  while (!take(file)) await delay(100);
  try {
    return await work();
  } finally {
    rmSync(file, { force: true });
  }
}

/**
 * Throws when the lock cannot be made at all: in a folder that may not be written to.
 * @param {string} file
 */
function take(file) {
  try {
    writeFileSync(file, String(process.pid), { flag: 'wx' });
    return true;
  } catch (thrown) {
    if (codeOf(thrown) !== 'EEXIST') throw thrown;
    if (isOwnerAlive(file)) return false;
    rmSync(file, { force: true });
    return false;
  }
}

/** @param {string} file */
function isOwnerAlive(file) {
  try {
    process.kill(Number(readFileSync(file, 'utf8')), 0);
    return true;
  } catch (thrown) {
    // A process of another user is alive too.
    return codeOf(thrown) === 'EPERM';
  }
}

/** @param {unknown} thrown */
const codeOf = (thrown) => (thrown instanceof Error && 'code' in thrown ? thrown.code : null);
