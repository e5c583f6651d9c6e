import { formatCpuList } from '../../parsers/cpu-list.ts';
import { lines, noVerdicts, notApplicable, verdictOf, type BoardView, type Setting } from '../setting.ts';
import { deviceInterrupts, named } from '../support/interrupts-of.ts';
import { keeperChange, keeperOn, keepsOff, type Keeper } from '../support/keeper.ts';
import { runs } from '../support/service.ts';
import { unitStep } from '../support/steps.ts';

const id = 'runtime.irqs-off-isolated-cpus';
const why = 'Each interrupt of a device takes the CPU away for microseconds; isolcpus alone does not keep them off.';
const keeper: Keeper = { name: 'irq-affinity', everySeconds: 60 };

export const setting: Setting = {
  id, layer: 'host runtime', guides: ['kvm-host', 'kvm-guest', 'bare-metal', 'acrn-rtvm'], why,
  title: 'Device interrupts off isolated CPUs',
  source: 'Real-time KVM talk, host partitioning; Linux Documentation/core-api/irq/irq-affinity.rst',
  assess: (board) => {
    const { snapshot: { interrupts }, isolated, capture } = board;
    if (isolated.length === 0) return notApplicable('No CPU is to be isolated.');
    const all = deviceInterrupts(board);
    const bad = all.filter(({ keeping, affinity, effective }) => keeping === 'movable' && (affinity ?? effective ?? []).some((cpu) => isolated.includes(cpu)));
    const busy = bad.filter(({ perCpu }) => isolated.some((cpu) => (perCpu[cpu] ?? 0) > 0));
    const again = all.filter(({ note }) => note !== null && note.times > 1);
    const keeps = keeperOn(board, keeper);
    const lasts = (keeps !== null && keepsOff(keeps.argument, board)) || isTuned(board);
    const found = {
      states: { requested: `CPU ${formatCpuList(board.housekeeping)} only`, written: keeps ? `kept on ${keeps.argument}` : isTuned(board) ? 'by tuned' : 'absent', booted: null, effective: interrupts.list.length === 0 ? null : bad.length === 0 ? 'none' : `${String(bad.length)} may reach others, ${String(busy.length)} did` },
      verdicts: { ...noVerdicts, written: verdictOf(lasts), effective: verdictOf(interrupts.list.length === 0 ? null : bad.length === 0) },
      evidence: lines(keeps?.evidence, ...again.slice(0, 4).map(({ note }) => note?.evidence), ...bad.slice(0, 8).map(({ irq }) => capture.evidence(`/proc/irq/${irq}/smp_affinity_list`))),
    };
    if (interrupts.list.length === 0) return { ...found, status: 'unknown', stuckAt: null, message: 'The interrupts were not read.', fix: null };
    const left = ['managed', 'passed-through'].map((keeping) => all.filter((one) => one.keeping === keeping && (one.effective ?? []).some((cpu) => isolated.includes(cpu))));
    const others = `${left[0]?.length ? ` Left alone, as the kernel manages them: ${named(left[0])}.` : ''}${left[1]?.length ? ` Left alone, as they belong to virtual machines: ${named(left[1])}.` : ''}`;
    const resets = again.length > 0 ? ` Their drivers set back again and again: ${named(again)}.` : '';
    const balancing = runs(board, 'irqbalance');
    const fix = `Put a keeper on the board that moves them to CPU ${formatCpuList(board.housekeeping)} whenever they may reach others${balancing ? ', and stop irqbalance' : ''}.`;
    if (bad.length > 0) {
      return {
        ...found, status: 'change', stuckAt: lasts ? 'effective' : 'written', fix,
        message: `May reach isolated CPUs: ${named(bad)}.${lasts ? ' They were moved, and a driver or a change of link has reset their masks since.' : ''}${balancing ? ' irqbalance is running and moves interrupts back.' : ''}${resets}${others}`,
      };
    }
    if (!lasts) return { ...found, status: 'change', stuckAt: 'written', fix, message: `None may reach CPU ${formatCpuList(isolated)} now, but nothing keeps it so: a driver, a change of link or the next start can move them.${balancing ? ' irqbalance is running and moves interrupts back.' : ''}${others}` };
    return { ...found, status: 'ok', stuckAt: null, fix: null, message: `No device interrupt may reach CPU ${formatCpuList(isolated)}.${resets}${others}` };
  },
  change: (board) => {
    if (board.isolated.length === 0) return { refused: 'No CPU is to be isolated.', next: 'Nothing is to be done.' };
    const words = { id, why, caution: 'Interrupts that the kernel manages and those of devices passed through to a virtual machine are left where they are.' };
    return keeperChange(keeper, {
      description: 'interrupts stay on housekeeping CPUs', argument: formatCpuList(board.housekeeping), words,
      first: runs(board, 'irqbalance') ? [unitStep(words, 'irqbalance.service', false)] : [],
    }, board);
  },
};

/** tuned's profiles with isolated cores move interrupts too. */
const isTuned = ({ snapshot: { tunedProfile } }: BoardView) => /^(?:realtime|cpu-partitioning)/.test(tunedProfile ?? '');
