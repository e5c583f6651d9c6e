import { readdirSync, readFileSync } from 'node:fs';
import { expect } from 'vitest';
import { parseOutput } from '../../../shared/parsers/parse-output.ts';
import { toolOutputSchema } from '../../../shared/parsers/tool-output.ts';

const folder = new URL('../../fixtures/', import.meta.url);

/** Folders of recordings, and which of their files belong to which format. */
const recordings: ReadonlyArray<readonly [folder: string, format: string, files: RegExp]> = [
  ...['cyclictest', 'oslat', 'hwlatdetect', 'cyclicdeadline', 'signaltest', 'pmqtest', 'ptsematest', 'svsematest', 'sigwaittest', 'iperf3', 'ping', 'hackbench', 'stress-ng', 'turbostat']
    .map((name) => [name, name, /./] as const),
  ['cyclictest-versions', 'cyclictest', /./],
  ['rtla/6.1', 'rtla', /./], ['rtla/6.12', 'rtla', /./], ['msr', 'smi', /./],
  ['vm-deb12-rt61-isol', 'oslat', /^oslat/], ['vm-deb12-rt61-isol', 'smi', /^rdmsr/], ['vm-deb12-rt61-misc', 'oslat', /^oslat/], ['vm-deb13-rt612-isol', 'oslat', /^oslat/],
  ['vm-deb12-rt61-rtla-systemd', 'smi', /^rdmsr/],
  ['vm-deb13-rt612-misc', 'hwlatdetect', /^hwlat/], ['vm-deb13-rt612-misc', 'cyclicdeadline', /^cdl/], ['vm-deb13-rt612-misc', 'turbostat', /^turbostat/], ['vm-deb13-rt612-misc', 'rtla', /^rtla/],
  ['trixie-chroot', 'stress-ng', /^(?:stressng|s\.yaml)/], ['trixie-chroot', 'iperf3', /^iperf3/],
];

export interface Recording { readonly file: string; readonly format: string; readonly text: string }

/** Laid out as rteval 3.x writes summary.xml. */
const rteval = (): Recording => {
  const statistics = (samples: number, min: number, max: number, mean: number) => `<statistics><samples>${String(samples)}</samples><minimum unit="us">${String(min)}</minimum><maximum unit="us">${String(max)}</maximum><mean unit="us">${String(mean)}</mean></statistics>`;
  const core = (id: number, max: number) => `<core id="${String(id)}" priority="95">\n${statistics(20, 1, max, 1.25)}\n<histogram nbuckets="3500">\n<bucket index="1" value="15"/>\n<bucket index="${String(max)}" value="5"/>\n</histogram>\n</core>`;
  const text = `<?xml version="1.0" encoding="UTF-8"?>\n<rteval version="3.8">\n<Measurements measurecpus="2-3">\n<cyclictest command_line="cyclictest -i100 -qmu -h 3500 -p95 -a2-3">\n${core(2, 7)}\n${core(3, 9)}\n</cyclictest>\n</Measurements>\n</rteval>\n`;
  return { file: 'rteval/summary.xml', format: 'rteval', text };
};

/** Outputs that tools really printed, of every format (rteval’s alone is written here), by the format they are of. */
export const recorded: Recording[] = [rteval(), ...recordings.flatMap(([name, format, files]) => readdirSync(new URL(`${name}/`, folder))
  .filter((file) => files.test(file) && !file.endsWith('.cmd.txt'))
  .map((file) => ({ file: `${name}/${file}`, format, text: readFileSync(new URL(`${name}/${file}`, folder), 'utf8') })))];

/** Whatever is given: a sound value or the one error, the same each time. */
export function checkTotal(format: string, text: string): void {
  const result = parseOutput(format, text);
  if (!result.ok) {
    expect(result.error.code).toBe('output-unreadable');
    expect(result.error.message.length).toBeLessThan(500);
    expect(result.error.extras.details?.['line']).toEqual(expect.any(Number));
    expect(result.error.extras.next).toBeTruthy();
    return;
  }
  const output = toolOutputSchema.parse(result.value);
  expect(output.tool).toBe(format);
  expect(JSON.parse(JSON.stringify(result.value))).toEqual(result.value);
  // A single sample (-v) is what the clocks gave: where one goes back, it is negative.
  const lowest = ['cyclictest', 'signaltest'].includes(format) ? -Infinity : -1;
  for (const { buckets, samples, overflows } of output.distributions) {
    expect(samples).toBeGreaterThanOrEqual(0);
    if (buckets.length > 0) expect(buckets.reduce((sum, [, count]) => sum + count, 0) + overflows).toBe(samples);
    expect(buckets.every(([edge, count], i) => count > 0 && edge > (buckets[i - 1]?.[0] ?? lowest))).toBe(true);
  }
}
