import type { Plan, PlannedStep } from '../../model/plan.ts';
import type { PlanExport, Sha256 } from './export-result.ts';
import { expectedFile, exportedSteps, generatorsAfter, isFedByPlan, nextStart, oneLine, packageWords, plainMode, remarksOf } from './exported-steps.ts';
import { shellLibrary } from './shell-library.ts';
import { hereDocument, shellQuote } from './shell-words.ts';

/**
 * A plan as one POSIX shell script for machines of the same kind: to be read, rehearsed with --dry-run, and run as root any
 * number of times. It backs up what it replaces, restarts only when told to, and holds no secret.
 */
export function exportShell(plan: Plan, sha256: Sha256): PlanExport {
  const { steps, leftOut } = exportedSteps(plan);
  const text = [
    '#!/bin/sh',
    ...headerOf(plan, leftOut).map((line) => `# ${line}`.trimEnd()),
    'set -euf', 'umask 022', 'LC_ALL=C', 'PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin', 'export LC_ALL PATH',
    `planned_machine=${shellQuote(plan.machineId)}`,
    `planned_name=${shellQuote(oneLine(plan.boardName))}`,
    `backups=/var/backups/rtvm-bench/${shellQuote(plan.id)}`,
    '', ...usage(plan), '', shellLibrary, '',
    ...steps.flatMap((step) => ['', ...remarksOf(step).map((line) => `# ${line}`), `step ${String(step.number)} ${shellQuote(oneLine(step.title))}`, commandOf(steps, step, sha256)]),
    '', ...(plan.restart === 'needed' ? ['if [ "$changes" -gt 0 ]; then restart_needed=yes; fi'] : []), 'finish', '',
  ].join('\n');
  return { text, leftOut };
}

function headerOf(plan: Plan, leftOut: PlanExport['leftOut']): string[] {
  return [
    oneLine(plan.title), `Written by RTVM Bench from plan ${plan.id}, which was made for ${oneLine(plan.boardName)}.`,
    'Read it before you run it, and rehearse it with --dry-run. Run again, it changes nothing that is done already.', '',
    ...plan.notes.map((note) => `Note: ${oneLine(note)}`),
    ...leftOut.map(({ step, title, why }) => `Not in this script: step ${String(step)}, ${oneLine(title)}. ${oneLine(why)}`),
  ];
}

function usage(plan: Plan): string[] {
  return [
    'usage() {', "  cat <<'END_OF_USAGE'",
    `Usage: sh SCRIPT [options]      ${oneLine(plan.title)}`,
    '  --dry-run          say what would be done; change nothing',
    '  --any-machine      also on another machine than the one it was planned for',
    '  --even-if-changed  replace files that are not as they were when the plan was made',
    '  --restart          start the machine again where the plan needs it; never done without',
    '  --backups FOLDER   where files are kept as they were (default: below /var/backups/rtvm-bench)',
    '  --packages FOLDER  install packages from files in this folder',
    'Exit status: 0 done, 1 stopped, 2 wrong use, 3 the machine has to be started again before the rest.',
    'END_OF_USAGE', '}',
  ];
}

const words = (...texts: readonly string[]): string => texts.map(shellQuote).join(' ');
const yesNo = (value: boolean | null): string => (value === null ? '-' : value ? 'yes' : 'no');

function commandOf(steps: readonly PlannedStep[], step: PlannedStep, sha256: Sha256): string {
  const { action } = step;
  switch (action.kind) {
    case 'file': {
      const expected = expectedFile(step, sha256);
      const met = expected.kind === 'known' ? expected.sha256 : expected.kind;
      const generators = generatorsAfter(steps, step).map((generator) => ` ${generator}`).join('');
      if (action.content === null) return `remove_file ${shellQuote(action.path)} ${met}${generators}`;
      const { encoding, text } = hereDocument(action.content);
      return `write_file ${shellQuote(action.path)} ${plainMode(action.mode)} ${action.owner ?? 'as:is'} ${encoding} ${met}${generators} ${text}`;
    }
    case 'value': return `set_value ${words(action.path, action.value, ...action.readsAs)}`;
    case 'unit': return `set_unit ${words(action.unit)} ${yesNo(action.enabled)} ${yesNo(action.active)}`;
    case 'module': return `set_module ${words(action.module)} ${yesNo(action.loaded)}`;
    case 'generate': return `generate ${action.generator} ${isFedByPlan(steps, action.generator) ? 'when-changed' : 'once'}`;
    case 'packages': {
      const install = action.install.length === 0 ? [] : [`install_packages ${action.source.kind === 'folder' ? 'files' : 'sources'} ${words(...packageWords(action.install))}`];
      const remove = action.remove.length === 0 ? [] : [`remove_packages ${words(...packageWords(action.remove).map((name) => name.replace(/=.*$/, '')))}`];
      return [...install, ...remove].join('\n');
    }
    case 'kernel-arguments': return `set_kernel_arguments ${words(action.add.join(' '), action.remove.join(' '))}`;
    case 'boot-once': {
      const start = nextStart(steps, step);
      return `boot_once ${words(action.entry ?? '', start?.words.join(' ') ?? '', start?.kernelRelease ?? '')}`;
    }
    case 'firmware-attribute': return `firmware_attribute ${words(action.driver, action.attribute, action.value)}`;
    case 'group-member': return `set_group_member ${action.user} ${action.group} ${yesNo(action.member)}`;
    case 'restart': {
      const left = steps.length - steps.indexOf(step) - 1;
      return `start_again ${words(action.expects.words.join(' '), action.expects.kernelRelease ?? '')} ${String(left)} ${String(step.number)}`;
    }
    // Left out by exportedSteps.
    case 'domain': case 'network': case 'schemata': case 'redfish': return ':';
  }
}
