import { createHash } from 'node:crypto';
import { accessSync, constants, mkdirSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { inProject, projectRoot } from './project-root.mjs';
import { StepFailed, runNode, say } from './run-command.mjs';
import { withLock } from './with-lock.mjs';

/** @typedef {'renderer' | 'node' | 'preload'} Part */

/** @type {Record<Part, { title: string, config: string, sources: string[], output: string }>} */
const parts = {
  renderer: { title: 'the user interface', config: 'vite.config.ts', sources: ['renderer', 'shared'], output: 'dist/renderer/index.html' },
  node: { title: 'the core and its hosts', config: 'vite.node.config.ts', sources: ['electron', 'shared'], output: 'dist/cli/main.mjs' },
  preload: { title: 'the preload script', config: 'vite.preload.config.ts', sources: ['electron/hosts/electron', 'shared'], output: 'dist/electron/preload.cjs' },
};

/**
 * Builds those of the parts whose sources have changed since; silent and quick when none has.
 * Throws StepFailed when a build fails.
 * @param {readonly Part[]} names
 */
export async function ensureBuilt(names) {
  if (names.every(isBuilt)) return;
  requireWritable();
  await withLock(inProject('dist', '.lock'), async () => {
    const stale = names.filter((name) => !isBuilt(name));
    if (stale.length === 0) return;
    say(`Building ${stale.map((name) => parts[name].title).join(', ')} …`);
    await Promise.all(stale.map(build));
  });
}

function requireWritable() {
  try {
    mkdirSync(inProject('dist'), { recursive: true });
    accessSync(inProject('dist'), constants.W_OK);
  } catch {
    throw new StepFailed(`RTVM Bench has to be built, but ${inProject('dist')} cannot be written to. Build it as the user who owns the folder.`);
  }
}

/** @param {Part} name */
async function build(name) {
  const { config, title } = parts[name];
  const fingerprint = fingerprintOf(name);
  const startedMs = Date.now();
  const code = await runNode(inProject('node_modules', 'vite', 'bin', 'vite.js'), ['build', '--config', config, '--logLevel', 'warn'], { output: 'stderr' });
  if (code !== 0) throw new StepFailed(`Building ${title} failed; the messages above say where.`);
  if (name === 'node') removeOlder(inProject('dist', 'chunks'), startedMs);
  mkdirSync(inProject('dist', '.stamps'), { recursive: true });
  writeFileSync(stampFile(name), fingerprint);
}

/**
 * @param {Part} name
 * @returns {boolean}
 */
function isBuilt(name) {
  try {
    statSync(inProject(parts[name].output));
    return readFileSync(stampFile(name), 'utf8') === fingerprintOf(name);
  } catch {
    return false;
  }
}

/** @param {Part} name */
const stampFile = (name) => inProject('dist', '.stamps', name);

/**
 * Names, sizes and times of everything the part is built from: reading the contents would cost each command more than it may.
 * @param {Part} name
 */
function fingerprintOf(name) {
  const { config, sources } = parts[name];
  const hash = createHash('sha256').update(process.versions.node);
  for (const path of [config, 'package.json', 'package-lock.json', ...sources.flatMap(listFiles)]) {
    const { size, mtimeMs } = statSync(join(projectRoot, path));
    hash.update(`${path}\0${size}\0${mtimeMs}\n`);
  }
  return hash.digest('hex');
}

/**
 * @param {string} folder
 * @returns {string[]}
 */
function listFiles(folder) {
  return readdirSync(join(projectRoot, folder), { withFileTypes: true })
    .sort((one, other) => (one.name < other.name ? -1 : 1))
    .flatMap((entry) => (entry.isDirectory() ? listFiles(`${folder}/${entry.name}`) : [`${folder}/${entry.name}`]));
}

/**
 * Chunks carry a hash in their names: those of earlier builds stay behind otherwise.
 * @param {string} folder
 * @param {number} beforeMs
 */
function removeOlder(folder, beforeMs) {
  for (const name of readdirSync(folder)) {
    const path = join(folder, name);
    if (statSync(path).mtimeMs < beforeMs - 1_000) rmSync(path);
  }
}
