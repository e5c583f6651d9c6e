import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseRunJournal, RunJournalReader } from '../../../shared/parsers/run-journal.ts';
import { maximumLineBytes } from '../../../shared/parsers/byte-lines.ts';
import { sampleJournal, sampleOutput } from './sample-journal.ts';

const sample = sampleJournal();
const until = (bytes: Buffer, text: string): Buffer => bytes.subarray(0, bytes.indexOf(text));

describe('run journal', () => {
  it('reads header, segments, statuses, counters and end', () => {
    const journal = parseRunJournal(sample);
    expect(journal.problem).toBeNull();
    expect(journal.header).toMatchObject({ runId: 'demo-1', cpus: [2, 3], segmentSeconds: 1, durationSeconds: 2, periodSeconds: 1, asRoot: true, owner: 'ana@laptop', command: ['cyclictest', '-q', '-a', '2-3'] });
    expect(journal.header?.facts.get('isolated')).toBe('2-3');
    expect(journal.segments.map(({ index, startedAtSeconds, endedAtSeconds, exitCode }) => ({ index, startedAtSeconds, endedAtSeconds, exitCode }))).toEqual([
      { index: 1, startedAtSeconds: 0.22, endedAtSeconds: 1.23, exitCode: 0 }, { index: 2, startedAtSeconds: 1.33, endedAtSeconds: 2.34, exitCode: 0 },
    ]);
    expect(journal.segments[0]?.stdout).toBe(sampleOutput([997, 994], [0, 3], [11, 120]));
    expect(journal.segments[0]?.rises).toEqual([{ atSeconds: 0.72, maxUs: 120 }]);
    expect(journal.statuses).toHaveLength(3);
    expect(journal.statuses[1]).toEqual({ atSeconds: 1.12, segment: 1, threads: [{ cpu: 2, samples: 900, minUs: 10, actUs: 10, avgUs: 10, maxUs: 11 }, { cpu: 3, samples: 900, minUs: 10, actUs: 10, avgUs: 10, maxUs: 120 }] });
    expect(journal.firstCounters?.texts.get('interrupts')).toContain('LOC: 100');
    expect(journal.lastCounters?.texts.get('interrupts')).toContain('LOC: 300');
    expect(journal.end).toEqual({ state: 'completed', reason: '-', atSeconds: 2.36, sha256: '-' });
    expect(sample.subarray(0, journal.endOffset ?? 0).toString()).toBe(until(sample, 'end completed').toString());
  });

  it('gives the same however the bytes are cut', () => {
    const whole = parseRunJournal(sampleJournal({ owner: 'zażółć “gęślą” 🦫' }));
    const bytes = sampleJournal({ owner: 'zażółć “gęślą” 🦫' });
    expect(whole.header?.owner).toBe('zażółć “gęślą” 🦫');
    fc.assert(fc.property(fc.array(fc.integer({ min: 1, max: 97 }), { minLength: 1 }), (sizes) => {
      const reader = new RunJournalReader();
      for (let from = 0, turn = 0; from < bytes.length; turn += 1) {
        const size = sizes[turn % sizes.length] ?? 1;
        reader.feed(bytes.subarray(from, from + size));
        from += size;
      }
      expect(reader.journal).toEqual(whole);
    }), { numRuns: 300 });
  });

  it('tells a watcher all but the texts, of which the last segment’s remain', () => {
    const bytes = sampleJournal({ stderr: 'a warning\n' });
    const whole = parseRunJournal(bytes);
    const none = { stdout: null, stderr: null, threads: null, affinity: null };
    fc.assert(fc.property(fc.integer({ min: 1, max: bytes.length }), (size) => {
      const reader = new RunJournalReader({ keep: 'watching' });
      for (let from = 0; from < bytes.length; from += size) reader.feed(bytes.subarray(from, from + size));
      const [first, last] = whole.segments;
      expect(reader.journal).toEqual({ ...whole, segments: [{ ...first, ...none }, { ...last, stdout: null }] });
    }), { numRuns: 50 });
    const early = new RunJournalReader({ keep: 'watching' });
    early.feed(until(bytes, 'segment 2'));
    expect(early.journal.segments[0]).toMatchObject({ stdout: null, stderr: 'a warning\n' });
  });

  it('finds a watcher’s damaged output as any other', () => {
    const reader = new RunJournalReader({ keep: 'watching' });
    reader.feed(Buffer.from(sample.toString().replace('|000011 000002\t000003\n', '')));
    expect(reader.journal.problem?.message).toMatch(/e stdout/);
  });

  it('waits for a tail that is not whole, at every byte', () => {
    for (let length = 0; length < sample.length; length += 1) {
      const journal = parseRunJournal(sample.subarray(0, length));
      expect(journal.problem).toBeNull();
      expect(journal.end).toBeNull();
    }
  });

  it('goes on after what a full disk cut off, at every byte', () => {
    const start = sample.indexOf('segment 1');
    for (let length = start; length < sample.indexOf('end completed'); length += 1) {
      const journal = parseRunJournal(Buffer.concat([sample.subarray(0, length), Buffer.from('\nt ;\nend interrupted disk-full 2124.00 - ;\n')]));
      expect(journal.problem).toBeNull();
      expect(journal.torn).toBe(true);
      expect(journal.end).toMatchObject({ state: 'interrupted', reason: 'disk-full' });
      expect(journal.segments.every((segment) => segment.stdout === null || segment.stdout.endsWith('cycle number:\n# Thread 0:\n# Thread 1:\n\n') || segment.stdout.includes('# Thread 1:'))).toBe(true);
    }
  });

  it('names the byte of what it cannot understand and keeps everything before', () => {
    const offset = sample.indexOf('end-segment 1');
    const bytes = Buffer.from(sample);
    bytes.write('END', offset);
    const journal = parseRunJournal(bytes);
    expect(journal.problem?.code).toBe('output-unreadable');
    expect(journal.problem?.message).toContain(`byte ${offset} `);
    expect(journal.segments[0]?.stdout).not.toBeNull();
    expect(journal.segments).toHaveLength(1);
  });

  it.each([
    ['a newer form', Buffer.from('rtvm-bench-journal 2 ;\nx ;\n'), /newer/],
    ['another file', Buffer.from('{"schema":1}\nx\n'), /no record/],
    ['records after the end', Buffer.concat([sample, Buffer.from('s 1 ;\ns 2 ;\n')]), /no record/],
    ['time that goes back', Buffer.concat([until(sample, 'end completed'), Buffer.from('counters 2100.00 ;\nx ;\n')]), /counters 2100/],
    ['a block that lost a line', Buffer.from(sample.toString().replace('|LOC: 100\n', '')), /e interrupts/],
    ['a line without an end', Buffer.alloc(maximumLineBytes + 1, 120), /no end/],
  ])('refuses %s', (_, bytes, message) => {
    expect(parseRunJournal(bytes).problem?.message).toMatch(message);
  });

  it('reads a reading’s numbers as they stand, with sign and decimals, and nothing that is no number', () => {
    const figure = fc.oneof(fc.nat({ max: 999_999_999_999_999 }).map(String), fc.integer({ min: -99_999, max: -1 }).map(String), fc.tuple(fc.nat({ max: 9_999 }), fc.integer({ min: 0, max: 999 })).map(([whole, part]) => `${String(whole)}.${String(part).padStart(3, '0')}`));
    const reading = fc.tuple(figure, figure, figure, figure, figure);
    const withReading = (words: readonly string[]) => parseRunJournal(Buffer.from(sample.toString().replace('900,10,10,10,11 900,10,10,10,120', `900,10,10,10,11 ${words.join(',')}`)));
    fc.assert(fc.property(reading, (words) => {
      const [samples, minUs, actUs, avgUs, maxUs] = words.map(Number);
      expect(withReading(words).statuses[1]?.threads[1]).toEqual({ cpu: 3, samples, minUs, actUs, avgUs, maxUs });
    }), { numRuns: 300 });
    for (const words of [[], ['1', '2', '3', '4'], ['1', '2', '3', '4', '5', '6'], ['1', '2', '', '4', '5'], ['1', '2', 'x', '4', '5'], ['1234567890123456', '2', '3', '4', '5'], ['1', '2', '3', '4', '1e3']]) {
      expect(withReading(words).problem?.message, words.join(',')).toContain('no record');
    }
  });

  it('leaves out a reading that does not show every thread, and counts it', () => {
    const journal = parseRunJournal(Buffer.from(sample.toString().replace('s 2121.90 900,10,10,10,11 900', 's 2121.90 900')));
    expect(journal.problem).toBeNull();
    expect(journal.oddStatuses).toBe(1);
    expect(journal.statuses).toHaveLength(2);
  });

  it('takes 10,000 mutations: never an exception, and everything before the named byte reads as it does alone', () => {
    const mutation = fc.record({ at: fc.nat(sample.length - 1), cut: fc.nat(40), put: fc.uint8Array({ maxLength: 40 }) });
    fc.assert(fc.property(fc.array(mutation, { minLength: 1, maxLength: 3 }), (mutations) => {
      let bytes = Buffer.from(sample);
      for (const { at, cut, put } of mutations) bytes = Buffer.concat([bytes.subarray(0, at), put, bytes.subarray(at + cut)]);
      const { problem, ...rest } = parseRunJournal(bytes);
      if (problem === null) return;
      const offset = Number(problem.extras.details?.['offset']);
      expect(offset).toBeLessThanOrEqual(bytes.length);
      expect({ ...rest, problem: null }).toEqual(parseRunJournal(bytes.subarray(0, offset)));
    }), { numRuns: 10_000 });
  });
});
