import { expect, test } from 'vitest';
import { CodedError } from '../../../shared/contract/errors.ts';
import { captureScriptText, inspect, probeScript, probeVersion } from '../../../electron/core/probe/probe.ts';
import type { BoardScript, BoardSession, ExecOptions, ExecResult } from '../../../electron/core/ssh/board-session.ts';
import { fixture } from '../snapshot/capture-text.ts';

const capture = fixture('captures/cloud-vm-root.capture');

/** A session that answers one exec, and remembers what it was asked. */
function sessionSaying(stdout: string, result: Partial<ExecResult> = {}) {
  const asked: Array<{ script: BoardScript; options: ExecOptions | undefined }> = [];
  const session: BoardSession = {
    boardId: 'bench-1',
    exec: (script, options) => {
      asked.push({ script, options });
      return Promise.resolve({ exitCode: 0, signal: null, stdout: Buffer.from(stdout), stderr: '', asRoot: true, ...result });
    },
    stream: () => Promise.reject(new Error('not asked for')),
    reverseForward: () => Promise.reject(new Error('not asked for')),
    upload: () => Promise.reject(new Error('not asked for')),
    reach: () => Promise.reject(new Error('not asked for')),
    terminal: () => Promise.reject(new Error('not asked for')),
    connect: () => Promise.resolve(session.connection()),
    connection: () => ({ boardId: 'bench-1', state: 'connected', roundTripMs: 1, sudo: 'unknown', error: null }),
    onConnection: () => () => undefined,
    traffic: () => ({ receivedBytes: 0, sentBytes: 0 }),
    disconnect: () => Promise.resolve(),
  };
  return { session, asked };
}

const failureOf = async (session: BoardSession): Promise<CodedError> => {
  const thrown = await inspect(session).then(() => null, (error: unknown) => error);
  if (thrown instanceof CodedError) return thrown;
  throw new Error('a coded error was expected');
};

test('one exec, as root where that needs no question, stamped with the time of the laptop', async () => {
  const { session, asked } = sessionSaying(capture);
  const { captureText, snapshot } = await inspect(session, { now: () => new Date('2026-11-20T14:10:00.123Z') });
  expect(asked).toHaveLength(1);
  expect(asked[0]).toMatchObject({ script: probeScript, options: { root: 'if-possible' } });
  expect(captureText).toBe(capture);
  expect(snapshot.takenAt).toBe('20261120T141000Z');
  expect(snapshot.probeVersion).toBe('1');
  expect(Number(probeVersion)).toBeGreaterThan(1);
});

test('the caller may insist on root, and give up', async () => {
  const { session, asked } = sessionSaying(capture);
  const { signal } = new AbortController();
  await inspect(session, { root: 'required', signal, timeoutMs: 5 });
  expect(asked[0]?.options).toMatchObject({ root: 'required', signal, timeoutMs: 5 });
});

test('another system is named', async () => {
  const { session } = sessionSaying('RTVM-BENCH-CAPTURE 1\n@@ about\n|probe 1\n@@ command uname\n|Darwin lab 23.1.0\n@@ end\n');
  const error = await failureOf(session);
  expect(error.code).toBe('not-linux');
  expect(error.message).toContain('Darwin');
  expect(error.extras.board).toBe('bench-1');
});

test('an answer that is no capture says what was said instead', async () => {
  const { session } = sessionSaying('Switch# ', { exitCode: 127, stderr: '% Unknown command\n' });
  const error = await failureOf(session);
  expect(error.code).toBe('capture-unreadable');
  expect(error.extras.details).toEqual({ exitCode: 127, said: '% Unknown command' });
});

test('half a capture is a lost connection where the channel broke, and a reading with a gap where the script ended', async () => {
  const half = capture.slice(0, capture.length / 2);
  expect((await failureOf(sessionSaying(half, { exitCode: null }).session)).code).toBe('connection-lost');
  const { snapshot } = await inspect(sessionSaying(half, { exitCode: 2 }).session);
  expect(snapshot.unread[0]?.what).toBe('the rest of the capture');
});

test('the script for hand use is the very one that is run on boards, and explains itself', () => {
  expect(captureScriptText()).toBe(probeScript.text);
  expect(captureScriptText()).toContain('sh probe.sh > board.capture');
});
