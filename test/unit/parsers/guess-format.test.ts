import { readdirSync, readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseAny } from '../../../shared/parsers/guess-format.ts';
import { formats, parseOutput } from '../../../shared/parsers/parse-output.ts';

const folder = new URL('../../fixtures/', import.meta.url);
const alike = ['pmqtest', 'ptsematest', 'svsematest', 'sigwaittest'];

/** Every recorded output of a tool from which its own parser takes figures. */
const recorded = Object.keys(formats).flatMap((format) => {
  const names = (() => {
    try {
      return readdirSync(new URL(`${format}/`, folder), { recursive: true }).map(String);
    } catch {
      return [];
    }
  })();
  return names.filter((name) => /\.(?:txt|json|out|yaml|typescript)$/.test(name) && !/cmd\.txt$|stderr/.test(name)).flatMap((name) => {
    const text = readFileSync(new URL(`${format}/${name}`, folder), 'utf8');
    const read = parseOutput(format, text);
    return read.ok && read.value.distributions.length + read.value.scalars.length > 0 ? [{ format, name, text }] : [];
  });
});

describe('parseAny', () => {
  it('has outputs of many tools to try', () => {
    expect(new Set(recorded.map(({ format }) => format)).size).toBeGreaterThanOrEqual(12);
  });

  it.each(recorded)('finds that $format/$name is of $format', ({ format, text }) => {
    const found = parseAny(text);
    if (!found.ok) throw found.error;
    if (alike.includes(format) && !text.includes(format)) expect(alike).toContain(found.value.format);
    else expect(found.value.format).toBe(format);
  });

  it('takes a report that names its command for that tool’s only, even where it is damaged', () => {
    const report = readFileSync(new URL('cyclictest/json_hist.json', folder), 'utf8');
    expect(parseAny(report.slice(0, -40))).toMatchObject({ ok: false, error: { code: 'output-unreadable' } });
    expect(parseAny(report)).toMatchObject({ ok: true, value: { format: 'cyclictest' } });
  });

  it('is total, and says so when nothing fits', () => {
    fc.assert(fc.property(fc.string(), (text) => { expect(typeof parseAny(text).ok).toBe('boolean'); }), { numRuns: 100 });
    const nothing = parseAny('dear diary');
    expect(nothing).toMatchObject({ ok: false, error: { code: 'output-unreadable' } });
  });
});
