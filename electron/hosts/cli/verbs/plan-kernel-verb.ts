import type { Command } from 'commander';
import { CodedError } from '../../../../shared/contract/errors.ts';
import type { Proposal } from '../../../../shared/model/plan.ts';
import { guideIds, guideIdSchema } from '../../../../shared/model/setting.ts';
import { stampOf } from '../../../../shared/model/stamp.ts';
import { parseCapture } from '../../../../shared/parsers/capture.ts';
import { parseCpuList } from '../../../../shared/parsers/cpu-list.ts';
import { snapshotOf } from '../../../../shared/parsers/snapshot/snapshot.ts';
import type { LineRequest } from '../../../../shared/planning/boot/line-request.ts';
import { proposeTry } from '../../../../shared/planning/boot/try-kernel.ts';
import { proposeWrite } from '../../../../shared/planning/boot/write-kernel.ts';
import { planKernel, type KernelPlan } from '../../../../shared/planning/kernel-plan.ts';
import { readInput, type CliContext, type GlobalOptions } from '../cli-context.ts';
import { describeProposal } from '../describe-proposal.ts';
import { valueOf } from '../value-of.ts';

interface KernelOptions extends GlobalOptions { capture: string; guide: string; housekeeping?: string; line?: string; kernel?: string; try?: boolean; write?: boolean }

/** `plan kernel`: the line a guide asks for, and how it would be tried or written on this board. */
export function planKernelVerb(plan: Command, cli: CliContext): void {
  plan.command('kernel').description('the kernel command line a guide asks for on this board, with the reason of each change')
    .requiredOption('--capture <file>', 'a capture of the board')
    .option('--guide <id>', `one of ${guideIds.join(', ')}`, 'kvm-host')
    .option('--housekeeping <list>', 'CPUs the host keeps (default: what the command line says)')
    .option('--try', 'show the steps that would start it once, with the default untouched')
    .option('--write', 'show the steps that would write it for all starts')
    .option('--line <text>', 'with --try or --write: this command line, instead of the guide’s')
    .option('--kernel <release>', 'with --try or --write: another installed kernel')
    .action(async (_options: KernelOptions, command: Command) => {
      const options = command.optsWithGlobals<KernelOptions>();
      const guide = guideIdSchema.safeParse(options.guide);
      if (!guide.success) throw new CodedError('bad-usage', `There is no guide “${options.guide}”.`, { next: `Guides: ${guideIds.join(', ')}.` });
      if (options.try && options.write) throw new CodedError('bad-usage', 'A line is tried or written.', { next: 'Give --try or --write, not both.' });
      if (!options.try && !options.write && (options.line ?? options.kernel) !== undefined) throw new CodedError('bad-usage', '--line and --kernel are about the steps.', { next: 'Add --try or --write.' });
      const capture = valueOf(parseCapture(await readInput(cli.terminal, options.capture)));
      const housekeeping = options.housekeeping === undefined ? null : valueOf(parseCpuList(options.housekeeping));
      const snapshot = snapshotOf(capture);
      const kernelPlan = planKernel({ capture, snapshot, guide: guide.data, housekeeping });
      const proposal = proposalFor(options, { capture, snapshot, commandLine: options.line ?? kernelPlan.after, kernel: options.kernel ?? null });
      if (proposal === null) {
        cli.print(options, kernelPlan, describePlan);
        return;
      }
      cli.print(options, { ...kernelPlan, proposal }, () => [...(options.line === undefined ? [describePlan(kernelPlan), ''] : []), describeProposal(proposal, capture)].join('\n'));
      if (proposal.refused.length > 0) process.exitCode = 1;
    });
}

function proposalFor(options: KernelOptions, request: LineRequest): Proposal | null {
  if (options.try) return proposeTry({ ...request, stamp: stampOf(new Date()) });
  return options.write ? proposeWrite(request) : null;
}

const describePlan = ({ steps, after, findings }: KernelPlan): string => [
  ...steps.filter(({ action }) => action !== 'keep').flatMap(({ from, to, reason }) => [...(from === null ? [] : [`- ${from}`]), ...(to === null ? [] : [`+ ${to}`]), `      ${reason}`]),
  `  ${steps.filter(({ action }) => action === 'keep').length} parameters kept as found`, '', after,
  ...findings.map(({ severity, parameter, message }) => `${severity}: ${parameter}: ${message}`),
].join('\n');
