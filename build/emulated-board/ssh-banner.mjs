import { connect } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';

/**
 * Tries until the port answers as an SSH server. QEMU accepts connections long before the board inside does, so only
 * the banner counts.
 * @param {number} port on 127.0.0.1
 * @param {{ timeoutMs: number, giveUp: () => boolean, onWait?: (elapsedMs: number) => void }} options
 * @returns {Promise<boolean>} false when time is up or `giveUp` says so
 */
export async function waitForBanner(port, { timeoutMs, giveUp, onWait }) {
  const began = Date.now();
  let told = began;
  while (Date.now() - began < timeoutMs && !giveUp()) {
    if (await bannerWithin(port, 5000)) return true;
    if (Date.now() - told >= 10_000) {
      told = Date.now();
      onWait?.(told - began);
    }
    await pause(300);
  }
  return false;
}

/** @param {number} port @param {number} timeoutMs @returns {Promise<boolean>} */
function bannerWithin(port, timeoutMs) {
  return new Promise((settle) => {
    const socket = connect({ host: '127.0.0.1', port });
    /** @param {boolean} answered */
    const end = (answered) => { socket.destroy(); settle(answered); };
    socket.setTimeout(timeoutMs, () => end(false));
    socket.once('data', (data) => end(data.toString('latin1').startsWith('SSH-')));
    socket.once('error', () => end(false));
    socket.once('close', () => end(false));
  });
}
