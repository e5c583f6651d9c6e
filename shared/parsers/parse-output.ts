import { CodedError } from '../contract/errors.ts';
import { failed, type Result } from '../contract/result.ts';
import { cyclictestFormat } from './cyclictest/cyclictest-format.ts';
import { cyclicdeadlineFormat } from './cyclicdeadline/cyclicdeadline-format.ts';
import { hackbenchFormat } from './hackbench/hackbench-format.ts';
import { hwlatdetectFormat } from './hwlatdetect/hwlatdetect-format.ts';
import { iperf3Format } from './iperf3/iperf3-format.ts';
import { oslatFormat } from './oslat/oslat-format.ts';
import { pingFormat } from './ping/ping-format.ts';
import { pmqtestFormat, ptsematestFormat, sigwaittestFormat, svsematestFormat } from './pmqtest/pair-formats.ts';
import { rtevalFormat } from './rteval/rteval-format.ts';
import { rtlaFormat } from './rtla/rtla-format.ts';
import { signaltestFormat } from './signaltest/signaltest-format.ts';
import { smiFormat } from './smi/smi-format.ts';
import { stressNgFormat } from './stress-ng/stress-ng-format.ts';
import type { ToolOutput } from './tool-output.ts';
import { turbostatFormat } from './turbostat/turbostat-format.ts';

/** A tool whose output can be read: text in, data out, for any text. */
export interface OutputFormat {
  /** One line for people: the tool, and which of its outputs. */
  readonly title: string;
  /** Gives what all tools share, and beside it whatever is the tool's own. Fails with `output-unreadable` only. */
  parse(text: string): Result<ToolOutput>;
}

/** Every format, by the name it is asked for. A new tool is one file that gives an OutputFormat, and one line here. */
export const formats: Readonly<Record<string, OutputFormat>> = {
  cyclictest: cyclictestFormat,
  oslat: oslatFormat,
  hwlatdetect: hwlatdetectFormat,
  rtla: rtlaFormat,
  cyclicdeadline: cyclicdeadlineFormat,
  signaltest: signaltestFormat,
  pmqtest: pmqtestFormat,
  ptsematest: ptsematestFormat,
  svsematest: svsematestFormat,
  sigwaittest: sigwaittestFormat,
  iperf3: iperf3Format,
  ping: pingFormat,
  hackbench: hackbenchFormat,
  'stress-ng': stressNgFormat,
  turbostat: turbostatFormat,
  smi: smiFormat,
  rteval: rtevalFormat,
};

/** Reads the output of a tool. `format-unknown` names the formats there are; `output-unreadable` the line and the reason. */
export function parseOutput(format: string, text: string): Result<ToolOutput> {
  const known = Object.hasOwn(formats, format) ? formats[format] : undefined;
  if (known !== undefined) return known.parse(text);
  return failed(new CodedError('format-unknown', `There is no format “${format.slice(0, 80)}”.`, {
    next: `Use one of: ${Object.keys(formats).join(', ')}.`,
    details: { formats: Object.keys(formats) },
  }));
}
