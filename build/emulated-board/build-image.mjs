import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, readdirSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { env, makeDataDisk, makeDisk, makeTree } from './build-disk.mjs';
import { baseDirectory, boardsDirectory, recipeHash, takeLock } from './cache.mjs';
import { requireTools } from './host-tools.mjs';
import { run } from './processes.mjs';
import { base, cloudImageDisk, recipes } from './recipe.mjs';

/** @typedef {import('./index.d.mts').ImageName} ImageName */
/** @typedef {import('./recipe.mjs').RecipeName} RecipeName */
/** @typedef {import('./recipe.mjs').Recipe} Recipe */
/** @typedef {import('./build-disk.mjs').Workplace} Workplace */

/** What a finished image's folder says of it. @param {RecipeName} name */
function finished(name) {
  const directory = join(boardsDirectory(), recipeHash(name));
  const described = join(directory, 'image.json');
  return existsSync(described) ? { directory, ...JSON.parse(readFileSync(described, 'utf8')) } : null;
}

/**
 * @param {ImageName} name
 * @returns {import('./index.d.mts').BoardImage | null} The finished image of this checkout's recipe.
 */
export function existingImage(name = 'real-time') {
  const found = finished(name);
  return found && { ...found, disk: join(found.directory, 'disk.img'), keyFile: join(found.directory, 'id_ed25519'), kernel: join(found.directory, 'vmlinuz') };
}

/** @returns {import('./index.d.mts').CloudImageDisk | null} */
export function existingCloudImage() {
  const found = finished('guest');
  return found && { directory: found.directory, disk: join(found.directory, 'images.img'), path: cloudImageDisk.path, sha256: found.sha256 };
}

/**
 * Gives the image of this checkout's recipe, building it (some four minutes) when it is missing. Any number of
 * processes may ask at once: one builds, the others wait. A finished image appears by one rename.
 * @param {{ image?: ImageName, onProgress?: (text: string) => void }} [options]
 * @returns {Promise<import('./index.d.mts').BoardImage>}
 */
export const ensureBoardImage = ({ image = 'real-time', onProgress = () => undefined } = {}) => ensure(image, () => existingImage(image), onProgress);

/**
 * Gives the disk with the cloud image that virtual machines on a KVM host are made from, building it when it is missing.
 * @param {{ onProgress?: (text: string) => void }} [options]
 * @returns {Promise<import('./index.d.mts').CloudImageDisk>}
 */
export const ensureCloudImage = ({ onProgress = () => undefined } = {}) => ensure('guest', existingCloudImage, onProgress);

/**
 * @template T
 * @param {RecipeName} name @param {() => T | null} existing @param {(text: string) => void} onProgress
 * @returns {Promise<T>}
 */
async function ensure(name, existing, onProgress) {
  const ready = existing();
  await requireTools({ imageExists: ready !== null, onProgress });
  if (ready !== null) return ready;
  const unlock = await takeLock(boardsDirectory(), onProgress);
  try {
    if (existing() === null) await build(name, onProgress);
  } finally {
    unlock();
  }
  const image = existing();
  if (image === null) throw new Error('The image was built but cannot be found.');
  return image;
}

/** @param {RecipeName} name @param {(text: string) => void} onProgress */
async function build(name, onProgress) {
  const recipe = recipes[name];
  const parent = boardsDirectory();
  for (const left of readdirSync(parent)) if (left.startsWith('.building-')) rmSync(join(parent, left), { recursive: true, force: true });
  const directory = join(parent, `.building-${process.pid}`);
  const workplace = { directory, tree: join(directory, 'tree'), baseTree: baseDirectory(), packageCache: join(parent, 'packages'), logFile: join(parent, 'build.log'), onProgress };
  mkdirSync(directory, { mode: 0o755 });
  writeFileSync(workplace.logFile, '');
  try {
    await makeTree(recipe, workplace);
    const access = recipe.user === null ? {} : await giveAccess(recipe.user, workplace);
    await makeDisk(recipe, workplace);
    rmSync(workplace.tree, { recursive: true });
    const packed = name === 'guest' ? await packCloudImage(directory) : {};
    writeFileSync(join(directory, 'image.json'), `${JSON.stringify({ suite: base.suite, builtAt: new Date().toISOString(), ...access, ...packed }, null, 2)}\n`, { mode: 0o600 });
    const { SUDO_UID: owner, SUDO_GID: group } = process.env;
    // Built through sudo for somebody: that person starts the boards.
    if (owner !== undefined && group !== undefined) await run('chown', ['-R', `${owner}:${group}`, parent], { env });
    renameSync(directory, join(parent, recipeHash(name)));
    onProgress('The image is ready.');
  } catch (thrown) {
    rmSync(directory, { recursive: true, force: true });
    throw new Error(`The image could not be built. ${thrown instanceof Error ? thrown.message : String(thrown)}\nThe whole log: ${workplace.logFile}`, { cause: thrown });
  }
}

/**
 * A password, and a key for `user` and for root.
 * @param {string} user @param {Workplace} workplace
 */
async function giveAccess(user, { tree, directory }) {
  const password = randomBytes(9).toString('base64url');
  await run('chroot', [tree, 'chpasswd'], { env, input: `${user}:${password}\n` });
  const keyFile = join(directory, 'id_ed25519');
  await run('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-C', 'emulated-board', '-f', keyFile], { env });
  const publicKey = readFileSync(`${keyFile}.pub`, 'utf8');
  for (const { home, owner } of [{ home: '/root', owner: 'root' }, { home: `/home/${user}`, owner: user }]) {
    await run('chroot', [tree, 'install', '-d', '-m', '700', '-o', owner, '-g', owner, `${home}/.ssh`], { env });
    writeFileSync(join(tree, `${home}/.ssh/authorized_keys`), publicKey, { mode: 0o600 });
    await run('chroot', [tree, 'chown', `${owner}:${owner}`, `${home}/.ssh/authorized_keys`], { env });
  }
  const hostKeys = ['ed25519', 'ecdsa', 'rsa'].map((type) => {
    const [name = '', key = ''] = readFileSync(join(tree, `/etc/ssh/ssh_host_${type}_key.pub`), 'utf8').split(' ');
    return { type: name, key };
  });
  return { user, password, hostKeys };
}

/**
 * Turns the raw disk into the file that people fetch as a cloud image, on a disk of its own to be plugged into a host.
 * @param {string} directory
 */
async function packCloudImage(directory) {
  const folder = join(directory, 'images');
  mkdirSync(folder, { mode: 0o755 });
  const image = join(folder, cloudImageDisk.fileName);
  await run('qemu-img', ['convert', '-O', 'qcow2', join(directory, 'disk.img'), image], { env });
  const sha256 = (await run('sha256sum', [image], { env })).slice(0, 64);
  await makeDataDisk(folder, join(directory, 'images.img'), cloudImageDisk.label, statSync(image).size);
  for (const left of ['images', 'disk.img', 'vmlinuz']) rmSync(join(directory, left), { recursive: true });
  return { sha256 };
}
