import fc from 'fast-check';
import { existsSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { datedPdf } from '../../../electron/core/report/dated-pdf.ts';
import { printWithChromium } from '../../../electron/hosts/shared/print-with-chromium.ts';
import { renderHtml } from '../../../shared/report/render-html.ts';
import { contentWith, sha256Base64 } from './report-kit.ts';

const chromium = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'].find((path) => existsSync(path));
const found = () => ({ kind: 'found', path: chromium ?? '', name: 'Chromium' } as const);

describe('datedPdf', () => {
  it('changes the two dates in place and nothing else, whatever the bytes', () => {
    fc.assert(fc.property(fc.uint8Array({ maxLength: 300 }), fc.uint8Array({ maxLength: 300 }), (before, after) => {
      const dates = (stamp: string) => Buffer.from(`/CreationDate (D:${stamp}+00'00')\n/ModDate (D:${stamp}+00'00')`, 'latin1');
      const pdf = datedPdf(Buffer.concat([before, dates('20301231235959'), after]), '20261121T101500Z');
      expect(Buffer.from(pdf)).toEqual(Buffer.concat([before, dates('20261121101500'), after]));
    }));
  });
});

describe('printing', () => {
  it.skipIf(chromium === undefined)('makes pages of A4 with headers, the same bytes again', async () => {
    const html = renderHtml(contentWith(), sha256Base64);
    const print = async () => Buffer.from(datedPdf(await printWithChromium(found).print(html), '20261121T101500Z'));
    const [first, second] = [await print(), await print()];
    const text = first.toString('latin1');
    expect(text.startsWith('%PDF-')).toBe(true);
    expect(text).toMatch(/\/MediaBox\s*\[0 0 59[45][.\d]* 84[12][.\d]*\]/);
    expect(text.match(/\/Type\s*\/Page\b/g)?.length ?? 0).toBeGreaterThan(2);
    expect(second.equals(first)).toBe(true);
  });

  it('says what to do where there is no browser, and where it does not print', async () => {
    await expect(printWithChromium(() => ({ kind: 'none', reason: 'no Chrome, Chromium or Edge was found' })).print('<p>')).rejects.toMatchObject({ code: 'pdf-unavailable', extras: { next: expect.stringContaining('report.html') } });
    await expect(printWithChromium(() => ({ kind: 'found', path: '/bin/false', name: 'Chromium' })).print('<p>')).rejects.toMatchObject({ code: 'pdf-unavailable', message: expect.stringContaining('status 1') });
    await expect(printWithChromium(() => ({ kind: 'found', path: '/nonexistent/chromium', name: 'Chromium' })).print('<p>')).rejects.toMatchObject({ code: 'pdf-unavailable', message: expect.stringContaining('did not start') });
    await expect(printWithChromium(() => ({ kind: 'found', path: '/bin/true', name: 'Chromium' })).print('<p>')).rejects.toMatchObject({ code: 'pdf-unavailable', message: expect.stringContaining('made no file') });
  });
});
