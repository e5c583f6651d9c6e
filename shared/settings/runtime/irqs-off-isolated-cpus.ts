import { formatCpuList } from '../../parsers/cpu-list.ts';
import { lines, notApplicable, type Setting } from '../setting.ts';

export const setting: Setting = {
  id: 'runtime.irqs-off-isolated-cpus', layer: 'host runtime', guides: ['kvm-host', 'kvm-guest', 'bare-metal', 'acrn-rtvm'],
  title: 'Device interrupts off isolated CPUs',
  why: 'Each interrupt of a device takes the CPU away for microseconds; isolcpus alone does not keep them off.',
  source: 'Real-time KVM talk, host partitioning',
  assess: ({ snapshot: { interrupts, services }, isolated, capture }) => {
    if (isolated.length === 0) return notApplicable('No CPU is to be isolated.');
    const reaching = interrupts.list.filter(({ irq, effective, affinity }) => /^\d+$/.test(irq) && (effective ?? affinity ?? []).some((cpu) => isolated.includes(cpu)));
    const busy = reaching.filter(({ perCpu }) => isolated.some((cpu) => (perCpu[cpu] ?? 0) > 0));
    const states = { requested: 'none', written: null, booted: null, effective: reaching.length === 0 ? 'none' : `${reaching.length} may reach them, ${busy.length} did` };
    const evidence = lines(...reaching.slice(0, 8).map(({ irq }) => capture.evidence(`/proc/irq/${irq}/effective_affinity_list`) ?? capture.evidence(`/proc/irq/${irq}/smp_affinity_list`)));
    if (interrupts.list.length === 0) return { status: 'unknown', stuckAt: null, states, evidence, message: 'The interrupts were not read.', fix: null };
    if (reaching.length === 0) return { status: 'ok', stuckAt: null, states, evidence, message: `No device interrupt may reach CPU ${formatCpuList(isolated)}.`, fix: null };
    const balancing = services.some(({ name, active }) => active && name.startsWith('irqbalance'));
    return {
      status: 'change', stuckAt: 'effective', states, evidence,
      message: `May reach isolated CPUs: ${reaching.slice(0, 6).map(({ irq, name }) => `${irq} (${name})`).join(', ')}${reaching.length > 6 ? ` and ${reaching.length - 6} more` : ''}.${balancing ? ' irqbalance is running and moves interrupts back.' : ''}`,
      fix: 'Set their smp_affinity_list to housekeeping CPUs. Interrupts whose mask cannot be written are managed by the kernel: isolcpus=managed_irq,domain,… or fewer queues keep those away.',
    };
  },
};
