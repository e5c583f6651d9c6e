import { existsSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { inProject } from './project-root.mjs';
import { runNode, say } from './run-command.mjs';

const fetchLimitMs = 60_000;
const reachLimitMs = 1_500;
const retryAfterMs = 24 * 3_600_000;
const failureFile = inProject('node_modules', '.electron-fetch-failed');

/** The Electron program as its npm package keeps it; null when its runtime has not been fetched. */
export function electronProgram() {
  const folder = process.env['ELECTRON_OVERRIDE_DIST_PATH'] ?? inProject('node_modules', 'electron', 'dist');
  try {
    const program = join(folder, readFileSync(inProject('node_modules', 'electron', 'path.txt'), 'utf8'));
    return existsSync(program) ? program : null;
  } catch {
    return null;
  }
}

/**
 * Fetches the runtime where that is quick. Gives null when it is there now, else the reason why not.
 * @param {{ insist: boolean }} options `insist` tries even though it failed within the last day
 * @returns {Promise<string | null>}
 */
export async function fetchElectron({ insist }) {
  if (electronProgram() !== null) return null;
  if (!insist && hasFailedLately()) return 'the Electron runtime could not be fetched today (--host electron tries again)';
  if (!goesThroughProxyOrMirror() && !(await canReach('github.com', 443))) return 'the Electron runtime is not here and cannot be fetched without the internet';
  say(`Fetching the Electron runtime once (about 110 MB, for at most ${fetchLimitMs / 1_000} s) …`);
  const code = await runNode(inProject('node_modules', 'electron', 'install.js'), [], { output: 'ignore', timeoutMs: fetchLimitMs });
  if (code === 0 && electronProgram() !== null) {
    rmSync(failureFile, { force: true });
    return null;
  }
  writeFileSync(failureFile, '');
  return 'the Electron runtime could not be fetched';
}

function hasFailedLately() {
  try {
    return Date.now() - statSync(failureFile).mtimeMs < retryAfterMs;
  } catch {
    return false;
  }
}

const goesThroughProxyOrMirror = () =>
  ['HTTPS_PROXY', 'https_proxy', 'ELECTRON_MIRROR', 'npm_config_electron_mirror', 'electron_config_cache'].some((name) => process.env[name]);

/**
 * @param {string} host
 * @param {number} port
 * @returns {Promise<boolean>}
 */
function canReach(host, port) {
  return new Promise((settle) => {
    const socket = connect({ host, port });
    const give = (/** @type {boolean} */ answer) => {
      clearTimeout(timer);
      socket.destroy();
      settle(answer);
    };
    const timer = setTimeout(() => { give(false); }, reachLimitMs);
    socket.once('connect', () => { give(true); });
    socket.once('error', () => { give(false); });
  });
}
