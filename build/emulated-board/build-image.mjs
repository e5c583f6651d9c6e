import { randomBytes } from 'node:crypto';
import { chmodSync, copyFileSync, existsSync, mkdirSync, openSync, closeSync, ftruncateSync, readFileSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { acceleratorOptions, chooseAccelerator } from './accelerator.mjs';
import { boardsDirectory, recipeHash, takeLock } from './cache.mjs';
import { configuredMirror, requireTools, searchPath } from './host-tools.mjs';
import { run } from './processes.mjs';
import { bootLoaderDone, recipes } from './recipe.mjs';

/** @typedef {import('./recipe.mjs').ImageName} ImageName */
/** @typedef {import('./recipe.mjs').Recipe} Recipe */

/** Room for GRUB's core image before the only partition, as every partitioning tool leaves it. */
const partitionStartBytes = 2048 * 512;
/** What both mke2fs of any age and GRUB 2.06 understand. */
const fileSystemFeatures = 'none,has_journal,ext_attr,resize_inode,dir_index,filetype,extent,64bit,flex_bg,sparse_super,large_file,huge_file,dir_nlink,extra_isize,metadata_csum';
const env = { ...process.env, PATH: searchPath, DEBIAN_FRONTEND: 'noninteractive', LC_ALL: 'C.UTF-8' };
/** Own mount and process name spaces, gone with their parent: a killed build leaves neither mounts nor processes. */
const contained = ['--pdeathsig', 'KILL', 'unshare', '--mount', '--pid', '--fork', '--kill-child', '--mount-proc'];

/**
 * @param {ImageName} name
 * @returns {import('./index.d.mts').BoardImage | null} The finished image of this checkout's recipe.
 */
export function existingImage(name = 'real-time') {
  const directory = join(boardsDirectory(), recipeHash(name));
  if (!existsSync(join(directory, 'board.json'))) return null;
  return { directory, disk: join(directory, 'disk.img'), keyFile: join(directory, 'id_ed25519'), kernel: join(directory, 'vmlinuz'), ...JSON.parse(readFileSync(join(directory, 'board.json'), 'utf8')) };
}

/**
 * Gives the image of this checkout's recipe, building it (some four minutes) when it is missing. Any number of
 * processes may ask at once: one builds, the others wait. A finished image appears by one rename.
 * @param {{ image?: ImageName, onProgress?: (text: string) => void }} [options]
 * @returns {Promise<import('./index.d.mts').BoardImage>}
 */
export async function ensureBoardImage({ image: name = 'real-time', onProgress = () => undefined } = {}) {
  const ready = existingImage(name);
  await requireTools({ imageExists: ready !== null, onProgress });
  if (ready !== null) return ready;
  const unlock = await takeLock(boardsDirectory(), onProgress);
  try {
    const builtMeanwhile = existingImage(name);
    if (builtMeanwhile !== null) return builtMeanwhile;
    await build(name, onProgress);
  } finally {
    unlock();
  }
  const image = existingImage(name);
  if (image === null) throw new Error('The board image was built but cannot be found.');
  return image;
}

/** @param {ImageName} name @param {(text: string) => void} onProgress */
async function build(name, onProgress) {
  const recipe = recipes[name];
  const parent = boardsDirectory();
  for (const left of readdirSync(parent)) if (left.startsWith('.building-')) rmSync(join(parent, left), { recursive: true, force: true });
  const directory = join(parent, `.building-${process.pid}`);
  const logFile = join(parent, 'build.log');
  mkdirSync(directory, { mode: 0o755 });
  writeFileSync(logFile, '');
  const tree = join(directory, 'tree');
  try {
    await unpack(recipe, tree, join(parent, 'packages'), logFile, onProgress);
    const access = await furnish(recipe, tree, directory, logFile, onProgress);
    onProgress('Writing the disk image.');
    await writeDisk(recipe, tree, directory, logFile);
    onProgress('First boot: installing the boot loader from inside.');
    await installBootLoader(recipe, tree, directory);
    rmSync(tree, { recursive: true });
    writeFileSync(join(directory, 'board.json'), `${JSON.stringify({ suite: recipe.suite, builtAt: new Date().toISOString(), ...access }, null, 2)}\n`, { mode: 0o600 });
    const { SUDO_UID: owner, SUDO_GID: group } = process.env;
    // Built through sudo for somebody: that person starts the boards.
    if (owner !== undefined && group !== undefined) await run('chown', ['-R', `${owner}:${group}`, parent], { env });
    renameSync(directory, join(parent, recipeHash(name)));
    onProgress('The board image is ready.');
  } catch (thrown) {
    rmSync(directory, { recursive: true, force: true });
    throw new Error(`The board image could not be built. ${thrown instanceof Error ? thrown.message : String(thrown)}\nThe whole log: ${logFile}`, { cause: thrown });
  }
}

/** @param {Recipe} recipe @param {string} tree @param {string} packageCache @param {string} logFile @param {(text: string) => void} onProgress */
async function unpack(recipe, tree, packageCache, logFile, onProgress) {
  const mirror = await configuredMirror();
  mkdirSync(packageCache, { recursive: true });
  onProgress(`Unpacking Debian ${recipe.suite} (about two minutes).`);
  let packagesSeen = 0;
  const onLine = (/** @type {string} */ line) => {
    if (!/^I: (Retrieving|Unpacking|Configuring) /.test(line)) return;
    packagesSeen += 1;
    if (packagesSeen % 60 === 0) onProgress(line.slice(3));
  };
  await run('setpriv', [
    ...contained, 'debootstrap', '--variant=minbase', `--arch=${recipe.architecture}`, `--cache-dir=${packageCache}`,
    `--include=${recipe.packages.join(',')}`, recipe.suite, tree, ...(mirror === null ? [] : [mirror]),
  ], { env, logFile, onLine });
}

/**
 * Nothing that is installed is started: the system only lies on this machine's disk.
 * @param {readonly string[]} packages
 */
const installLater = (packages) => `
set -e
printf '#!/bin/sh\\nexit 101\\n' >/usr/sbin/policy-rc.d
chmod 755 /usr/sbin/policy-rc.d
apt-get update -q
apt-get install -y -q --no-install-recommends ${packages.join(' ')}
rm /usr/sbin/policy-rc.d
`;

/**
 * Configuration, users, keys.
 * @param {Recipe} recipe @param {string} tree @param {string} directory @param {string} logFile @param {(text: string) => void} onProgress
 */
async function furnish(recipe, tree, directory, logFile, onProgress) {
  if (recipe.packagesLater.length > 0) {
    onProgress('Installing what makes it a KVM host.');
    await run('setpriv', [...contained, 'chroot', tree, '/bin/sh', '-s'], { env, logFile, input: installLater(recipe.packagesLater) });
  }
  onProgress('Configuring the system.');
  for (const [path, content] of Object.entries(recipe.files)) {
    mkdirSync(dirname(join(tree, path)), { recursive: true });
    rmSync(join(tree, path), { force: true });
    writeFileSync(join(tree, path), content, { mode: 0o644 });
  }
  await run('setpriv', [...contained, 'chroot', tree, '/bin/sh', '-s'], { env, logFile, input: recipe.customise });
  const password = randomBytes(9).toString('base64url');
  await run('chroot', [tree, 'chpasswd'], { env, input: `${recipe.user}:${password}\n` });

  const keyFile = join(directory, 'id_ed25519');
  await run('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-C', 'emulated-board', '-f', keyFile], { env });
  const publicKey = readFileSync(`${keyFile}.pub`, 'utf8');
  for (const { home, owner } of [{ home: '/root', owner: 'root' }, { home: `/home/${recipe.user}`, owner: recipe.user }]) {
    await run('chroot', [tree, 'install', '-d', '-m', '700', '-o', owner, '-g', owner, `${home}/.ssh`], { env });
    writeFileSync(join(tree, `${home}/.ssh/authorized_keys`), publicKey, { mode: 0o600 });
    await run('chroot', [tree, 'chown', `${owner}:${owner}`, `${home}/.ssh/authorized_keys`], { env });
  }
  writeFileSync(join(tree, 'first-boot'), recipe.firstBoot);
  chmodSync(join(tree, 'first-boot'), 0o755);
  const hostKeys = ['ed25519', 'ecdsa', 'rsa'].map((type) => {
    const [name = '', key = ''] = readFileSync(join(tree, `/etc/ssh/ssh_host_${type}_key.pub`), 'utf8').split(' ');
    return { type: name, key };
  });
  return { user: recipe.user, password, hostKeys };
}

/** @param {Recipe} recipe @param {string} tree @param {string} directory @param {string} logFile */
async function writeDisk(recipe, tree, directory, logFile) {
  const disk = join(directory, 'disk.img');
  const sizeBytes = recipe.diskMiB * 1024 * 1024;
  const handle = openSync(disk, 'w', 0o600);
  ftruncateSync(handle, sizeBytes);
  closeSync(handle);
  await run('sfdisk', ['--quiet', disk], { env, logFile, input: `label: dos\nstart=${partitionStartBytes / 512}, type=83, bootable\n` });
  const sizeKiB = (sizeBytes - partitionStartBytes) / 1024;
  await run('mke2fs', ['-q', '-F', '-t', 'ext4', '-O', fileSystemFeatures, '-L', recipe.label, '-d', tree, '-E', `offset=${partitionStartBytes}`, disk, `${sizeKiB}k`], { env, logFile });
}

/** @param {Recipe} recipe @param {string} tree @param {string} directory */
async function installBootLoader(recipe, tree, directory) {
  const boot = join(tree, 'boot');
  const named = (/** @type {string} */ prefix) => join(boot, readdirSync(boot).find((name) => name.startsWith(prefix)) ?? prefix);
  const serialLog = join(directory, 'first-boot.log');
  const kernel = join(directory, 'vmlinuz');
  copyFileSync(named('vmlinuz-'), kernel);
  await run('setpriv', [
    '--pdeathsig', 'KILL', 'qemu-system-x86_64', ...acceleratorOptions(await chooseAccelerator(kernel), 'amd'), '-m', '1024', '-smp', '2', '-display', 'none', '-monitor', 'none', '-no-reboot', '-nic', 'none',
    '-serial', `file:${serialLog}`, '-drive', `file=${join(directory, 'disk.img')},format=raw,if=virtio`,
    '-kernel', kernel, '-initrd', named('initrd.img-'),
    '-append', `root=LABEL=${recipe.label} rw console=ttyS0 panic=1 init=/first-boot`,
  ], { env, timeoutMs: 600_000 });
  const said = readFileSync(serialLog, 'utf8');
  if (!said.includes(bootLoaderDone)) throw new Error(`The first boot did not install the boot loader. The serial console said last:\n${said.split('\n').slice(-15).join('\n')}`);
}
