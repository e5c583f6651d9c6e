import { lines, noVerdicts, notApplicable, verdictOf, type BoardView, type Setting } from '../setting.ts';
import { keeperChange, keeperOn, type Keeper } from '../support/keeper.ts';
import { kernelThreads, type KernelThread } from '../support/kernel-threads.ts';

const id = 'runtime.irq-threads';
const why = 'On PREEMPT_RT the handlers of interrupts are threads of priority 50. Real-time work is placed above or below them; a handler without that priority waits for ordinary tasks, one above everything holds real-time work up.';
const keeper: Keeper = { name: 'irq-threads', everySeconds: 600 };
const priority = 50;

export const setting: Setting = {
  id, layer: 'host runtime', guides: ['kvm-host', 'kvm-guest', 'bare-metal', 'acrn-rtvm'], why,
  title: 'Interrupt threads at the priority the kernel gives them',
  source: 'Linux kernel/irq/manage.c (sched_set_fifo); Real-time KVM talk, IRQ threads',
  assess: (board) => {
    if (board.snapshot.kernel.realtime === false && !board.running?.some(({ name }) => name === 'threadirqs')) return notApplicable('Handlers of interrupts are threads on PREEMPT_RT kernels, or with threadirqs.');
    const threads = kernelThreads(board.capture).filter(isInterrupt);
    const bad = threads.filter((thread) => thread.policy !== 1 || thread.priority !== priority);
    const keeps = keeperOn(board, keeper);
    const found = {
      // The kernel starts them so: nothing has to be written.
      states: { requested: `FIFO ${String(priority)}`, written: keeps ? `kept at ${keeps.argument}` : null, booted: null, effective: threads.length === 0 ? null : bad.length === 0 ? `FIFO ${String(priority)}` : `${String(bad.length)} of ${String(threads.length)} otherwise` },
      verdicts: { ...noVerdicts, ...(keeps ? { written: verdictOf(keeps.argument === String(priority)) } : {}), effective: verdictOf(threads.length === 0 ? null : bad.length === 0) },
      evidence: lines(keeps?.evidence, ...bad.slice(0, 6).map((thread) => `/proc/${thread.pid}/stat (${thread.name}): ${said(thread)}`)),
    };
    if (threads.length === 0) return { ...found, status: 'unknown', stuckAt: null, message: 'The threads of interrupts were not read.', fix: null };
    if (bad.length === 0) return { ...found, status: 'ok', stuckAt: null, message: `All ${String(threads.length)} run with FIFO ${String(priority)}.`, fix: null };
    return {
      ...found, status: 'change', stuckAt: 'effective',
      message: `Somebody has changed ${bad.slice(0, 6).map((thread) => `${thread.name} (${said(thread)})`).join(', ')}${bad.length > 6 ? ` and ${String(bad.length - 6)} more` : ''}.`,
      fix: `Set them to FIFO ${String(priority)} again (chrt -f -p ${String(priority)} PID), unless it was meant.`,
    };
  },
  change: (board: BoardView) => keeperChange(keeper, {
    description: 'interrupt threads keep their priority', argument: String(priority),
    words: { id, why, caution: 'Priorities that somebody chose on purpose (rtirq, tuned) are undone, and would be again.' },
  }, board),
};

/** The same that the keeper looks after: not those of devices passed through to a virtual machine. */
const isInterrupt = ({ name }: KernelThread) => name.startsWith('irq/') && !/-vfio(?:-|$)/.test(name);
const said = (thread: KernelThread) => (thread.policy === 1 ? `FIFO ${String(thread.priority)}` : thread.policy === 2 ? `round robin ${String(thread.priority)}` : 'not real-time');
