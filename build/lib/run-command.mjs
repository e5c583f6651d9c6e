import { spawn } from 'node:child_process';
import { projectRoot } from './project-root.mjs';

const endSignals = /** @type {const} */ (['SIGINT', 'SIGTERM', 'SIGHUP']);

/** A step that failed, said in words for a person; anything else that is thrown is a fault of the build itself. */
export class StepFailed extends Error {}

/**
 * What a person is told goes to standard error: standard output may be data.
 * @param {string} message
 */
export const say = (message) => { process.stderr.write(`${message}\n`); };

/**
 * Runs a program to its end and gives its exit code (128 when a signal ended it). Signals that ask this process to end
 * are passed on: the program ends in order, and this process with it.
 * @param {string} program
 * @param {readonly string[]} args
 * @param {{ output?: 'stderr' | 'inherit' | 'ignore', env?: NodeJS.ProcessEnv, timeoutMs?: number }} [options]
 * @returns {Promise<number>}
 */
export function runCommand(program, args, options = {}) {
  const { output = 'inherit', env = process.env, timeoutMs } = options;
  const stdio = { stderr: /** @type {const} */ (['ignore', 2, 2]), inherit: /** @type {const} */ ('inherit'), ignore: /** @type {const} */ ('ignore') }[output];
  return new Promise((settle, fail) => {
    const child = spawn(program, args, { cwd: projectRoot, env, stdio: typeof stdio === 'string' ? stdio : [...stdio], timeout: timeoutMs });
    const passOn = (/** @type {NodeJS.Signals} */ signal) => { child.kill(signal); };
    for (const signal of endSignals) process.on(signal, passOn);
    child.once('error', fail);
    child.once('exit', (code) => {
      for (const signal of endSignals) process.off(signal, passOn);
      settle(code ?? 128);
    });
  });
}

/**
 * Runs the JavaScript file of an installed package with this Node.
 * @param {string} file
 * @param {readonly string[]} args
 * @param {Parameters<typeof runCommand>[2]} [options]
 */
export const runNode = (file, args, options) => runCommand(process.execPath, [file, ...args], options);

/**
 * Ends a build script with a message in place of a stack where the failure was expected.
 * @param {() => Promise<number>} main
 */
export async function runMain(main) {
  try {
    process.exitCode = await main();
  } catch (thrown) {
    if (!(thrown instanceof StepFailed)) throw thrown;
    say(thrown.message);
    process.exitCode = 1;
  }
}
