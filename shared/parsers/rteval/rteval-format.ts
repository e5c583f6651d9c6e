import { ok, type Result } from '../../contract/result.ts';
import { outputLines } from '../tool-text/output-lines.ts';
import { Remarks } from '../tool-text/remarks.ts';
import { bucketsOf, countOf, nanosecondsOfUs } from '../tool-text/units.ts';
import type { Distribution, ToolOutput } from '../tool-output.ts';
import { newCore, setFigure, type RtevalCore } from './rteval-cores.ts';
import { readRtevalXml, type RtevalReport } from './rteval-xml.ts';

export interface RtevalOutput extends ToolOutput {
  readonly tool: 'rteval';
  readonly measuredBy: 'cyclictest' | 'timerlat';
  /** As rteval ran the measuring tool; null when the report does not tell. */
  readonly commandLine: string | null;
}

/**
 * `parse rteval`: summary.xml, or the summary it prints. Per core; the figures over all cores are used only where there
 * are none per core. rteval counts nothing that went beyond its histogram, and leaves all figures out when anything did.
 */
export const rtevalFormat = {
  title: 'rteval 2 and 3: summary.xml, printed summary',
  parse(text: string): Result<RtevalOutput> {
    const remarks = new Remarks('rteval');
    const xml = readRtevalXml(text);
    const report = xml ?? readSummary(text, remarks);
    if (xml !== null) for (const line of outputLines(text)) remarks.reached(line);
    const single = report.cores.filter(({ cpu }) => cpu !== null);
    const cores = (single.length > 0 ? single : report.cores).filter(({ max, buckets }) => max !== null || buckets.size > 0);
    const [first] = cores;
    if (first === undefined) return remarks.unreadable();
    return ok({
      tool: 'rteval', version: report.version, measuredBy: first.tool, commandLine: report.commandLine,
      distributions: cores.map((core) => distributionOf(core, report.warnings)),
      scalars: [],
      warnings: [...report.warnings, ...(report.complete ? [] : ['The report has no end: figures may be missing.']), ...remarks.all()],
    });
  },
} as const;

function distributionOf({ cpu, samples, min, mean, max, buckets: counts }: RtevalCore, warnings: string[]): Distribution {
  const label = cpu === null ? 'all cores' : `core ${cpu}`;
  const buckets = bucketsOf(new Map([...counts].map(([us, count]) => [us * 1000, count])));
  const counted = countOf(buckets);
  if (buckets.length > 0 && counted !== samples) warnings.push(`${label}: the histogram counts ${counted}, the statistics ${samples}.`);
  const ns = (us: number | null) => (us === null ? null : nanosecondsOfUs(us));
  return { label, cpu, samples: buckets.length > 0 ? counted : samples, minNs: ns(min), avgNs: ns(mean), maxNs: ns(max), overflows: 0, buckets };
}

/** The text that rteval makes of its report: `CPU core N       Priority: P`, then `Name:   figure` with `us` after latencies. */
function readSummary(text: string, remarks: Remarks): RtevalReport {
  const report: RtevalReport = { version: null, commandLine: null, complete: false, cores: [], warnings: [] };
  let core: RtevalCore | null = null;
  let tool: RtevalCore['tool'] = 'cyclictest';
  for (const line of outputLines(text)) {
    remarks.reached(line);
    const trimmed = line.text.trim();
    const version = /^rteval \(v(\d{1,3}(?:\.\d{1,4}){0,3})\) report$/.exec(trimmed)?.[1];
    if (version !== undefined) report.version = version;
    const command = /^Command: {1,4}(.{1,2000})$/.exec(trimmed)?.[1];
    if (command !== undefined) {
      report.commandLine = command;
      tool = command.startsWith('rtla') ? 'timerlat' : 'cyclictest';
    }
    if (/^={60,}$/.test(trimmed) && report.version !== null) report.complete = true;
    const head = /^(?:CPU core (\d{1,6})\s+Priority: \d{1,3}|System:\s+\S.{0,300})$/.exec(trimmed);
    if (head !== null) report.cores.push(core = newCore(tool, head[1] === undefined ? null : Number(head[1])));
    const figure = /^(Samples|Mean|Min|Max): {1,30}(\d{1,15}(?:\.\d{1,20})?)(?:us)?$/.exec(trimmed);
    if (figure !== null && core !== null && line.ended) setFigure(core, figure[1] ?? '', Number(figure[2]));
    else if (report.version === null && !/^={60,}$/.test(trimmed)) remarks.take(line);
  }
  return report;
}
