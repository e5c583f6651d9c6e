import { describe, expect, it } from 'vitest';
import { parsed, refusal, rowOf } from './tool-fixture.ts';

/** Laid out as rteval 3.x writes summary.xml: MakeReport of its cyclictest and timerlat modules. */
const statistics = (samples: number, min: number, max: number, mean: number) => `<statistics><samples>${samples}</samples><minimum unit="us">${min}</minimum><maximum unit="us">${max}</maximum><median unit="us">${min}</median><mode unit="us">${min}</mode><range unit="us">${max - min}</range><mean unit="us">${mean}</mean><mean_absolute_deviation unit="us">0.5</mean_absolute_deviation><standard_deviation unit="us">0.7</standard_deviation></statistics>`;
const histogram = (pairs: ReadonlyArray<readonly [number, number]>) => `<histogram nbuckets="3500">\n${pairs.map(([index, value]) => `<bucket index="${index}" value="${value}"/>`).join('\n')}\n</histogram>`;
const report = (tool: string, body: string) => `<?xml version="1.0" encoding="UTF-8"?>\n<!-- > a comment -->\n<rteval version="3.8">\n<run_info days="0" hours="0" minutes="5" seconds="0"/>\n<SystemInfo><uname><node>board &lt;1&gt;</node></uname></SystemInfo>\n<Measurements measurecpus="2-3">\n<${tool} command_line="${tool} -i100 -qmu -h 3500 -p95 -a2-3">\n<timestamps/>\n${body}\n</${tool}>\n</Measurements>\n</rteval>\n`;
const cores = `<system description="(2 cores) CPU">${statistics(30, 1, 9, 2)}${histogram([[1, 20], [2, 9], [9, 1]])}</system>\n<core id="2" priority="95">${statistics(20, 1, 2, 1.25)}${histogram([[1, 15], [2, 5]])}</core>\n<core id="3" priority="95">${statistics(10, 1, 9, 2.3)}${histogram([[1, 5], [2, 4], [9, 1]])}</core>`;
const rows = [
  ['core 2', 2, 20, 1000, 1250, 2000, 0, 2, 25_000],
  ['core 3', 3, 10, 1000, 2300, 9000, 0, 3, 22_000],
];

describe('summary.xml of rteval', () => {
  it('gives a distribution per core, and not the sum of them beside', () => {
    const output = parsed('rteval', report('cyclictest', cores));
    expect(output.distributions.map(rowOf)).toEqual(rows);
    expect(output).toMatchObject({ version: '3.8', measuredBy: 'cyclictest', commandLine: 'cyclictest -i100 -qmu -h 3500 -p95 -a2-3', warnings: [] });
  });

  it('of timerlat is read alike', () => {
    expect(parsed('rteval', report('timerlat', cores))).toMatchObject({ measuredBy: 'timerlat', distributions: [{ cpu: 2 }, { cpu: 3 }] });
  });

  it('on one line is the same', () => {
    expect(parsed('rteval', report('cyclictest', cores).replaceAll('\n', '')).distributions.map(rowOf)).toEqual(rows);
  });

  it('without figures has no result: a latency went beyond the histogram', () => {
    expect(refusal('rteval', report('cyclictest', ''))).toEqual({ line: 12, message: expect.stringContaining('before any result') });
  });

  it('ended by a threshold says so', () => {
    const abort = '<abort_report reason="breaktrace"><breaktrace latency_threshold="50" measured_latency="61"/></abort_report>';
    expect(parsed('rteval', report('cyclictest', abort + cores)).warnings).toEqual(['The run was ended by a latency of 61 µs.']);
  });

  it('that is cut gives what there is, and says so', () => {
    const whole = report('cyclictest', cores);
    const output = parsed('rteval', whole.slice(0, whole.indexOf('<core id="3"')));
    expect(output.distributions.map(rowOf)).toEqual(rows.slice(0, 1));
    expect(output.warnings).toEqual(['The report has no end: figures may be missing.']);
    const within = parsed('rteval', whole.slice(0, whole.lastIndexOf('<bucket index="2"')));
    expect(within.warnings).toContain('core 3: the histogram counts 5, the statistics 10.');
  });

  it('in another unit or with a bucket that is no number leaves that out, and names the line', () => {
    const odd = parsed('rteval', report('cyclictest', cores).replace('<maximum unit="us">9</maximum>', '<maximum unit="ns">9</maximum>').replace('index="2" value="5"', 'index="2" value="many"'));
    expect(odd.warnings).toEqual(expect.arrayContaining([expect.stringMatching(/^Line \d+: maximum is given in “ns”/), expect.stringMatching(/^Line \d+: a bucket could not be read/)]));
  });
});

describe('the summary that rteval prints', () => {
  const line = '='.repeat(67);
  const figures = (samples: number, mean: number, min: number, max: number) => `          Statistics: \n            Samples:           ${samples}\n            Mean:              ${mean}us\n            Median:            1us\n            Mode:              1us\n            Range:             8us\n            Min:               ${min}us\n            Max:               ${max}us\n            Mean Absolute Dev: 0.1us\n            Std.dev:           0.2us\n\n`;
  const summary = `  ${line}\n   rteval (v3.8) report\n  ${'-'.repeat(67)}\n   Test run:     2026-11-20 14:00:00\n   Measurements: \n       Latency test\n          Command: cyclictest -i100 -qmu\n\n          System:  (2 cores) CPU\n${figures(30, 2, 1, 9)}          CPU core 2       Priority: 95\n${figures(20, 1.25, 1, 2)}          CPU core 3       Priority: 95\n${figures(10, 2.3, 1, 9)}  ${line}\n`;

  it('gives the figures per core', () => {
    const output = parsed('rteval', summary);
    expect(output.distributions.map(rowOf)).toEqual([['core 2', 2, 20, 1000, 1250, 2000, 0, 0, 0], ['core 3', 3, 10, 1000, 2300, 9000, 0, 0, 0]]);
    expect(output).toMatchObject({ version: '3.8', commandLine: 'cyclictest -i100 -qmu', warnings: [] });
  });

  it('that is cut gives what there is, and says so', () => {
    expect(parsed('rteval', summary.slice(0, summary.indexOf('          CPU core 3')))).toMatchObject({ distributions: [{ cpu: 2 }], warnings: [expect.stringContaining('no end')] });
  });

  it('of something else is refused', () => {
    expect(refusal('rteval', 'hello\nworld\n')).toEqual({ line: 1, message: expect.stringContaining('rteval prints no such line') });
  });
});
