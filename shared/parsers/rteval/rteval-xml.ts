import { newCore, setFigure, type RtevalCore } from './rteval-cores.ts';
import { xmlTags, type XmlTag } from './xml-tags.ts';

export interface RtevalReport { version: string | null; commandLine: string | null; complete: boolean; readonly cores: RtevalCore[]; readonly warnings: string[] }

/**
 * Reads summary.xml of rteval: `<rteval version>`, in it `<cyclictest command_line>` or `<timerlat …>`, in that `<system>`
 * and one `<core id>` per CPU, each with `<statistics>` and `<histogram><bucket index value/>`. Null when it is none.
 */
export function readRtevalXml(text: string): RtevalReport | null {
  const report: RtevalReport = { version: null, commandLine: null, complete: false, cores: [], warnings: [] };
  let isRteval = false;
  let tool: RtevalCore['tool'] | null = null;
  let core: RtevalCore | null = null;
  for (const tag of xmlTags(text)) {
    if (tag.name === 'rteval') {
      isRteval = true;
      if (tag.closes) report.complete = true;
      else report.version = tag.attributes.get('version') ?? null;
    } else if (tag.name === 'cyclictest' || tag.name === 'timerlat') {
      tool = tag.closes || tag.isEmpty ? null : tag.name;
      report.commandLine = tag.attributes.get('command_line') ?? report.commandLine;
    } else if (tool !== null && (tag.name === 'core' || tag.name === 'system')) {
      core = tag.closes ? null : begin(report, newCore(tool, tag.name === 'core' ? wholeNumber(tag.attributes.get('id')) : null));
    } else if (core !== null) {
      takeFigure(report, core, tag);
    } else if (tag.name === 'breaktrace' && tag.attributes.has('measured_latency')) {
      report.warnings.push(`The run was ended by a latency of ${tag.attributes.get('measured_latency') ?? ''} µs.`);
    }
  }
  return isRteval ? report : null;
}

function begin(report: RtevalReport, core: RtevalCore): RtevalCore {
  report.cores.push(core);
  return core;
}

function takeFigure(report: RtevalReport, core: RtevalCore, tag: XmlTag): void {
  if (tag.closes) return;
  if (tag.name === 'bucket') {
    const [index, value] = [wholeNumber(tag.attributes.get('index')), wholeNumber(tag.attributes.get('value'))];
    if (index === null || value === null) report.warnings.push(`Line ${tag.line}: a bucket could not be read; what is counted there is missing.`);
    else core.buckets.set(index, (core.buckets.get(index) ?? 0) + value);
  } else if (/^\d{1,15}(?:\.\d{1,20})?$/.test(tag.text)) {
    const unit = tag.attributes.get('unit') ?? 'us';
    if (unit !== 'us') report.warnings.push(`Line ${tag.line}: ${tag.name} is given in “${unit.slice(0, 20)}” and was left out.`);
    else setFigure(core, tag.name, Number(tag.text));
  }
}

const wholeNumber = (text: string | undefined) => (text !== undefined && /^\d{1,15}$/.test(text) ? Number(text) : null);
