import { formatCpuList } from '../../parsers/cpu-list.ts';
import { kernelParameter } from '../support/kernel-parameter.ts';

export const setting = kernelParameter({
  id: 'kernel.nohz-full', parameter: 'nohz_full', guides: ['kvm-host', 'kvm-guest', 'bare-metal', 'acrn-rtvm'],
  title: 'No tick on isolated CPUs',
  why: 'The periodic tick interrupts a CPU every few milliseconds although only one task runs there.',
  source: 'Intel ECI guide, Host Configuration: Linux Kernel; Real-time KVM talk, host partitioning',
  requested: ({ isolated }) => (isolated.length === 0 ? { notAskedFor: 'This board has no CPU to isolate.' } : { value: formatCpuList(isolated) }),
  effect: ({ snapshot, capture, isolated }) => ({
    value: snapshot.cpus.nohzFull.length > 0 ? formatCpuList(snapshot.cpus.nohzFull) : 'every CPU ticks',
    matches: isolated.every((cpu) => snapshot.cpus.nohzFull.includes(cpu)),
    evidence: capture.evidence('/sys/devices/system/cpu/nohz_full') ?? '/sys/devices/system/cpu/nohz_full: not there',
  }),
  blocked: ({ snapshot: { kernel } }) => (Object.keys(kernel.config).length === 0 || kernel.config['CONFIG_NO_HZ_FULL'] === 'y' ? null : {
    message: 'This kernel is built without CONFIG_NO_HZ_FULL: the parameter does nothing.', fix: 'Install a kernel with CONFIG_NO_HZ_FULL, or accept the tick.',
    evidence: `/boot/config-${kernel.release ?? ''}: CONFIG_NO_HZ_FULL is not set`,
  }),
});
