import { spawn } from 'node:child_process';
import { appendFileSync } from 'node:fs';

/**
 * Runs one command to its end and gives its standard output. Lines of both streams go to `logFile` and `onLine`.
 * @param {string} command
 * @param {readonly string[]} args
 * @param {{ input?: string, env?: NodeJS.ProcessEnv, logFile?: string, onLine?: (line: string) => void, timeoutMs?: number }} [options]
 * @returns {Promise<string>} Rejects with the command's last words when it fails or cannot be started.
 */
export function run(command, args, options = {}) {
  return new Promise((settle, fail) => {
    const child = spawn(command, args, { stdio: ['pipe', 'pipe', 'pipe'], env: options.env ?? process.env });
    const abandon = () => { child.kill('SIGTERM'); };
    process.once('exit', abandon);
    const timer = options.timeoutMs === undefined ? undefined : setTimeout(() => child.kill('SIGKILL'), options.timeoutMs);
    let stdout = '';
    let tail = '';
    /** @param {string} text */
    const heard = (text) => {
      tail = (tail + text).slice(-4000);
      if (options.logFile !== undefined) appendFileSync(options.logFile, text);
      for (const line of text.split('\n')) if (line.trim() !== '') options.onLine?.(line.trim());
    };
    child.stdout.setEncoding('utf8').on('data', (text) => { stdout += text; heard(text); });
    child.stderr.setEncoding('utf8').on('data', heard);
    child.stdin.on('error', () => undefined);
    child.stdin.end(options.input ?? '');
    const end = () => { clearTimeout(timer); process.removeListener('exit', abandon); };
    child.once('error', (error) => { end(); fail(new Error(`${command} could not be started: ${error.message}`)); });
    child.once('close', (code, signal) => {
      end();
      if (code === 0) settle(stdout);
      else fail(new Error(`${command} ended with ${signal ?? `exit status ${code}`}. Its last words:\n${tail.trim().split('\n').slice(-12).join('\n')}`));
    });
  });
}
