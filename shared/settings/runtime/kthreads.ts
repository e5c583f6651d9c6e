import { formatCpuList } from '../../parsers/cpu-list.ts';
import { lines, noVerdicts, notApplicable, verdictOf, type BoardView, type Setting } from '../setting.ts';
import { bootIsolation } from '../support/boot-isolation.ts';
import { keeperChange, keeperOn, keepsOff, type Keeper } from '../support/keeper.ts';
import { kernelThreads } from '../support/kernel-threads.ts';

const id = 'runtime.kthreads';
const why = 'Threads of the kernel that belong to no CPU in particular run wherever they may: RCU’s callbacks, paging, auditing.';
const keeper: Keeper = { name: 'kthread-affinity', everySeconds: 600 };

export const setting: Setting = {
  id, layer: 'host runtime', guides: ['kvm-host', 'kvm-guest', 'bare-metal', 'acrn-rtvm'], why,
  title: 'Kernel threads off isolated CPUs',
  source: 'Linux Documentation/admin-guide/kernel-per-CPU-kthreads.rst; Real-time KVM talk, host partitioning',
  assess: (board) => {
    const { capture, isolated, housekeeping } = board;
    if (isolated.length === 0) return notApplicable('No CPU is to be isolated.');
    const movable = kernelThreads(capture).filter(isMovable);
    const bad = movable.filter(({ cpus }) => cpus?.some((cpu) => isolated.includes(cpu)));
    const keeps = keeperOn(board, keeper);
    // nohz_full keeps new threads of the kernel off its CPUs; isolcpus alone leaves their masks as they are.
    const boot = bootIsolation(['nohz_full'])(board);
    const lasts = (keeps !== null && keepsOff(keeps.argument, board)) || (boot?.value != null && keepsOff(boot.value, board));
    const found = {
      states: { requested: `CPU ${formatCpuList(housekeeping)} only`, written: keeps ? `kept on ${keeps.argument}` : boot ? `CPU ${boot.value ?? ''} by nohz_full` : 'absent', booted: null, effective: movable.length === 0 ? null : bad.length === 0 ? 'none on others' : `${String(bad.length)} may run on others` },
      verdicts: { ...noVerdicts, written: verdictOf(lasts), effective: verdictOf(movable.length === 0 ? null : bad.length === 0) },
      evidence: lines(keeps?.evidence, boot?.evidence, ...bad.slice(0, 6).map(({ pid, name }) => `/proc/${pid}/status (${name}): ${capture.evidence(`/proc/${pid}/status`)?.split(': ').slice(1).join(': ') ?? ''}`)),
    };
    if (movable.length === 0) return { ...found, status: 'unknown', stuckAt: null, message: 'The threads of the kernel were not read.', fix: null };
    const fix = `Put a keeper on the board that moves them to CPU ${formatCpuList(housekeeping)}; nohz_full= on the command line does so for those that come later.`;
    if (bad.length > 0) return { ...found, status: 'change', stuckAt: lasts ? 'effective' : 'written', fix, message: `May run on isolated CPUs: ${bad.slice(0, 8).map(({ name }) => name).join(', ')}${bad.length > 8 ? ` and ${String(bad.length - 8)} more` : ''}.` };
    if (!lasts) return { ...found, status: 'change', stuckAt: 'written', fix, message: 'None may run there now; nothing keeps it so at the next start.' };
    return { ...found, status: 'ok', stuckAt: null, fix: null, message: 'None that can be moved may run there.' };
  },
  change: (board: BoardView) => (board.isolated.length === 0 ? { refused: 'No CPU is to be isolated.', next: 'Nothing is to be done.' } : keeperChange(keeper, {
    description: 'kernel threads stay on housekeeping CPUs', argument: formatCpuList(board.housekeeping),
    words: { id, why, caution: 'Threads of one CPU, workers and threads of virtual machines are left where they are.' },
  }, board)),
};

/** The same that the keeper moves. */
const isMovable = ({ name, fixed, cpus }: ReturnType<typeof kernelThreads>[number]) => !fixed && cpus !== null && !/^(?:irq\/|vhost-|kvm-pit\/|kworker\/)/.test(name);
