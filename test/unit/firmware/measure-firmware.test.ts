import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { measureFirmware } from '../../../electron/core/firmware/measure-firmware.ts';
import type { BoardSession, ExecResult } from '../../../electron/core/ssh/board-session.ts';
import { CodedError } from '../../../shared/contract/errors.ts';
import { firmwareLimit } from '../../../shared/model/firmware-gate.ts';
import { parseCapture } from '../../../shared/parsers/capture.ts';
import { snapshotOf } from '../../../shared/parsers/snapshot/snapshot.ts';

const capture = parseCapture(readFileSync(new URL('../../fixtures/captures/emulated-two-sockets.capture', import.meta.url), 'utf8'));
if (!capture.ok) throw capture.error;
const snapshot = snapshotOf(capture.value);
const bare = { ...snapshot, virtualisation: { ...snapshot.virtualisation, kind: 'bare-metal' as const }, cpus: { ...snapshot.cpus, flags: snapshot.cpus.flags.filter((flag) => flag !== 'hypervisor') } };

const session = (stdout: string, exitCode = 0): BoardSession => {
  const result: ExecResult = { exitCode, signal: null, stdout: Buffer.from(stdout), stderr: '', asRoot: true };
  const never = () => Promise.reject(new Error('not used here'));
  return {
    boardId: 'b', exec: () => Promise.resolve(result), connect: never, stream: never, reverseForward: never, terminal: never, upload: never, reach: never, disconnect: () => Promise.resolve(), onConnection: () => () => undefined,
    connection: () => ({ boardId: 'b', state: 'connected', roundTripMs: null, sudo: 'unknown', error: null }), traffic: () => ({ receivedBytes: 0, sentBytes: 0 }),
  };
};
const printed = (most: string) => `smi-before\nhwlatdetect\nhwlatdetect:  test duration 600 seconds\n   detector: tracer\n        Latency threshold: 10us\n\nStarting test\ntest finished\nMax Latency: ${most}\nSamples recorded: 0\nSamples exceeding threshold: 0\nstatus 0\nsmi-after\n`;
const measure = (stdout: string, openItems = 3, exitCode = 0) => measureFirmware({ session: session(stdout, exitCode), boardName: 'Press', reading: { snapshot: bare, capture: capture.value }, openItems, seconds: 600, signal: new AbortController().signal });

describe('measuring what the firmware takes', () => {
  test('a quiet board limits nothing', async () => {
    const gate = await measure(printed('Below threshold'));
    expect(gate.verdict).toBe('quiet');
    expect(firmwareLimit(gate, gate.firmware)).toBeNull();
  });

  test('a gap is stated with every result of the board, and that another firmware has to be measured again', async () => {
    const gate = await measure(printed('143us'));
    expect(gate.verdict).toBe('firmware-limited');
    expect(firmwareLimit(gate, gate.firmware)).toMatch(/^Firmware-limited: .*143 µs.*\)\.$/);
    expect(firmwareLimit(gate, { version: 'another', date: null })).toContain('measure again');
  });

  test('with nothing left to change in the firmware it is not suitable', async () => {
    const gate = await measure(printed('143us'), 0);
    expect(gate.verdict).toBe('not suitable for real-time');
    expect(firmwareLimit(gate, gate.firmware)).toContain('not suitable for real time');
  });

  test.each([['busy 20261121T100000Z 1763719200 mia@laptop\n', 0, 'board-busy'], ['refused no-hwlatdetect\n', 0, 'board-tool-missing'], ['', 1, 'board-command-failed'], ['smi-before\nhwlatdetect\nERROR: no tracer\nstatus 1\nsmi-after\n', 0, 'board-command-failed']])('%j gives its own error', async (stdout, exitCode, code) => {
    const error = await measure(stdout, 3, exitCode).catch((thrown: unknown) => thrown);
    expect(error instanceof CodedError ? error.code : error).toBe(code);
  });
});
