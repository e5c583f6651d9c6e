import { spawn } from 'node:child_process';
import { existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { searchPath } from './host-tools.mjs';
import { qemuArguments } from './qemu-arguments.mjs';
import { connectQmp } from './qmp.mjs';

/**
 * One QEMU process, from power on to power off. It ends with us, even when we are killed.
 * @param {import('./index.d.mts').Topology} topology
 * @param {{ directory: string, disk: string, cloudImages: string | null, port: number, internet: boolean, watchdog: boolean, accelerator: 'kvm' | 'tcg' }} wiring
 */
export async function powerOn(topology, wiring) {
  const serialLog = join(wiring.directory, 'serial.log');
  const qmpSocket = join(wiring.directory, 'qmp');
  rmSync(qmpSocket, { force: true });
  const args = qemuArguments(topology, { ...wiring, serialLog, qmpSocket });
  const child = spawn('setpriv', ['--pdeathsig', 'KILL', 'qemu-system-x86_64', ...args], { stdio: ['ignore', 'ignore', 'pipe'], env: { ...process.env, PATH: searchPath }, detached: true });
  let complaint = '';
  let running = true;
  let lastWords = '';
  const consoleText = () => (existsSync(serialLog) ? readFileSync(serialLog, 'utf8') : '');
  child.stderr.setEncoding('utf8').on('data', (text) => { complaint = (complaint + text).slice(-2000); });
  /** @type {Promise<void>} */
  const ended = new Promise((settle) => {
    child.once('error', (error) => { complaint = error.message; running = false; settle(); });
    child.once('exit', () => { running = false; lastWords = consoleText(); settle(); });
  });
  const pullPlug = async () => {
    if (running) child.kill('SIGKILL');
    await ended;
  };
  try {
    const { command } = await connectQmp(qmpSocket, () => running);
    const port = wiring.port === 0 ? forwardedPort(await command('human-monitor-command', { 'command-line': 'info usernet' })) : wiring.port;
    return { port, serialLog, command, ended, pullPlug, running: () => running, console: () => (running ? consoleText() : lastWords) };
  } catch (thrown) {
    await pullPlug();
    throw new Error(`QEMU could not be started. ${complaint.trim() || String(thrown)}`, { cause: thrown });
  }
}

/** The port that the system chose, from a line like `TCP[HOST_FORWARD]  12  127.0.0.1 40123  10.0.2.15  22 …`. */
function forwardedPort(/** @type {unknown} */ said) {
  const port = /TCP\[HOST_FORWARD\]\s+\d+\s+127\.0\.0\.1\s+(\d+)/.exec(String(said))?.[1];
  if (port === undefined) throw new Error(`QEMU does not say which port it listens on: ${String(said)}`);
  return Number(port);
}
