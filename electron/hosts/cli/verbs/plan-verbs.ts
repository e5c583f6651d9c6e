import type { Command } from 'commander';
import { CodedError } from '../../../../shared/contract/errors.ts';
import type { Result } from '../../../../shared/contract/result.ts';
import type { TopologyCpu, VmClaim } from '../../../../shared/model/cpu-map.ts';
import type { Finding } from '../../../../shared/model/finding.ts';
import { guideIds, guideIdSchema } from '../../../../shared/model/setting.ts';
import { parseByteSize } from '../../../../shared/parsers/byte-size.ts';
import { parseCapture } from '../../../../shared/parsers/capture.ts';
import { formatCpuList, parseCpuList } from '../../../../shared/parsers/cpu-list.ts';
import { parseLscpuTopology } from '../../../../shared/parsers/lscpu-topology.ts';
import { snapshotFromCapture } from '../../../../shared/parsers/snapshot-from-capture.ts';
import { snapshotOf } from '../../../../shared/parsers/snapshot/snapshot.ts';
import { planCacheWays } from '../../../../shared/planning/cache-ways.ts';
import { planCpuMap } from '../../../../shared/planning/cpu-map.ts';
import { planKernel } from '../../../../shared/planning/kernel-plan.ts';
import { topologyOf } from '../../../../shared/planning/topology.ts';
import { readInput, type CliContext, type GlobalOptions } from '../cli-context.ts';

interface CpusOptions extends GlobalOptions { topology?: string; capture?: string; housekeeping: string; vm: string[]; emulator?: string; ioThreads?: string; measuring?: string; stressor?: string; reasons?: boolean }
interface KernelOptions extends GlobalOptions { capture: string; guide: string; housekeeping?: string }
interface CacheOptions extends GlobalOptions { cacheSize: string; mask: string; id: string; host: string; vm: string[]; minimumWays: string; shareable: string }

const collect = (value: string, previous: string[]) => [...previous, value];

export function planVerbs(program: Command, cli: CliContext): void {
  const plan = program.command('plan').description('compute plans; nothing is changed');

  plan.command('cpus').description('who gets which CPU: host, VMs, emulator threads')
    .option('--topology <file>', 'output of lscpu -p=CPU,CORE,SOCKET,NODE')
    .option('--capture <file>', 'a capture of the board (it also tells core kinds)')
    .requiredOption('--housekeeping <list>', 'CPUs the host keeps')
    .option('--vm <name:vcpus@node>', 'a VM; may be repeated', collect, [])
    .option('--emulator <count@node>', 'CPUs for emulator threads')
    .option('--io-threads <count@node>', 'CPUs for I/O threads')
    .option('--measuring <count@node>', 'CPUs for measuring threads on the host itself')
    .option('--stressor <count@node>', 'CPUs for a load that is not a VM')
    .option('--reasons', 'say why each got its CPUs, by which rules')
    .action(async (_options: CpusOptions, command: Command) => {
      const options = command.optsWithGlobals<CpusOptions>();
      const map = planCpuMap(await topologyFrom(cli, options), {
        housekeeping: valueOf(parseCpuList(options.housekeeping)), vms: options.vm.map(vmClaim), emulator: poolClaim(options.emulator), ioThreads: poolClaim(options.ioThreads), measuring: poolClaim(options.measuring), stressor: poolClaim(options.stressor),
      });
      cli.print(options, map, () => [
        `housekeeping  ${formatCpuList(map.housekeeping)}`,
        `isolated      ${formatCpuList(map.isolated)}`,
        ...map.vms.map((vm) => `${vm.name.padEnd(13)} ${vm.vcpus.map(({ vcpu, cpu }) => `${vcpu}→${cpu}`).join(' ')}`),
        ...([['emulator', map.emulator], ['I/O threads', map.ioThreads], ['measuring', map.measuring], ['stressor', map.stressor], ['left idle', map.idle]] as const)
          .filter(([, cpus]) => cpus.length > 0).map(([name, cpus]) => `${name.padEnd(13)} ${formatCpuList(cpus)}`),
        ...(options.reasons ? map.choices.flatMap(({ element, cpus, reasons }) => ['', `${element}: CPU ${formatCpuList(cpus)}`, ...reasons.map(({ rule, reason }) => `  ${reason} (${rule})`)]) : []),
        ...map.findings.map(describe),
      ].join('\n'));
      failOnErrors(map.findings);
    });

  plan.command('kernel').description('the kernel command line a guide asks for on this board, with the reason of each change')
    .requiredOption('--capture <file>', 'a capture of the board')
    .option('--guide <id>', `one of ${guideIds.join(', ')}`, 'kvm-host')
    .option('--housekeeping <list>', 'CPUs the host keeps (default: what the command line says)')
    .action(async (_options: KernelOptions, command: Command) => {
      const options = command.optsWithGlobals<KernelOptions>();
      const guide = guideIdSchema.safeParse(options.guide);
      if (!guide.success) throw new CodedError('bad-usage', `There is no guide “${options.guide}”.`, { next: `Guides: ${guideIds.join(', ')}.` });
      const capture = valueOf(parseCapture(await readInput(cli.terminal, options.capture)));
      const housekeeping = options.housekeeping === undefined ? null : valueOf(parseCpuList(options.housekeeping));
      const kernelPlan = planKernel({ capture, snapshot: snapshotOf(capture), guide: guide.data, housekeeping });
      cli.print(options, kernelPlan, () => [
        ...kernelPlan.steps.filter(({ action }) => action !== 'keep').flatMap(({ from, to, reason }) => [...(from === null ? [] : [`- ${from}`]), ...(to === null ? [] : [`+ ${to}`]), `      ${reason}`]),
        `  ${kernelPlan.steps.filter(({ action }) => action === 'keep').length} parameters kept as found`, '', kernelPlan.after,
        ...kernelPlan.findings.map(({ severity, parameter, message }) => `${severity}: ${parameter}: ${message}`),
      ].join('\n'));
    });

  plan.command('cache').description('divide a cache into contiguous shares for the host and VMs (Cache Allocation Technology)')
    .requiredOption('--cache-size <size>', 'size of one cache instance, such as 60MiB')
    .requiredOption('--mask <hex>', 'cbm_mask of the cache')
    .option('--id <id>', 'id of the cache', '0')
    .requiredOption('--host <size>', 'share of the host')
    .option('--vm <name:size>', 'share of a VM; may be repeated', collect, [])
    .option('--minimum-ways <n>', 'min_cbm_bits', '1')
    .option('--shareable <hex>', 'shareable_bits', '0')
    .action((_options: CacheOptions, command: Command) => {
      const options = command.optsWithGlobals<CacheOptions>();
      const cache = { sizeBytes: valueOf(parseByteSize(options.cacheSize)), mask: maskOf(options.mask), minimumWays: wholeNumber(options.minimumWays), shareableMask: maskOf(options.shareable) };
      const vms = options.vm.map((text) => {
        const [, name, size] = /^([^:]+):(.+)$/.exec(text) ?? [];
        if (!name || !size) throw new CodedError('bad-usage', `“${text}” is not a share.`, { next: 'Write NAME:SIZE, such as rt:8MiB.' });
        return { name, bytes: valueOf(parseByteSize(size)) };
      });
      const shares = valueOf(planCacheWays(cache, { hostBytes: valueOf(parseByteSize(options.host)), vms }));
      const id = wholeNumber(options.id);
      cli.print(options, { id, ...shares }, () => [
        `cache ${id}: ${shares.ways} ways of ${shares.wayBytes} bytes`,
        ...[{ name: 'host', ...shares.host }, ...shares.vms].map(({ name, mask, ways, bytes }) => `${name.padEnd(12)} ${mask.padStart(8)}  ${ways} ways  ${bytes} bytes`),
        ...shares.findings.map(describe),
      ].join('\n'));
      failOnErrors(shares.findings);
    });
}

async function topologyFrom(cli: CliContext, options: CpusOptions): Promise<TopologyCpu[]> {
  if (options.topology !== undefined) return valueOf(parseLscpuTopology(await readInput(cli.terminal, options.topology)));
  if (options.capture === undefined) throw new CodedError('bad-usage', 'Which machine? Give --topology FILE or --capture FILE.');
  return topologyOf(snapshotFromCapture(await readInput(cli.terminal, options.capture)));
}

function vmClaim(text: string): VmClaim {
  const [, name, claim] = /^([^:]+):(.+)$/.exec(text) ?? [];
  if (!name || !claim) throw new CodedError('bad-usage', `“${text}” is not a VM.`, { next: 'Write NAME:VCPUS@NODE, such as rt:8@0.' });
  return { name, ...countAtNode(claim) };
}

const poolClaim = (text: string | undefined) => (text === undefined ? null : countAtNode(text));

function countAtNode(text: string): { count: number; node: number } {
  const [, count, node] = /^(\d{1,4})(?:@(\d{1,4}))?$/.exec(text) ?? [];
  if (count === undefined || Number(count) < 1) throw new CodedError('bad-usage', `“${text}” is not a number of CPUs on a node.`, { next: 'Write COUNT@NODE, such as 4@0.' });
  return { count: Number(count), node: Number(node ?? 0) };
}

function maskOf(text: string): number {
  const digits = text.replace(/^0x/i, '');
  if (!/^[0-9a-fA-F]{1,8}$/.test(digits)) throw new CodedError('bad-usage', `“${text}” is not a hexadecimal mask of at most 32 bits.`);
  return Number.parseInt(digits, 16);
}

function wholeNumber(text: string): number {
  if (!/^\d{1,4}$/.test(text)) throw new CodedError('bad-usage', `“${text}” is not a whole number.`);
  return Number(text);
}

/** What a person typed wrongly is wrong usage, whatever the parser calls it. */
function valueOf<T>(result: Result<T>): T {
  if (!result.ok) throw result.error;
  return result.value;
}

const describe = (finding: Finding) => `${finding.severity}: ${finding.message}${finding.fix ? ` ${finding.fix}` : ''}`;

function failOnErrors(findings: readonly Finding[]): void {
  if (findings.some((finding) => finding.severity === 'error')) process.exitCode = 1;
}
