import { formatCpuList, parseCpuList } from '../../parsers/cpu-list.ts';
import { splitIsolcpus } from '../../planning/kernel-command-line/checks/cpu-lists.ts';
import { kernelParameter } from '../support/kernel-parameter.ts';

export const setting = kernelParameter({
  id: 'kernel.isolcpus', parameter: 'isolcpus', guides: ['kvm-host', 'kvm-guest', 'bare-metal', 'acrn-rtvm'],
  title: 'Isolated CPUs',
  why: 'Keeps the scheduler from placing other tasks on the CPUs of real-time work.',
  source: 'Intel ECI guide, Host Configuration: Linux Kernel; Real-time KVM talk, host partitioning',
  requested: ({ isolated }) => (isolated.length === 0 ? { notAskedFor: 'This board has no CPU to isolate.' } : { value: formatCpuList(isolated) }),
  alsoGood: (value, { isolated }) => {
    const { flags, list } = splitIsolcpus(value ?? '');
    const cpus = parseCpuList(list);
    return cpus.ok && formatCpuList(cpus.value) === formatCpuList(isolated) && (flags.length === 0 || flags.includes('domain'));
  },
  effect: ({ snapshot, capture, isolated }) => ({
    value: snapshot.cpus.isolated.length > 0 ? formatCpuList(snapshot.cpus.isolated) : 'no CPU is isolated',
    matches: isolated.every((cpu) => snapshot.cpus.isolated.includes(cpu)),
    evidence: capture.evidence('/sys/devices/system/cpu/isolated') ?? '/sys/devices/system/cpu/isolated: (empty)',
  }),
});
