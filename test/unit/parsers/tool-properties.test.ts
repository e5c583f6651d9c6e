import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formats, parseOutput } from '../../../shared/parsers/parse-output.ts';
import { checkTotal, recorded as everything } from './recordings.ts';

/** cyclictest has properties of its own, and a report in XML is damaged in other ways. */
const recorded = everything.filter(({ format }) => format !== 'cyclictest' && format !== 'rteval');
const tools = Object.keys(formats).filter((name) => name !== 'cyclictest');
const recording = fc.constantFrom(...recorded.filter(({ text }) => text.length < 12_000));
const scrap = fc.oneof(
  fc.string({ maxLength: 12 }),
  fc.constantFrom('\n', '\r\n', '\t', ' ', '\u001b[4A', '\u001bc', '\u001b[2;37;40m', '{', '}', '"', ':', '|', '-', ',', '#', '-nan', '1e999', '99999999999999999999', '0x1f', '\0', '__proto__', 'constructor', 'µs', '<', '>', '/'),
  fc.nat().map(String),
);
const place = fc.double({ min: 0, max: 1, noNaN: true });
const damage = fc.array(fc.tuple(fc.constantFrom('cut', 'drop', 'insert', 'replace', 'repeat', 'swap'), place, place, scrap), { minLength: 1, maxLength: 4 });

function damaged(text: string, wounds: ReadonlyArray<readonly [kind: string, from: number, length: number, scrap: string]>): string {
  return wounds.reduce((now, [kind, from, part, insert]) => {
    const start = Math.floor(from * now.length);
    const end = start + Math.floor(part * 40);
    switch (kind) {
      case 'cut': return now.slice(0, start);
      case 'drop': return now.slice(0, start) + now.slice(end);
      case 'insert': return now.slice(0, start) + insert + now.slice(start);
      case 'replace': return now.slice(0, start) + insert + now.slice(end);
      case 'swap': return now.slice(0, start) + now.slice(end, end + 30) + now.slice(start, end) + now.slice(end + 30);
      default: return now.slice(0, end) + now.slice(start);
    }
  }, text);
}

it('reads every recording of every tool, each as its own and as any other’s', () => {
  expect(new Set(recorded.map(({ format }) => format))).toEqual(new Set(tools.filter((tool) => tool !== 'rteval')));
  for (const { text } of recorded) for (const tool of tools) checkTotal(tool, text);
});

it('is the same with the ends of lines of a terminal or of Windows', () => {
  for (const { format, text } of recorded) {
    const [plain, returned] = [parseOutput(format, text), parseOutput(format, text.replaceAll('\n', '\r\n'))];
    expect(returned.ok).toBe(plain.ok);
    if (plain.ok && returned.ok) expect(returned.value).toEqual(plain.value);
  }
});

it('is the same in colours', () => {
  for (const { file, format, text } of recorded) {
    if (text.startsWith('{')) continue;
    const [plain, coloured] = [parseOutput(format, text), parseOutput(format, text.replace(/^(.*\S.*)$/gm, '\u001b[1;31m$1\u001b[0m'))];
    expect(coloured.ok, file).toBe(plain.ok);
    if (plain.ok && coloured.ok) expect(coloured.value.distributions).toEqual(plain.value.distributions);
  }
});

/** How outputs begin whose rest is then read in its own way. */
const begun = [
  ['oslat', '{\n'], ['oslat', 'oslat V 2.40\n Core:\t'], ['rtla', '# RTLA timerlat histogram\n'], ['rtla', '   Timer Latency\n'], ['rtla', '## CPU 2 hit stop tracing, analyzing it ##\n'],
  ['cyclicdeadline', '# Histogram\n'], ['iperf3', '{ "start": {'], ['ping', 'PING '], ['stress-ng', '---\nmetrics:\n'], ['stress-ng', 'stress-ng: info:  [1] '],
  ['turbostat', 'CPU\tIRQ\n'], ['rteval', '<rteval version="'], ['rteval', '<rteval><cyclictest><core id="'],
] as const;

describe('malformed outputs: no crash, no hang, no unsound figure', { timeout: 300_000 }, () => {
  it('12,000 damaged recordings', () => {
    fc.assert(fc.property(recording, damage, ({ format, text }, wounds) => { checkTotal(format, damaged(text, wounds)); }), { numRuns: 12_000 });
  });

  it('3,000 of two recordings run together', () => {
    fc.assert(fc.property(recording, recording, place, (one, other, at) => {
      checkTotal(one.format, one.text.slice(0, Math.floor(at * one.text.length)) + other.text);
    }), { numRuns: 3000 });
  });

  it('3,000 of lines shuffled between two recordings', () => {
    fc.assert(fc.property(recording, recording, fc.array(fc.boolean(), { minLength: 20, maxLength: 60 }), (one, other, turns) => {
      const [first, second] = [one.text.split('\n'), other.text.split('\n')];
      checkTotal(one.format, turns.flatMap((turn) => (turn ? first : second).splice(0, 2)).join('\n'));
    }), { numRuns: 3000 });
  });

  it.each(['\r', ' ', '\n', '\t', '{\n', '{"a":', '[', '\u001b[4A', '\u001b', '9', '9 ', '0\n', '-', '|', '#', '0 1\n', 'T: 0 (', ' (us):\t 1', '"', '1:', '<', '<a ', '<a b="', '>', '</', '&amp;', 'ALL #1 |', '## ', '- ', 'a: ', 'ts: 1.', '. '])(
    '100,000 characters of %j',
    (piece) => {
      const many = piece.repeat(Math.ceil(100_000 / piece.length));
      for (const tool of tools) checkTotal(tool, many);
      for (const [tool, start] of begun) checkTotal(tool, `${start}${many}\n${many}`);
    },
  );
});
