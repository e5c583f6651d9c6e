import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';
import { runCommand, say } from './run-command.mjs';

/** Programs the tests use, and the Debian packages they come in. */
const packages = {
  chromium: 'chromium', sshd: 'openssh-server', ssh: 'openssh-client', cyclictest: 'rt-tests', iperf3: 'iperf3', ping: 'iputils-ping', 'stress-ng': 'stress-ng', busybox: 'busybox', sudo: 'sudo',
  'qemu-system-x86_64': 'qemu-system-x86', 'qemu-img': 'qemu-utils', debootstrap: 'debootstrap', sfdisk: 'fdisk', 'mke2fs': 'e2fsprogs', Xvfb: 'xvfb',
  'ansible-playbook': 'ansible-core', shellcheck: 'shellcheck',
  'virt-xml-validate': 'libvirt-clients', xmllint: 'libxml2-utils',
};

/**
 * Installs the Debian packages of programs that are missing, where that can be done. Where it cannot, says so: tests
 * that need them say so again and are skipped.
 */
export async function ensurePackages() {
  const missing = Object.entries(packages).filter(([program]) => !isInstalled(program)).map(([, name]) => name);
  if (missing.length === 0) return;
  const list = missing.join(' ');
  if (!isInstalled('apt-get')) {
    say(`Some tests need programs that are not here and will be skipped. On Debian they come in: ${list}.`);
  } else if (process.getuid?.() !== 0) {
    say(`Some tests need Debian packages that only root can install, and will be skipped. To have them: sudo apt-get install ${list}`);
  } else {
    say(`Installing Debian packages for the tests: ${list} …`);
    if (!(await aptInstall(missing))) say(`apt-get could not install ${list}: tests that need them will be skipped.`);
  }
}

/** @param {readonly string[]} names */
async function aptInstall(names) {
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  const install = () => runCommand('apt-get', ['install', '-y', '-q', '--no-install-recommends', ...names], { output: 'stderr', env });
  if ((await install()) === 0) return true;
  // A fresh system has no package lists yet.
  await runCommand('apt-get', ['update', '-q'], { output: 'stderr', env });
  return (await install()) === 0;
}

/** @param {string} program */
function isInstalled(program) {
  const folders = [...(process.env['PATH'] ?? '').split(delimiter), '/usr/sbin', '/sbin'];
  return folders.some((folder) => {
    try {
      accessSync(join(folder, program), constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
}
