import type { ArchivePackage, KernelSpec } from '../linux/machine-spec.ts';
import { kernelConfig } from './common.ts';
import { debianVirtualisation } from './virtualisation.ts';

const builder = '(debian-kernel@lists.debian.org) (gcc-12 (Debian 12.2.0-14+deb12u1) 12.2.0, GNU ld (GNU Binutils for Debian) 2.40)';

/** Kernels of Debian 12: the ordinary one, and the real-time one of the same sources. */
export const debianKernel: KernelSpec = { release: '6.1.0-37-amd64', version: '#1 SMP PREEMPT_DYNAMIC Debian 6.1.140-1 (2025-05-22)', realtime: false, realtimeFile: false, builder, config: kernelConfig(false) };
export const debianRealtimeKernel: KernelSpec = { release: '6.1.0-37-rt-amd64', version: '#1 SMP PREEMPT_RT Debian 6.1.140-1 (2025-05-22)', realtime: true, realtimeFile: true, builder, config: kernelConfig(true) };

const kernelPackages = (kernel: KernelSpec, meta: string): ArchivePackage[] => [
  { name: `linux-image-${kernel.release}`, version: '6.1.140-1', sizeKb: 68_900, kernel },
  { name: meta, version: '6.1.140-1', sizeKb: 2, depends: [`linux-image-${kernel.release}`] },
];

/** What Debian 12's archive offers for this work. */
export const debianArchive: readonly ArchivePackage[] = [
  ...kernelPackages(debianRealtimeKernel, 'linux-image-rt-amd64'), ...kernelPackages(debianKernel, 'linux-image-amd64'),
  { name: 'rt-tests', version: '2.4-1', sizeKb: 132, programs: ['cyclictest', 'hwlatdetect', 'oslat', 'signaltest', 'cyclicdeadline', 'hackbench'] }, { name: 'stress-ng', version: '0.15.06-2', sizeKb: 2_400, programs: ['stress-ng'] },
  { name: 'numactl', version: '2.0.16-1', sizeKb: 66, programs: ['numactl'] }, { name: 'irqbalance', version: '1.9.2-1', sizeKb: 48 }, { name: 'msr-tools', version: '1.3-5', sizeKb: 11 },
  { name: 'linux-cpupower', version: '6.1.140-1', sizeKb: 700 }, { name: 'rtla', version: '6.1.140-1', sizeKb: 900 }, { name: 'intel-cmt-cat', version: '4.5-1', sizeKb: 120 }, { name: 'trace-cmd', version: '3.1.6-1', sizeKb: 300 },
  ...debianVirtualisation,
];
