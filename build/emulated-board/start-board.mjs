import { existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { chooseAccelerator } from './accelerator.mjs';
import { ensureBoardImage, ensureCloudImage } from './build-image.mjs';
import { takeLock } from './cache.mjs';
import { powerOn } from './machine.mjs';
import { run } from './processes.mjs';
import { waitForBanner } from './ssh-banner.mjs';
import { defaultTopology, topologies } from './topologies.mjs';

/** Several times what two busy cores without KVM need. */
const defaultBootTimeoutMs = 300_000;
const shutDownMs = 60_000;

/**
 * Boots a board and waits until it answers on SSH.
 * @param {import('./index.d.mts').StartOptions} [options]
 * @returns {Promise<import('./index.d.mts').EmulatedBoard>}
 */
export async function startEmulatedBoard(options = {}) {
  const { internet = false, watchdog = false, cloudImages = false, bootTimeoutMs = defaultBootTimeoutMs, onProgress = () => undefined } = options;
  const topology = chosenTopology(options.topology ?? defaultTopology);
  const image = await ensureBoardImage({ onProgress, image: options.image ?? 'real-time' });
  const imageDisk = cloudImages ? await ensureCloudImage({ onProgress }) : null;
  const accelerator = await chooseAccelerator(image.kernel);
  const directory = mkdtempSync(join(tmpdir(), 'emulated-board-'));
  const { disk, release } = await makeDisk(image, directory, options.keep, onProgress);
  const cleanUp = () => { release(); rmSync(directory, { recursive: true, force: true }); };

  let port = options.port ?? 0;
  let bootMs = 0;
  let replacing = false;
  /** @type {() => void} */
  let tellEnded = () => undefined;
  /** @type {Promise<void>} */
  const ended = new Promise((settle) => { tellEnded = settle; });

  const power = async () => {
    const on = await powerOn(topology, { directory, disk, cloudImages: imageDisk?.disk ?? null, port, internet, watchdog, accelerator });
    port = on.port;
    void on.ended.then(() => { if (!replacing) { cleanUp(); tellEnded(); } });
    return on;
  };

  /** @param {number} timeoutMs */
  const waitForSsh = async (timeoutMs) => {
    const began = Date.now();
    const answered = await waitForBanner(port, {
      timeoutMs,
      giveUp: () => !machine.running(),
      onWait: (elapsedMs) => onProgress(`Booting for ${Math.round(elapsedMs / 1000)} s: ${lastLines(machine.console(), 1)}`),
    });
    if (!answered) throw new Error(`The emulated board did not answer on SSH within ${Math.round((Date.now() - began) / 1000)} s. Its console said last:\n${lastLines(machine.console(), 20)}`);
    return Date.now() - began;
  };

  onProgress(`Power on (${accelerator === 'kvm' ? 'KVM' : 'emulated'}).`);
  let machine = await power().catch((thrown) => { cleanUp(); throw thrown; });
  const kill = async () => { await machine.pullPlug(); await ended; };
  try {
    bootMs = await waitForSsh(bootTimeoutMs);
  } catch (thrown) {
    await kill();
    throw thrown;
  }

  return {
    host: '127.0.0.1', port, user: image.user, password: image.password, keyFile: image.keyFile, hostKeys: image.hostKeys,
    serialLog: machine.serialLog, topology, accelerator, cloudImage: imageDisk && { path: imageDisk.path, sha256: imageDisk.sha256 }, ended, kill,
    get bootMs() { return bootMs; },
    waitForSsh: async (timeoutMs = bootTimeoutMs) => { await waitForSsh(timeoutMs); },
    setLink: async (up) => { await machine.command('set_link', { name: 'nic0', up }); },
    reset: async () => { await machine.command('system_reset'); },
    powerCycle: async () => {
      replacing = true;
      await machine.pullPlug();
      replacing = false;
      machine = await power();
      bootMs = await waitForSsh(bootTimeoutMs);
    },
    stop: async () => {
      await machine.command('system_powerdown').catch(() => undefined);
      const waited = new AbortController();
      await Promise.race([machine.ended, pause(shutDownMs, undefined, { signal: waited.signal }).catch(() => undefined)]);
      waited.abort();
      await kill();
    },
    monitor: (command, parameters) => machine.command(command, parameters),
    console: () => machine.console(),
  };
}

/** @param {string | import('./index.d.mts').Topology} asked */
function chosenTopology(asked) {
  if (typeof asked !== 'string') return asked;
  const found = topologies[asked];
  if (found === undefined) throw new Error(`There is no topology “${asked}”. There are: ${Object.keys(topologies).join(', ')}.`);
  return found;
}

/**
 * A copy-on-write disk over the image, which itself is never written.
 * @param {import('./index.d.mts').BoardImage} image @param {string} directory @param {string | undefined} keep @param {(text: string) => void} onProgress
 */
async function makeDisk(image, directory, keep, onProgress) {
  if (keep !== undefined && !/^[a-z0-9][a-z0-9-]{0,40}$/.test(keep)) throw new Error('A kept disk is named with small letters, digits and hyphens.');
  const home = keep === undefined ? directory : join(image.directory, 'kept', keep);
  mkdirSync(home, { recursive: true });
  const release = keep === undefined ? () => undefined : await takeLock(home, () => onProgress(`The kept disk “${keep}” is in use by another board: waiting for it.`));
  const disk = join(home, 'disk.qcow2');
  if (!existsSync(disk)) await run('qemu-img', ['create', '-q', '-f', 'qcow2', '-b', image.disk, '-F', 'raw', disk]);
  return { disk, release };
}

/** @param {string} text @param {number} count */
const lastLines = (text, count) => text.split(/\r?\n/).map((line) => line.trim()).filter((line) => line !== '').slice(-count).join('\n');
