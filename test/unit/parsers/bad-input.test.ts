import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formats, parseOutput } from '../../../shared/parsers/parse-output.ts';
import { checkTotal, recorded, type Recording } from './recordings.ts';

interface Reading { readonly figures: string; readonly values: ReadonlySet<number>; readonly warnings: readonly string[] }

/** What a format makes of a text: its figures, or null where there are none or an error names the line. */
function reading(format: string, text: string): Reading | null {
  const result = parseOutput(format, text);
  if (!result.ok || result.value.distributions.length + result.value.scalars.length === 0) return null;
  const { distributions, scalars, warnings } = result.value;
  const values = [
    ...distributions.flatMap(({ samples, minNs, avgNs, maxNs, overflows, buckets }) => [samples, minNs, avgNs, maxNs, overflows, ...buckets.flat()]),
    ...scalars.map(({ value }) => value),
  ];
  return { figures: JSON.stringify([distributions.map((distribution) => ({ ...distribution, label: '' })), scalars.map(({ value }) => value)]), values: new Set(values.filter((value) => value !== null)), warnings };
}

/** A damaged output is honest when it has no figures, the same ones, only ones that were there before, or says more than the sound ones do. */
function expectHonest(damaged: Reading | null, sound: ReadonlyArray<Reading | null>, about: string): void {
  if (damaged === null || sound.some((one) => one?.figures === damaged.figures)) return;
  const told = new Set(sound.flatMap((one) => one?.warnings ?? []));
  if (damaged.warnings.some((warning) => !told.has(warning))) return;
  const strange = [...damaged.values].filter((value) => !sound.some((one) => one?.values.has(value)));
  expect(strange, `${about}: figures that nobody printed, and not a word about it`).toEqual([]);
}

const readable = recorded.filter(({ format, text }) => text.length < 12_000 && reading(format, text) !== null);
const byFormat = new Map(Object.keys(formats).map((format) => [format, readable.filter((one) => one.format === format)]));

/** Every place of a short text; of a longer one as many, spread over it by a step that meets every column. */
function* places(text: string, most = 2_500): Generator<number> {
  const step = Math.max(1, Math.ceil(text.length / most));
  for (let at = 0; at < text.length; at += step) yield at;
}

it('knows at least one recording with figures of every format', () => {
  expect([...byFormat].filter(([, recordings]) => recordings.length === 0)).toEqual([]);
});

describe.each([...byFormat])('%s', { timeout: 120_000 }, (format, recordings) => {
  it('cut at any byte: a cut number is no number', () => {
    for (const { file, text } of recordings) {
      let line = { start: 0, end: text.indexOf('\n') + 1 };
      let [before, after] = [reading(format, ''), reading(format, text.slice(0, line.end))];
      for (const cut of places(text)) {
        while (cut >= line.end && line.end > 0) {
          line = { start: line.end, end: text.indexOf('\n', line.end) + 1 };
          [before, after] = [reading(format, text.slice(0, line.start)), reading(format, line.end === 0 ? text : text.slice(0, line.end))];
        }
        const now = reading(format, text.slice(0, cut));
        // The line that is cut is not there, or it is whole but for its end.
        if (now === null) continue;
        // A report in XML may be one line, and what ended in it is whole.
        if (format === 'rteval') expectHonest(now, [reading(format, text)], `${file}, cut at ${String(cut)}`);
        else expect([before?.figures, after?.figures], `${file}, cut at ${String(cut)}`).toContain(now.figures);
      }
    }
  });

  it('interleaved line by line with another output of the same tool', () => {
    for (const one of recordings) {
      for (const other of recordings.slice(0, 25)) {
        if (one.file === other.file) continue;
        const [first, second] = [one.text.split('\n'), other.text.split('\n')];
        const mixed = Array.from({ length: Math.max(first.length, second.length) }, (_, at) => [...first.slice(at, at + 1), ...second.slice(at, at + 1)]).flat().join('\n');
        expectHonest(reading(format, mixed), [reading(format, one.text), reading(format, other.text)], `${one.file} with ${other.file}`);
      }
    }
  });

  it('with decimal commas', () => {
    for (const { file, text } of recordings) {
      const comma = text.replaceAll(/(\d)\.(\d)/g, '$1,$2');
      checkTotal(format, comma);
      expectHonest(reading(format, comma), [reading(format, text)], file);
    }
  });

  it('with thousands grouped', () => {
    for (const { file, text } of recordings) {
      for (const group of [',', '’', ' ', '\u202f']) {
        const grouped = text.replaceAll(/\d{4,}/g, (digits) => digits.replaceAll(/\B(?=(?:\d{3})+$)/g, group));
        checkTotal(format, grouped);
        expectHonest(reading(format, grouped), [reading(format, text)], `${file} with “${group}”`);
      }
    }
  });

  it('with a word in another language', () => {
    for (const { file, text } of recordings) {
      const sound = reading(format, text);
      const words = [...new Set(text.match(/\p{L}{3,}/gu) ?? [])].slice(0, 40);
      for (const word of words) {
        const foreign = text.replaceAll(word, 'größe');
        checkTotal(format, foreign);
        expectHonest(reading(format, foreign), [sound], `${file} without “${word}”`);
      }
    }
  });

  it('with NUL, or bytes that are no UTF-8, in the place of any sign', () => {
    for (const { file, text } of recordings) {
      const sound = reading(format, text);
      for (const at of places(text, 700)) {
        if (text[at] === '\n') continue;
        for (const sign of ['\0', '\ufffd']) expectHonest(reading(format, text.slice(0, at) + sign + text.slice(at + 1)), [sound], `${file} at ${String(at)}`);
      }
    }
  });

  it('with absurd numbers: no figure is beyond what can be counted', () => {
    const absurd = fc.constantFrom('99999999999999999999', '1e999', '-1', '-99999999999', 'nan', 'inf', '0x7fffffff', '1.2.3', '9007199254740993', '00', '٣');
    fc.assert(fc.property(fc.constantFrom(...recordings), fc.array(fc.tuple(fc.nat(), absurd), { minLength: 1, maxLength: 4 }), ({ text }, changes) => {
      const numbers = [...text.matchAll(/\d+/g)];
      const chosen = new Map(changes.map(([at, value]) => [numbers[at % Math.max(1, numbers.length)]?.index ?? -1, value]));
      const changed = text.replaceAll(/\d+/g, (digits, at: number) => chosen.get(at) ?? digits);
      checkTotal(format, changed);
      const values = reading(format, changed)?.values ?? new Set<number>();
      expect([...values].filter((value) => !Number.isFinite(value) || Math.abs(value) > 1e19)).toEqual([]);
    }), { numRuns: 400 });
  });

  it('of another tool is refused, or what is not understood is said', () => {
    for (const other of readable) {
      if (other.format === format || looksAlike(other.format, format)) continue;
      const result = parseOutput(format, other.text);
      if (!result.ok) expect(result.error.extras.details?.['line'], other.file).toEqual(expect.any(Number));
      else if (result.value.distributions.length + result.value.scalars.length > 0) expect(result.value.warnings, other.file).not.toEqual([]);
    }
  });
});

/** Their texts are the same but for the command line, which is not in them: whoever asks says which it is. */
const pairs = ['pmqtest', 'ptsematest', 'svsematest', 'sigwaittest'];
const looksAlike = (one: string, other: string): boolean => pairs.includes(one) && pairs.includes(other);

describe('two runs in one text', () => {
  const line = (thread: number, id: number, max: number) => `T: ${String(thread)} (${String(id).padStart(5)}) P:95 I:1000 C:   1000 Min:      3 Act:    4 Avg:    4 Max:${String(max).padStart(8)}\n`;

  it('after each other: the last one counts, which is said', () => {
    const result = parseOutput('cyclictest', line(0, 10, 7) + line(1, 11, 8) + line(2, 12, 9) + line(0, 20, 5) + line(1, 21, 6));
    if (!result.ok) throw result.error;
    expect(result.value.distributions.map(({ maxNs }) => maxNs)).toEqual([5000, 6000]);
    expect(result.value.warnings).toContain('There are 2 runs in this output; the last one is used.');
  });

  it('turn by turn: nobody can tell whose the figures are', () => {
    const result = parseOutput('cyclictest', line(0, 10, 7) + line(0, 20, 5) + line(1, 11, 8) + line(1, 21, 6));
    expect(result.ok ? null : result.error.extras.details).toEqual({ line: 4 });
    expect(result.ok ? '' : result.error.message).toContain('another run');
  });

  it('a display that is painted again is one run, and its threads have no id before they start', () => {
    const result = parseOutput('cyclictest', line(0, 0, 0) + line(1, 0, 0) + line(0, 10, 5) + line(1, 11, 6) + line(0, 10, 7) + line(1, 11, 8));
    if (!result.ok) throw result.error;
    expect(result.value.warnings).toEqual([]);
    expect(result.value.distributions.map(({ maxNs }) => maxNs)).toEqual([7000, 8000]);
  });
});

it('a report in JSON of another tool of rt-tests is refused by its command line', () => {
  const json = recorded.filter(({ file }) => file.endsWith('.json'));
  const asOther = (one: Recording, format: string) => parseOutput(format, one.text);
  for (const one of json) {
    for (const format of ['cyclictest', 'cyclicdeadline', 'signaltest', 'oslat', 'pmqtest']) if (format !== one.format) expect(asOther(one, format).ok, `${one.file} as ${format}`).toBe(false);
  }
  expect(json.length).toBeGreaterThan(3);
});
