import { spawn } from 'node:child_process';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { explainRun } from '../../shared/explanation/explain-run.ts';
import { PartCounters } from '../../shared/explanation/part-counters.ts';
import { isCyclictestRun } from '../../shared/model/run.ts';
import { evidenceOfRun } from '../../shared/statistics/run-conditions.ts';
import { runResultOf } from '../../shared/statistics/run-result.ts';
import { loadJournal } from '../../electron/core/runs/load-journal.ts';
import { follow, isLive, newRun, startRunKit, type RunKit } from '../support/run-kit.ts';

/** Sends itself datagrams over loopback as fast as it can: receptions on the CPU it is pinned to. Ends with its standard input. */
const busyReceiver = `
  const { createSocket } = require('node:dgram');
  const socket = createSocket('udp4');
  const send = () => socket.send('x', socket.address().port, '127.0.0.1');
  socket.on('message', send);
  socket.bind(0, '127.0.0.1', send);
  process.stdin.resume().on('end', () => process.exit());
`;

describe('why a run on a real board is as it is', () => {
  let kit: RunKit;
  beforeAll(async () => { kit = await startRunKit(); });
  afterAll(() => kit.stop());

  it('counts before and after each part, and names what was received on the measured CPU', async () => {
    // Long enough that the threads are looked at well before they end.
    const run = newRun({ durationSeconds: 6, segmentSeconds: 3 });
    const session = kit.session();
    const load = spawn('taskset', ['-c', '1', process.execPath, '-e', busyReceiver], { stdio: ['pipe', 'ignore', 'ignore'] });
    try {
      const following = follow(session, kit.store, await kit.start(run, session));
      await following.until(isLive);
      const ended = await following.ended;
      expect(ended).toMatchObject({ state: 'completed', stateReason: null });
      const counters = new PartCounters(run.options.cpus);
      const journal = await loadJournal(kit.store, run.id, { onCounters: (reading, segments) => { counters.take(reading, segments); } });
      expect(journal.problem).toBeNull();
      expect([...journal.lastCounters?.texts.keys() ?? []]).toEqual(expect.arrayContaining(['system', 'interrupts', 'softirqs', 'stat', 'vmstat']));
      expect(counters.parts.map(({ index }) => index)).toEqual([1, 2]);
      if (!isCyclictestRun(ended)) throw new Error('another benchmark ran');
      const result = runResultOf(ended, journal, { virtualised: true });
      const samples = result.threads.flatMap((thread) => (thread.cpu === undefined ? [] : [{ cpu: thread.cpu, samples: thread.samples }]));
      const explanation = explainRun({
        runId: run.id, evidence: evidenceOfRun(ended, journal, { samples, expectedSamples: 6_000, measuredSeconds: result.measuredSeconds, virtualised: true, snapshot: null }),
        partMaxima: result.segments.map(({ index, maxUs }) => ({ index, maxUs })), parts: counters.parts, settings: [], gate: null, host: null,
      });
      const received = explanation.findings.find(({ source }) => source === 'NET_RX');
      expect(received).toMatchObject({ rule: 'softirqs', cpu: 1 });
      expect(received?.figures.find(({ name }) => name === 'count')?.value).toBeGreaterThan(1_000);
      expect(explanation.findings.some(({ rule }) => rule === 'timer-ticks')).toBe(true);
      expect(explanation.checks.find(({ rule }) => rule === 'placement')).toMatchObject({ outcome: 'good' });
      expect(explanation.checks.map(({ rule }) => rule)).toEqual(expect.arrayContaining(['interrupts', 'clocksource', 'cpus-online', 'rt-throttling']));
    } finally {
      load.stdin.end();
    }
  });
});
