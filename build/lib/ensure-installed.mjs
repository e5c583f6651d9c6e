import { existsSync, readFileSync } from 'node:fs';
import { inProject } from './project-root.mjs';
import { StepFailed, runCommand, say } from './run-command.mjs';

/** @typedef {{ version?: string, optional?: boolean, devOptional?: boolean, peer?: boolean, link?: boolean }} LockedPackage */

/**
 * Installs the dependencies when they are not there or not those of the lock file; silent and quick otherwise.
 * Throws StepFailed when npm cannot.
 */
export async function ensureInstalled() {
  const reason = whyInstall();
  if (reason === null) return;
  say(`Installing the dependencies: ${reason} …`);
  const isWindows = process.platform === 'win32';
  const code = isWindows
    ? await runCommand('cmd.exe', ['/d', '/s', '/c', 'npm ci'], { output: 'stderr' })
    : await runCommand('npm', ['ci'], { output: 'stderr' });
  if (code !== 0) {
    throw new StepFailed('npm ci failed, so the dependencies are not installed. It needs the npm registry or a filled npm cache: connect this machine once, then repeat.');
  }
}

/** Why an installation is needed; null when what is installed is what the lock file says. */
export function whyInstall() {
  const installedList = inProject('node_modules', '.package-lock.json');
  if (!existsSync(installedList)) return 'there are none yet';
  const wanted = readPackages(inProject('package-lock.json'));
  const installed = readPackages(installedList);
  for (const [path, entry] of Object.entries(wanted)) {
    if (path === '' || entry.link === true) continue;
    const present = installed[path];
    // What is optional may be for another platform.
    if (present === undefined && (entry.optional === true || entry.devOptional === true || entry.peer === true)) continue;
    if (present?.version !== entry.version) return `${path.replace('node_modules/', '')} is not the one of package-lock.json`;
  }
  return null;
}

/**
 * @param {string} file
 * @returns {Record<string, LockedPackage>}
 */
const readPackages = (file) => JSON.parse(readFileSync(file, 'utf8')).packages;
