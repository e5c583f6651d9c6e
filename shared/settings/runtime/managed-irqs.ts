import { formatCpuList } from '../../parsers/cpu-list.ts';
import { splitIsolcpus } from '../../planning/kernel-command-line/checks/cpu-lists.ts';
import { lines, noVerdicts, notApplicable, verdictOf, type Setting } from '../setting.ts';
import { deviceInterrupts, named } from '../support/interrupts-of.ts';

export const setting: Setting = {
  id: 'runtime.managed-irqs', layer: 'host runtime', guides: ['kvm-host', 'bare-metal'],
  title: 'Managed interrupts off isolated CPUs',
  why: 'A driver with a queue for each CPU lets the kernel place its interrupts, and nothing moves them at run time. Such an interrupt comes only for I/O that its own CPU has started.',
  source: 'Linux Documentation/admin-guide/kernel-parameters.txt, isolcpus=managed_irq',
  assess: (board) => {
    const { isolated, running, pending, capture } = board;
    if (isolated.length === 0) return notApplicable('No CPU is to be isolated.');
    const managed = deviceInterrupts(board).filter(({ keeping, irq }) => keeping === 'managed' && irq !== '0');
    if (managed.length === 0) return notApplicable('No interrupt here is known to be managed.');
    const bad = managed.filter(({ effective, affinity }) => (effective ?? affinity ?? []).some((cpu) => isolated.includes(cpu)));
    const busy = bad.filter(({ perCpu }) => isolated.some((cpu) => (perCpu[cpu] ?? 0) > 0));
    const asks = (line: typeof running) => line === null ? null : splitIsolcpus(line.find(({ name }) => name === 'isolcpus')?.value ?? '').flags.includes('managed_irq');
    const found = {
      states: { requested: `none on CPU ${formatCpuList(isolated)}`, written: asks(pending) ? 'managed_irq' : 'absent', booted: asks(running) ? 'managed_irq' : 'absent', effective: `${String(bad.length)} there, ${String(busy.length)} used` },
      verdicts: { ...noVerdicts, written: verdictOf(asks(pending)), booted: verdictOf(asks(running)), effective: verdictOf(bad.length === 0) },
      evidence: lines(...bad.slice(0, 8).map(({ irq }) => capture.evidence(`/proc/irq/${irq}/effective_affinity_list`))),
    };
    if (bad.length === 0 || (busy.length === 0 && asks(running))) return { ...found, status: 'ok', stuckAt: null, message: bad.length === 0 ? 'None is there.' : `Those there are not used: ${named(bad)}.`, fix: null };
    if (asks(running)) return { ...found, status: 'blocked', stuckAt: 'effective', message: `Asked away with managed_irq, which is a best effort, and still there: ${named(bad)}.`, fix: 'Give the driver fewer queues, or start no I/O from these CPUs.' };
    return { ...found, status: 'change', stuckAt: asks(pending) ? 'booted' : 'written', message: `On isolated CPUs, and not to be moved at run time: ${named(bad)}.`, fix: `isolcpus=managed_irq,domain,${formatCpuList(isolated)} on the command line keeps them away where it can; or fewer queues in the driver.` };
  },
  change: () => ({ refused: 'The kernel moves managed interrupts at no time but the start.', next: 'Write isolcpus=managed_irq,domain,… into the kernel command line (the kernel plan keeps the flag), or give the driver fewer queues.' }),
};
