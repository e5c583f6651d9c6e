import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import fc from 'fast-check';
import { parseHwlatdetect, type HwlatdetectOutput } from '../../../shared/parsers/hwlatdetect/hwlatdetect-format.ts';
import { smiFormat, type SmiOutput } from '../../../shared/parsers/smi/smi-format.ts';
import { firmwareGate, type GateRequest } from '../../../shared/planning/firmware/gate.ts';

const hwlat = (text: string): HwlatdetectOutput => {
  const output = parseHwlatdetect(text);
  if (!output.ok) throw output.error;
  return output.value;
};
const smis = (text: string): SmiOutput => {
  const output = smiFormat.parse(text);
  if (!output.ok) throw output.error;
  return output.value;
};
const printed = (seconds: number, thresholdUs: number, most: string) => `hwlatdetect:  test duration ${seconds} seconds\n   detector: tracer\n        Latency threshold: ${thresholdUs}us\n\nStarting test\ntest finished\nMax Latency: ${most}\nSamples recorded: 0\nSamples exceeding threshold: 0\n`;
const gate = (request: Partial<GateRequest>) => firmwareGate({ hwlatdetect: null, smi: null, inVm: false, openItems: null, deadlineUs: null, ...request });

describe('the gate of the firmware', () => {
  test('quiet: long enough, fine enough, nothing found', () => {
    expect(gate({ hwlatdetect: hwlat(printed(600, 10, 'Below threshold')), smi: smis('7\n7\n\n7\n7\n') }).verdict).toBe('quiet');
  });
  test.each([
    ['too short', { hwlatdetect: hwlat(printed(60, 10, 'Below threshold')) }],
    ['a threshold that hides', { hwlatdetect: hwlat(readFileSync('test/fixtures/hwlatdetect/hwlat_thr50ms.txt', 'utf8')) }],
    ['SMIs counted, gaps not looked for', { smi: smis('7\n7\n\n7\n7\n') }],
    ['nothing at all', {}],
    ['in a VM', { inVm: true, hwlatdetect: hwlat(printed(600, 10, '4000us')) }],
  ])('no verdict: %s', (_, request) => {
    expect(gate(request).verdict).toBe('not-measured');
  });
  test('firmware-limited: a gap, or a count that grew, while something can still be changed', () => {
    expect(gate({ hwlatdetect: hwlat(readFileSync('test/fixtures/hwlatdetect/hwlat_nomsr.txt', 'utf8')) })).toMatchObject({ verdict: 'firmware-limited', evidence: expect.arrayContaining([expect.stringContaining('3529 µs')]) });
    expect(gate({ hwlatdetect: hwlat(printed(600, 10, 'Below threshold')), smi: smis('7\n7\n\n7\n9\n') })).toMatchObject({ verdict: 'firmware-limited', evidence: expect.arrayContaining([expect.stringContaining('up to 2')]) });
  });
  test('not suitable: a gap beyond the limit and nothing left to change', () => {
    const long = hwlat(printed(600, 10, '250us'));
    expect(gate({ hwlatdetect: long, openItems: 0 }).verdict).toBe('not suitable for real-time');
    expect(gate({ hwlatdetect: long, openItems: 3 }).verdict).toBe('firmware-limited');
    expect(gate({ hwlatdetect: long, openItems: 0, deadlineUs: 400 }).verdict).toBe('firmware-limited');
    expect(gate({ hwlatdetect: hwlat(printed(600, 10, '40us')), openItems: 0 }).verdict).toBe('firmware-limited');
  });
  test('zero SMIs printed without the MSR driver are no count', () => {
    expect(gate({ hwlatdetect: hwlat(readFileSync('test/fixtures/hwlatdetect/hwlat_nomsr.txt', 'utf8')) }).evidence.join()).toContain('SMIs were not counted');
  });
  test('a finer threshold also finds gaps that every machine has', () => {
    expect(gate({ hwlatdetect: hwlat(printed(600, 1, '3us')) }).verdict).toBe('quiet');
  });
  test('a gap never makes it quiet', () => {
    fc.assert(fc.property(fc.integer({ min: 11, max: 100_000 }), fc.integer({ min: 1, max: 10_000 }), fc.option(fc.nat(20)), (gapUs, seconds, openItems) => {
      expect(gate({ hwlatdetect: hwlat(printed(seconds, 10, `${gapUs}us`)), openItems }).verdict).not.toBe('quiet');
    }));
  });
});
