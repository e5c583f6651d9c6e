import { chmodSync, closeSync, copyFileSync, existsSync, ftruncateSync, mkdirSync, openSync, readFileSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { acceleratorOptions, chooseAccelerator } from './accelerator.mjs';
import { configuredMirror, searchPath } from './host-tools.mjs';
import { run } from './processes.mjs';
import { base, bootLoaderDone } from './recipe.mjs';

/** @typedef {import('./recipe.mjs').Recipe} Recipe */
/** Where one disk is made. `baseTree` is made once and kept. @typedef {{ directory: string, tree: string, baseTree: string, packageCache: string, logFile: string, onProgress: (text: string) => void }} Workplace */

/** Room for GRUB's core image before the only partition, as every partitioning tool leaves it. */
const partitionStartBytes = 2048 * 512;
/** What both mke2fs of any age and GRUB 2.06 understand. */
const fileSystemFeatures = 'none,has_journal,ext_attr,resize_inode,dir_index,filetype,extent,64bit,flex_bg,sparse_super,large_file,huge_file,dir_nlink,extra_isize,metadata_csum';
export const env = { ...process.env, PATH: searchPath, DEBIAN_FRONTEND: 'noninteractive', LC_ALL: 'C.UTF-8' };
/** Own mount and process name spaces, gone with their parent: a killed build leaves neither mounts nor processes. */
const contained = ['--pdeathsig', 'KILL', 'unshare', '--mount', '--pid', '--fork', '--kill-child', '--mount-proc'];
/** A build that is cut off is thrown away whole: dpkg need not wait for the disk after each file. */
const hurry = '/etc/dpkg/dpkg.cfg.d/while-building';

/** @param {Workplace} workplace @param {string} script */
const inside = ({ tree, logFile }, script) => run('setpriv', [...contained, 'chroot', tree, '/bin/sh', '-s'], { env, logFile, input: script });

/**
 * A Debian in the folder `tree`, by the recipe: packages, configuration, users.
 * @param {Recipe} recipe @param {Workplace} workplace
 */
export async function makeTree(recipe, workplace) {
  const { tree, baseTree, packageCache, logFile, onProgress } = workplace;
  if (!existsSync(baseTree)) await makeBase(workplace);
  await run('cp', ['-a', '--reflink=auto', baseTree, tree], { env });
  onProgress(`Installing ${recipe.packages.length} packages and what belongs to them.`);
  const withPackages = 'mount --bind "$1" "$2/var/cache/apt/archives" && exec chroot "$2" /bin/sh -s';
  await run('setpriv', [...contained, 'sh', '-c', withPackages, 'sh', packageCache, tree], { env, logFile, input: install(recipe.packages) });
  rmSync(join(tree, hurry));
  onProgress('Configuring the system.');
  for (const [path, content] of Object.entries(recipe.files)) write(tree, path, content);
  await inside(workplace, recipe.customise);
}

/** @param {Workplace} workplace */
async function makeBase({ directory, baseTree, packageCache, logFile, onProgress }) {
  const mirror = await configuredMirror();
  const tree = join(directory, 'base');
  mkdirSync(packageCache, { recursive: true });
  write(tree, hurry, 'force-unsafe-io\n');
  onProgress(`Unpacking Debian ${base.suite} (about a minute, once for all images).`);
  let packagesSeen = 0;
  const onLine = (/** @type {string} */ line) => {
    if (!/^I: (Retrieving|Unpacking|Configuring) /.test(line)) return;
    packagesSeen += 1;
    if (packagesSeen % 60 === 0) onProgress(line.slice(3));
  };
  await run('setpriv', [
    ...contained, 'debootstrap', '--variant=minbase', `--arch=${base.architecture}`, `--cache-dir=${packageCache}`,
    `--include=${base.packages.join(',')}`, base.suite, tree, ...(mirror === null ? [] : [mirror]),
  ], { env, logFile, onLine });
  for (const [path, content] of Object.entries(base.files)) write(tree, path, content);
  // Every image is a machine of its own.
  write(tree, '/etc/machine-id', '');
  rmSync(join(tree, 'var/lib/dbus/machine-id'), { force: true });
  for (const key of readdirSync(join(tree, 'etc/ssh')).filter((name) => name.startsWith('ssh_host_'))) rmSync(join(tree, 'etc/ssh', key));
  renameSync(tree, baseTree);
}

/**
 * Nothing that is installed is started: the system only lies on this machine's disk.
 * @param {readonly string[]} packages
 */
const install = (packages) => `
set -e
printf '#!/bin/sh\\nexit 101\\n' >/usr/sbin/policy-rc.d
chmod 755 /usr/sbin/policy-rc.d
apt-get update -q
apt-get install -y -q --no-install-recommends ${packages.join(' ')}
rm /usr/sbin/policy-rc.d
`;

/** @param {string} tree @param {string} path @param {string} content */
function write(tree, path, content) {
  mkdirSync(dirname(join(tree, path)), { recursive: true });
  rmSync(join(tree, path), { force: true });
  writeFileSync(join(tree, path), content, { mode: 0o644 });
}

/**
 * `disk.img` (bootable through GRUB) and `vmlinuz` in the workplace's folder, from its tree.
 * @param {Recipe} recipe @param {Workplace} workplace
 */
export async function makeDisk(recipe, workplace) {
  workplace.onProgress('Writing the disk image.');
  writeFileSync(join(workplace.tree, 'first-boot'), recipe.firstBoot);
  chmodSync(join(workplace.tree, 'first-boot'), 0o755);
  await writeDisk(recipe, workplace);
  workplace.onProgress('First boot: installing the boot loader from inside.');
  await installBootLoader(recipe, workplace);
}

/** @param {Recipe} recipe @param {Workplace} workplace */
async function writeDisk(recipe, { directory, tree, logFile }) {
  const disk = join(directory, 'disk.img');
  const sizeBytes = recipe.diskMiB * 1024 * 1024;
  sparseFile(disk, sizeBytes);
  await run('sfdisk', ['--quiet', disk], { env, logFile, input: `label: dos\nstart=${partitionStartBytes / 512}, type=83, bootable\n` });
  const sizeKiB = (sizeBytes - partitionStartBytes) / 1024;
  await run('mke2fs', ['-q', '-F', '-t', 'ext4', '-O', fileSystemFeatures, '-L', recipe.label, '-d', tree, '-E', `offset=${partitionStartBytes}`, disk, `${sizeKiB}k`], { env, logFile });
}

/** @param {Recipe} recipe @param {Workplace} workplace */
async function installBootLoader(recipe, { directory, tree }) {
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

/**
 * A disk with one file system and no partition, holding what is in `folder`.
 * @param {string} folder @param {string} disk @param {string} label @param {number} contentBytes
 */
export async function makeDataDisk(folder, disk, label, contentBytes) {
  sparseFile(disk, Math.ceil(contentBytes / 2 ** 20 * 1.05 + 32) * 2 ** 20);
  await run('mke2fs', ['-q', '-F', '-t', 'ext4', '-O', '^has_journal', '-m', '0', '-N', '32', '-L', label, '-d', folder, disk], { env });
}

/** @param {string} path @param {number} sizeBytes */
function sparseFile(path, sizeBytes) {
  const handle = openSync(path, 'w', 0o600);
  ftruncateSync(handle, sizeBytes);
  closeSync(handle);
}
