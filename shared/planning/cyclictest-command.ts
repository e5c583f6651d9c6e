import type { CyclictestOptions } from '../model/run.ts';
import { formatCpuList } from '../parsers/cpu-list.ts';
import { isAtLeast, parseRtTestsVersion } from './cyclictest-version.ts';

export interface CommandContext {
  /** Length of this segment in whole seconds. */
  readonly seconds: number;
  /** Version of rt-tests on the board, of its package or as printed; null when not known. */
  readonly toolVersion: string | null;
}

/**
 * The argument vector of one segment. CPUs are named one by one and threads counted: `-S`, bare `-a` and bare `-t` take only
 * the CPUs the process may use and so never measure isolated ones. `-D` is plain seconds, because cyclictest reads "1.5h" as
 * one second. There is no `-d`: a histogram makes all intervals equal anyway. The main thread is kept off the measured CPUs
 * with `--mainaffinity=`, with both dashes and the sign, since rt-tests 2.0 (with one dash it is taken for other options,
 * without an error). Not holding /dev/cpu_dma_latency is `--default-system` since 2.3, and
 * `--laptop`, which every version has, before or where "2.10" leaves open whether it is 2.1.
 */
export function cyclictestCommand(options: CyclictestOptions, { seconds, toolVersion }: CommandContext): string[] {
  const version = parseRtTestsVersion(toolVersion);
  const cpus = [...new Set(options.cpus)];
  const keepsMainAway = options.mainCpus.length > 0 && isAtLeast(version, 2, 0) !== false;
  return [
    'cyclictest', '-q',
    ...(options.lockMemory ? ['-m'] : []),
    '-p', String(options.priority),
    '-i', String(options.intervalUs),
    '-h', String(options.histogramUs),
    '-D', String(Math.max(1, Math.floor(seconds))),
    '-a', formatCpuList(cpus),
    '-t', String(cpus.length),
    ...(keepsMainAway ? [`--mainaffinity=${formatCpuList(options.mainCpus)}`] : []),
    ...(options.holdDmaLatency ? [] : [version === null || isAtLeast(version, 2, 3) === true ? '--default-system' : '--laptop']),
  ];
}

/** An argument vector as a line that a POSIX shell reads back as the same arguments; for people, not for running. */
export const commandText = (command: readonly string[]): string => command.map(quoted).join(' ');

const quoted = (argument: string) =>
  (/^[A-Za-z0-9_@%+=:,./-]+$/.test(argument) ? argument : `'${argument.replaceAll("'", "'\\''")}'`);
