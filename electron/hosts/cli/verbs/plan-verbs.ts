import type { Command } from 'commander';
import { CodedError } from '../../../../shared/contract/errors.ts';
import type { Finding } from '../../../../shared/model/finding.ts';
import { parseByteSize } from '../../../../shared/parsers/byte-size.ts';
import { planCacheWays } from '../../../../shared/planning/cache-ways.ts';
import type { CliContext, GlobalOptions } from '../cli-context.ts';
import { valueOf } from '../value-of.ts';
import { planKernelVerb } from './plan-kernel-verb.ts';
import { planCpusVerb } from './plan-cpus-verb.ts';

interface CacheOptions extends GlobalOptions { cacheSize: string; mask: string; id: string; host: string; vm: string[]; minimumWays: string; shareable: string }

const collect = (value: string, previous: string[]) => [...previous, value];

export function planVerbs(program: Command, cli: CliContext): void {
  const plan = program.command('plan').description('compute plans; nothing is changed');

  planCpusVerb(plan, cli);

  planKernelVerb(plan, cli);

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

function maskOf(text: string): number {
  const digits = text.replace(/^0x/i, '');
  if (!/^[0-9a-fA-F]{1,8}$/.test(digits)) throw new CodedError('bad-usage', `“${text}” is not a hexadecimal mask of at most 32 bits.`);
  return Number.parseInt(digits, 16);
}

function wholeNumber(text: string): number {
  if (!/^\d{1,4}$/.test(text)) throw new CodedError('bad-usage', `“${text}” is not a whole number.`);
  return Number(text);
}

const describe = (finding: Finding) => `${finding.severity}: ${finding.message}${finding.fix ? ` ${finding.fix}` : ''}`;

function failOnErrors(findings: readonly Finding[]): void {
  if (findings.some((finding) => finding.severity === 'error')) process.exitCode = 1;
}
