import { describe, expect, it } from 'vitest';
import { explanationPart } from '../../../shared/report/sections/explanation-part.ts';
import { runsSection } from '../../../shared/report/sections/run-section.ts';
import { fakeExplanation } from '../../support/fake-core/explanation.ts';
import { contentWith, runWith } from './report-kit.ts';

describe('why a run is as it is, in a report', () => {
  it('tells each finding with its kind, what it rests on and what to do, and every condition', () => {
    const text = explanationPart(fakeExplanation('run-1'))?.text ?? '';
    expect(text).toContain('suspect (whole run): 1,204 interrupts of eth0-TxRx-3 on CPU 5 (2 a second); “Device interrupts off isolated CPUs” is written but not effective. What to do: Stop irqbalance.');
    expect(text).toContain('<td>Threads where and as they should be</td><td>holds</td>');
    expect(text).toContain('never loaded for a run');
    expect(explanationPart(null)).toBeNull();
  });

  it('takes what a board printed as text', () => {
    const explanation = fakeExplanation('run-1');
    const hostile = { ...explanation, findings: explanation.findings.map((finding) => ({ ...finding, sentence: '3 interrupts of <script>alert(1)</script>.' })) };
    expect(explanationPart(hostile)?.text).toContain('&lt;script&gt;');
    expect(explanationPart(hostile)?.text).not.toContain('<script>');
  });

  it('stands with its run', () => {
    const run = { ...runWith(), explanation: fakeExplanation('run-1') };
    expect(runsSection(contentWith({ runs: [run] })).text).toContain('<h4>Why</h4>');
  });
});
