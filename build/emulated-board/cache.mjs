import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { base, recipes } from './recipe.mjs';

/** Where finished images live: outside any checkout, so that they survive and are shared. */
export const boardsDirectory = () =>
  join(process.env['RTVM_BENCH_CACHE'] ?? join(process.env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache'), 'rtvm-bench'), 'boards');

/** @param {unknown} what @param {readonly string[]} files */
const hash = (what, files) => {
  const how = files.map((file) => readFileSync(new URL(file, import.meta.url), 'utf8')).join('');
  return createHash('sha256').update(JSON.stringify(what)).update(how).digest('hex').slice(0, 12);
};

/**
 * Twelve hexadecimal digits over what goes into an image and how it is made.
 * @param {import('./recipe.mjs').RecipeName} name
 */
export const recipeHash = (name) => hash([base, recipes[name]], ['build-image.mjs', 'build-disk.mjs']);

/** What all images begin with, unpacked. */
export const baseDirectory = () => join(boardsDirectory(), `base-${hash(base, ['build-disk.mjs'])}`);

/**
 * Takes the one build lock of the cache. A helper process holds it through flock(1) for as long as its standard input
 * is open, so the kernel gives it back even when this process is killed.
 * @param {string} directory
 * @param {(text: string) => void} onProgress told once when somebody else has the lock
 * @returns {Promise<() => void>} gives the lock back
 */
export function takeLock(directory, onProgress) {
  mkdirSync(directory, { recursive: true });
  return new Promise((settle, fail) => {
    const holder = spawn('flock', ['--exclusive', join(directory, 'lock'), 'sh', '-c', 'echo locked; exec cat >/dev/null'], { stdio: ['pipe', 'pipe', 'inherit'] });
    const waiting = setTimeout(() => onProgress('Another process is building an image: waiting for it.'), 2000);
    holder.once('error', (error) => { clearTimeout(waiting); fail(new Error(`flock (Debian package util-linux) could not be started: ${error.message}`)); });
    holder.once('exit', () => { clearTimeout(waiting); fail(new Error(`The lock in ${directory} could not be taken.`)); });
    holder.stdout.once('data', () => {
      clearTimeout(waiting);
      settle(() => { holder.stdin.end(); });
    });
  });
}
