import { connect } from 'node:net';
import { createInterface } from 'node:readline';
import { setTimeout as pause } from 'node:timers/promises';

/**
 * QEMU's control socket: one command at a time, one JSON object per line. Events are passed over.
 * @param {string} path
 * @param {() => boolean} alive whether QEMU still runs: it makes the socket a moment after it was started
 */
export async function connectQmp(path, alive) {
  const socket = await open(path, alive);
  /** @type {Array<{ settle: (value: unknown) => void, fail: (error: Error) => void }>} */
  const waiting = [];
  createInterface({ input: socket }).on('line', (line) => {
    const message = JSON.parse(line);
    if ('return' in message) waiting.shift()?.settle(message.return);
    else if ('error' in message) waiting.shift()?.fail(new Error(`QEMU refused: ${message.error.desc}`));
  });
  socket.on('error', () => undefined);
  socket.on('close', () => { for (const command of waiting.splice(0)) command.fail(new Error('QEMU has ended.')); });

  /** @param {string} execute @param {Record<string, unknown>} [parameters] @returns {Promise<unknown>} */
  const command = (execute, parameters = {}) => new Promise((settle, fail) => {
    if (socket.destroyed) {
      fail(new Error('QEMU has ended.'));
      return;
    }
    waiting.push({ settle, fail });
    socket.write(`${JSON.stringify({ execute, arguments: parameters })}\n`);
  });
  await command('qmp_capabilities');
  return { command };
}

/** @param {string} path @param {() => boolean} alive @returns {Promise<import('node:net').Socket>} */
async function open(path, alive) {
  for (;;) {
    const socket = connect(path);
    const opened = await new Promise((settle) => {
      socket.once('connect', () => settle(true));
      socket.once('error', () => settle(false));
    });
    if (opened) return socket;
    if (!alive()) throw new Error('QEMU ended before it could be reached.');
    await pause(50);
  }
}
