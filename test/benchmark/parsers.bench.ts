import { readFileSync } from 'node:fs';
import { inProject } from '../../build/lib/project-root.mjs';
import { formats, parseOutput } from '../../shared/parsers/parse-output.ts';
import { cheapestOf, type Benchmark, type Figure, type Ratio } from './benchmark.ts';

/** What every format is fed: recordings, in which what such outputs grow by is repeated until the text is as long as this. */
const targetBytes = 2_000_000;

interface Sample { readonly format: string; readonly file: string; grow(text: string): string }

const fold = (text: string, from: RegExp, until: RegExp): string => {
  const start = from.exec(text)?.index ?? 0;
  const length = until.exec(text.slice(start))?.index ?? text.length - start;
  const body = text.slice(start, start + length);
  return text.slice(0, start) + body.repeat(Math.max(1, Math.ceil(targetBytes / Math.max(1, body.length)))) + text.slice(start + length);
};
/** Rows that must ascend, as those of a histogram, with each number from 0 on. */
const rows = (text: string, row: RegExp, make: (at: number) => string): string => {
  const size = make(0).length;
  const body = Array.from({ length: Math.ceil(targetBytes / size) }, (_, at) => make(at)).join('');
  let placed = false;
  return text.replaceAll(new RegExp(row, 'gm'), () => {
    const put = placed ? '' : body;
    placed = true;
    return put;
  });
};

const six = (value: number): string => String(value).padStart(6, '0');
const jsonBuckets = (text: string): string => text.replace(/"histogram":\s*\{[^}]*\}/, () => `"histogram": {\n${Array.from({ length: Math.ceil(targetBytes / 14) }, (_, at) => `"${String(at + 1)}": 3`).join(',\n')}\n}`).replace(/"cycles":\s*\d+/, '"cycles": 999999999');
const repaints = (text: string): string => text.repeat(Math.ceil(targetBytes / text.length));
const xml = `<?xml version="1.0"?>\n<rteval version="3.8">\n<Measurements>\n<cyclictest command_line="cyclictest">\n<core id="2" priority="95"><statistics><samples>1</samples></statistics><histogram nbuckets="3500">\n</histogram></core>\n</cyclictest>\n</Measurements>\n</rteval>\n`;

const samples: readonly Sample[] = [
  { format: 'cyclictest', file: 'cyclictest/hist_h40.txt', grow: (text) => rows(text, /^\d{6} \d+\t\d+\n/, (at) => `${six(at)} 000003\t000002\n`) },
  { format: 'oslat', file: 'oslat/run_json.json', grow: jsonBuckets },
  { format: 'hwlatdetect', file: 'hwlatdetect/hwlat_report.out', grow: repaints },
  { format: 'rtla', file: 'rtla/6.12/rtla_timerlat_hist.txt', grow: (text) => rows(text, /^\d+(?: +\d+)+ *\n/, (at) => `${String(at)}${' 3'.repeat((/^\d+((?: +\d+)+)/m.exec(text)?.[1] ?? '').trim().split(/ +/).length)}\n`) },
  { format: 'cyclicdeadline', file: 'cyclicdeadline/cdl_live.txt', grow: repaints },
  { format: 'signaltest', file: 'signaltest/live.txt', grow: repaints },
  ...['pmqtest', 'ptsematest', 'svsematest', 'sigwaittest'].map((format) => ({ format, file: 'ptsematest/live.txt', grow: repaints })),
  { format: 'iperf3', file: 'iperf3/tcp_json.txt', grow: (text) => text.replace(/"intervals":\s*\[/, (head) => `${head}${'{"streams":[],"sum":{"start":0,"end":1,"seconds":1,"bytes":500826112,"bits_per_second":3964078475.35,"omitted":false}},\n'.repeat(Math.ceil(targetBytes / 115))}`) },
  { format: 'ping', file: 'ping/lines.txt', grow: (text) => fold(text, /^64 bytes/m, /^\n|^---/m) },
  { format: 'hackbench', file: 'hackbench/pipe.txt', grow: repaints },
  { format: 'stress-ng', file: 'stress-ng/metrics.stderr.txt', grow: (text) => fold(text, /^stress-ng: metrc: \[\d+\] cpu /m, /^stress-ng: info: .*successful/m) },
  { format: 'turbostat', file: 'turbostat/turbostat_quiet.txt', grow: repaints },
  { format: 'smi', file: 'vm-deb12-rt61-isol/rdmsr_smi.txt', grow: repaints },
  { format: 'rteval', file: '', grow: () => xml.replace('</histogram>', `${Array.from({ length: Math.ceil(targetBytes / 36) }, (_, at) => `<bucket index="${String(at)}" value="3"/>\n`).join('')}</histogram>`) },
];

const splitIntoWords = (text: string): number => text.split('\n').reduce((words, line) => words + line.split(/[\s:,]+/).length, 0);

/** Every format against the floor of looking at each line's words, and no more. The limit is for what grows faster than its text; what is checked by a schema costs most. */
export const benchmark: Benchmark = {
  name: `parse throughput of every format (texts of ${String(targetBytes / 1e6)} MB)`,
  run: () => {
    const missing = Object.keys(formats).filter((format) => !samples.some((sample) => sample.format === format));
    if (missing.length > 0) throw new Error(`nothing is measured of ${missing.join(', ')}`);
    const figures: Figure[] = [];
    const ratios: Ratio[] = [];
    for (const { format, file, grow } of samples) {
      const text = grow(file === '' ? '' : readFileSync(inProject('test', 'fixtures', file), 'utf8'));
      const parsed = parseOutput(format, text);
      if (!parsed.ok) throw parsed.error;
      if (parsed.value.distributions.length + parsed.value.scalars.length === 0) throw new Error(`${format} made no figures of ${file}`);
      const floorMs = cheapestOf(3, () => splitIntoWords(text));
      const parseMs = cheapestOf(3, () => parseOutput(format, text));
      figures.push({ name: format, value: text.length / 1e3 / parseMs, unit: 'MB/s' });
      ratios.push({ name: `${format} ÷ splitting into words`, value: parseMs / floorMs, limit: 25 });
    }
    return Promise.resolve({ figures, ratios });
  },
};
