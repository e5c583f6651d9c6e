import { existsSync, readFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { base } from './recipe.mjs';
import { run } from './processes.mjs';

/** Command → Debian package it comes from. */
const needed = {
  boot: { 'qemu-system-x86_64': 'qemu-system-x86', 'qemu-img': 'qemu-utils', 'ssh': 'openssh-client' },
  build: { debootstrap: 'debootstrap', sfdisk: 'fdisk', mke2fs: 'e2fsprogs', unshare: 'util-linux', flock: 'util-linux', 'ssh-keygen': 'openssh-client' },
};

/** sbin is not on everybody's path, but what we need may be there. */
export const searchPath = [process.env['PATH'] ?? '', '/usr/local/sbin', '/usr/sbin', '/sbin'].join(delimiter);

/** @param {string} command */
const installed = (command) => searchPath.split(delimiter).some((directory) => existsSync(join(directory, command)));

/**
 * The Debian packages that are missing to build (`build`) or only to start (`boot`) an emulated board.
 * @param {'boot' | 'build'} purpose
 */
export function missingPackages(purpose) {
  const commands = purpose === 'boot' ? needed.boot : { ...needed.boot, ...needed.build };
  return [...new Set(Object.entries(commands).filter(([command]) => !installed(command)).map(([, name]) => name))];
}

/**
 * Why an emulated board cannot be built or started here, in one sentence, or null when it can.
 * @param {{ imageExists: boolean }} options
 */
export function whyImpossible({ imageExists }) {
  const purpose = imageExists ? 'boot' : 'build';
  const packages = missingPackages(purpose);
  const root = process.getuid?.() === 0;
  if (process.platform !== 'linux') return 'An emulated board is built and started on Linux only.';
  if (packages.length > 0 && !(root && installed('apt-get'))) {
    return `Missing: ${packages.join(', ')}. Install with: sudo apt-get install --no-install-recommends ${packages.join(' ')}`;
  }
  if (!imageExists && !root) return 'Building the board image needs root (debootstrap unpacks a system): run once as root: sudo --preserve-env=HOME npm run board -- --build-only';
  return null;
}

/**
 * Installs what is missing, or throws a sentence that names the command to do so.
 * @param {{ imageExists: boolean, onProgress: (text: string) => void }} options
 */
export async function requireTools({ imageExists, onProgress }) {
  const why = whyImpossible({ imageExists });
  if (why !== null) throw new Error(why);
  const packages = missingPackages(imageExists ? 'boot' : 'build');
  if (packages.length === 0) return;
  onProgress(`Installing Debian packages: ${packages.join(', ')}.`);
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  await run('apt-get', ['update', '-q'], { env }).catch(() => onProgress('apt-get update failed; trying with the package lists that are there.'));
  await run('apt-get', ['install', '-y', '-q', '--no-install-recommends', ...packages], { env });
}

/**
 * The Debian mirror that this machine's own apt uses for the board's release, or null (then debootstrap's default is
 * used). RTVM_BENCH_DEBIAN_MIRROR wins.
 * @returns {Promise<string | null>}
 */
export async function configuredMirror() {
  const chosen = process.env['RTVM_BENCH_DEBIAN_MIRROR'];
  if (chosen !== undefined && chosen !== '') return chosen;
  if (!installed('apt-get')) return null;
  const listed = await run('apt-get', ['indextargets', '--format', '$(REPO_URI) $(RELEASE) $(COMPONENT)', 'Identifier: Packages']).catch(() => '');
  const lines = listed.split('\n').map((line) => line.split(' '));
  const main = lines.find(([, release, component]) => release === base.suite && component === 'main');
  if (main?.[0] !== undefined) return main[0];
  return isDebian() ? (lines.find(([, , component]) => component === 'main')?.[0] ?? null) : null;
}

/** An Ubuntu mirror has no Debian on it. */
const isDebian = () => existsSync('/etc/os-release') && /^ID=debian$/m.test(readFileSync('/etc/os-release', 'utf8'));
