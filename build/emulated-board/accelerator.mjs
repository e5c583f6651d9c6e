import { spawn } from 'node:child_process';
import { accessSync, constants, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { boardsDirectory } from './cache.mjs';

/** A kernel under a KVM that works says its first line well within a second. */
const probeMs = 6000;

/**
 * `kvm` where it can be used, else `tcg` (translation, as many threads as there are CPUs).
 * RTVM_BENCH_ACCELERATOR=tcg|kvm decides by hand.
 * @param {string} kernel file of a Linux kernel to try it with
 * @returns {Promise<'kvm' | 'tcg'>}
 */
export async function chooseAccelerator(kernel) {
  const asked = process.env['RTVM_BENCH_ACCELERATOR'];
  if (asked === 'kvm' || asked === 'tcg') return asked;
  try {
    accessSync('/dev/kvm', constants.R_OK | constants.W_OK);
  } catch {
    return 'tcg';
  }
  return (await kvmUsable(kernel)) ? 'kvm' : 'tcg';
}

/**
 * A device node that opens is not enough: a nested KVM may create a machine and even run its firmware, then hang where
 * Linux leaves real mode. So a kernel is started; the answer holds until this machine boots again.
 * @param {string} kernel
 */
async function kvmUsable(kernel) {
  const known = join(boardsDirectory(), 'kvm-usable.json');
  const bootId = readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
  try {
    const answer = JSON.parse(readFileSync(known, 'utf8'));
    if (answer.bootId === bootId) return answer.usable === true;
  } catch {
    // Never asked on this machine, or the file is not ours: ask now.
  }
  const usable = await kernelSpeaks(kernel);
  mkdirSync(boardsDirectory(), { recursive: true });
  writeFileSync(known, JSON.stringify({ bootId, usable }));
  return usable;
}

/** @param {string} kernel @returns {Promise<boolean>} */
function kernelSpeaks(kernel) {
  return new Promise((settle) => {
    const child = spawn('qemu-system-x86_64', [
      '-accel', 'kvm', '-cpu', 'host', '-m', '512', '-display', 'none', '-monitor', 'none', '-nic', 'none', '-no-reboot', '-serial', 'stdio',
      '-kernel', kernel, '-append', 'console=ttyS0 earlyprintk=serial panic=-1',
    ], { stdio: ['ignore', 'pipe', 'ignore'] });
    let said = '';
    /** @param {boolean} usable */
    const end = (usable) => { clearTimeout(timer); child.kill('SIGKILL'); settle(usable); };
    const timer = setTimeout(() => end(false), probeMs);
    child.once('error', () => end(false));
    child.once('exit', () => end(said.includes('Linux version')));
    child.stdout.setEncoding('latin1').on('data', (text) => {
      said += text;
      if (said.includes('Linux version')) end(true);
    });
  });
}

/**
 * `max` is AMD's unless told otherwise; family and model make it a Skylake to Linux. A fifth level of page tables would
 * be walked in vain at each miss, and within a virtual machine five times over.
 */
const emulatedCpu = { amd: 'max,la57=off', intel: 'max,la57=off,vendor=GenuineIntel,family=6,model=94,stepping=3,model-id=Emulated Intel processor' };

/**
 * QEMU's options.
 * @param {'kvm' | 'tcg'} name
 * @param {'amd' | 'intel'} vendor
 * @returns {string[]}
 */
export const acceleratorOptions = (name, vendor) => (name === 'kvm' ? ['-accel', 'kvm', '-cpu', 'host'] : ['-accel', 'tcg,thread=multi', '-cpu', emulatedCpu[vendor]]);
