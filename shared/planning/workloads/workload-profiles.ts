import type { WorkloadKind } from '../../model/vm.ts';

/** A load that is known by name: what it strains, what it runs, what it needs. */
export interface WorkloadProfile {
  readonly title: string;
  readonly strains: string;
  /** Program and arguments, where it is one program; `@FOLDER@` stands for its folder of temporary files on the board. */
  readonly command: readonly string[];
  /** The same as a person would type it. */
  readonly shown: string;
  /** On the file system that holds everything of ours. */
  readonly needBytes: number;
}

const gib = 1024 ** 3;

/** `0` instances is one for each configured CPU; a time of 0 is without end: the board ends it. Source: man stress-ng. */
const stressNg = (title: string, strains: string, options: readonly string[], needBytes = 0): WorkloadProfile => ({
  title, strains, command: ['stress-ng', ...options, '--timeout', '0', '--oomable', '--temp-path', '@FOLDER@'], shown: ['stress-ng', ...options].join(' '), needBytes,
});

export const workloadProfiles: Readonly<Record<WorkloadKind, WorkloadProfile>> = {
  'kernel-compile': {
    title: 'Compile the kernel', strains: 'CPUs, caches, memory and disk together, in changing proportions. Needs a compiler and a kernel source there.',
    command: [], shown: 'make x86_64_defconfig; while true; do make -j(twice the CPUs); make clean; done', needBytes: 4 * gib,
  },
  'stress-cpu': stressNg('CPU', 'Every CPU, with all of stress-ng’s methods in turn.', ['--cpu', '0', '--cpu-method', 'all']),
  'stress-cache': stressNg('Cache', 'The shared cache: reads and writes all over it, with flushes.', ['--cache', '0']),
  'stress-memory': stressNg('Memory', 'Memory bandwidth, and half of the free memory.', ['--stream', '0', '--vm', '0', '--vm-bytes', '50%']),
  'stress-io': stressNg('Disk', 'Writes of 256 MiB files, and syncs.', ['--hdd', '2', '--hdd-bytes', '256m', '--io', '2'], gib),
  'stress-interrupts': stressNg('Interrupts', 'Timer interrupts, context switches, and interrupts between CPUs for their TLBs.', ['--timer', '0', '--timer-freq', '10000', '--switch', '0', '--tlb-shootdown', '2']),
  'stress-network': stressNg('Network code', 'The kernel’s network code over the loopback, TCP and UDP; no network card.', ['--sock', '0', '--udp', '0']),
  'busy-loop': { title: 'One busy CPU', strains: 'One CPU with an infinite loop, and nothing but the CPU.', command: [], shown: 'while :; do :; done', needBytes: 0 },
};
