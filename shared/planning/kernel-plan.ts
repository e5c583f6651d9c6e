import { z } from 'zod';
import { cpuListSchema } from '../model/cpu-list.ts';
import { guideIdSchema, type SettingReport } from '../model/setting.ts';
import { checkGuide, type CheckRequest } from '../settings/check-guide.ts';
import { splitCommandLine, type Parameter } from './kernel-command-line/command-line.ts';
import { lintCommandLine, lintContextOf } from './kernel-command-line/lint.ts';
import { lintFindingSchema } from './kernel-command-line/lint-finding.ts';

const stepSchema = z.object({
  parameter: z.string(),
  action: z.enum(['keep', 'add', 'replace', 'remove']),
  from: z.string().nullable(),
  to: z.string().nullable(),
  reason: z.string(),
});
type Step = z.infer<typeof stepSchema>;

/** A command line computed for a board: what stays, what changes and why, and what our own lint says of the outcome. */
export const kernelPlanSchema = z.object({
  guide: guideIdSchema,
  housekeeping: cpuListSchema,
  isolated: cpuListSchema,
  before: z.string().nullable(),
  after: z.string(),
  steps: z.array(stepSchema),
  findings: z.array(lintFindingSchema),
});
export type KernelPlan = z.infer<typeof kernelPlanSchema>;

/** Words the boot loader adds itself: never part of what is written. */
const loaderWords = ['BOOT_IMAGE', 'initrd'];

/**
 * The command line a guide asks for on a board: parameters nobody asked about are kept untouched and in their order,
 * misspelt ones are mended, what the guide asks for replaces what differs or is added at the end. Total.
 */
export function planKernel(request: CheckRequest): KernelPlan {
  const { snapshot } = request;
  const checked = checkGuide(request);
  const before = snapshot.kernel.pending.commandLine ?? snapshot.kernel.commandLine;
  const asked = new Map(checked.settings.filter((report) => report.id.startsWith('kernel.') && isWanted(report)).map((report) => [nameOf(report), report]));
  const steps: Step[] = [];
  const words: string[] = [];
  const seen = new Set<string>();

  for (const parameter of splitCommandLine(before ?? '').filter(({ name }) => !loaderWords.includes(name))) {
    const mended = mend(parameter, request);
    const names = mended.split(' ').filter((word) => word !== '').map((word) => splitCommandLine(word)[0]?.name ?? '');
    const report = names.map((name) => asked.get(name)).find((found) => found !== undefined);
    if (report) {
      const name = nameOf(report);
      if (seen.has(name)) {
        steps.push({ parameter: parameter.name, action: 'remove', from: parameter.text, to: null, reason: 'It stands here twice.' });
        continue;
      }
      seen.add(name);
      const to = alreadyGood(report, parameter) ? parameter.text : report.states.requested ?? parameter.text;
      words.push(to);
      steps.push({ parameter: name, action: to === parameter.text ? 'keep' : 'replace', from: parameter.text, to, reason: to === parameter.text ? 'As asked for.' : report.why });
    } else if (mended === parameter.text) {
      words.push(parameter.text);
      steps.push({ parameter: parameter.name, action: 'keep', from: parameter.text, to: parameter.text, reason: 'Not a matter of this guide.' });
    } else {
      if (mended !== '') words.push(mended);
      steps.push({ parameter: parameter.name, action: mended === '' ? 'remove' : 'replace', from: parameter.text, to: mended === '' ? null : mended, reason: lintReason(parameter, request) });
    }
  }
  for (const [name, report] of asked) {
    if (seen.has(name) || report.states.requested === null) continue;
    words.push(report.states.requested);
    steps.push({ parameter: name, action: 'add', from: null, to: report.states.requested, reason: report.why });
  }
  // What follows a lone -- is for init, not for the kernel.
  const forInit = / -- .*$/.exec(before ?? '')?.[0] ?? '';
  const after = `${words.join(' ')}${forInit}`;
  return { guide: checked.guide, housekeeping: checked.housekeeping, isolated: checked.isolated, before, after, steps, findings: lintCommandLine(after, lintContextOf(snapshot)) };
}

/** Asked for as a parameter, possible here, and not in effect by other means already. */
function isWanted({ status, states }: SettingReport): boolean {
  if (status === 'not-applicable' || status === 'blocked' || states.requested === null || states.requested.includes(' ')) return false;
  return /^[a-z][\w.]*(?:=|$)/.test(states.requested) && !(status === 'ok' && states.booted === 'absent');
}

const nameOf = ({ states }: SettingReport) => splitCommandLine(states.requested ?? '')[0]?.name ?? '';

/** What is written or was booted and judged good stays as the person wrote it. */
const alreadyGood = ({ status, stuckAt, states }: SettingReport, { text }: Parameter) =>
  (status === 'ok' || stuckAt === 'booted' || stuckAt === 'effective') && (text === states.written || text === states.booted);

/** The parameter with the lint's suggestions taken, for what has no effect as it is written. */
function mend(parameter: Parameter, { snapshot }: CheckRequest): string {
  const finding = lintCommandLine(parameter.text, { ...lintContextOf(snapshot) }).find(({ severity, suggestion }) => severity !== 'note' && suggestion !== undefined);
  return finding && ['misspelt', 'value-ignored', 'no-effect', 'prefix-match', 'cpu-absent', 'obsolete'].includes(finding.code) ? finding.suggestion ?? parameter.text : parameter.text;
}

const lintReason = (parameter: Parameter, { snapshot }: CheckRequest) => lintCommandLine(parameter.text, lintContextOf(snapshot))[0]?.message ?? '';
