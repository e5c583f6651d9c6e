import cpuTimesText from '../../board-scripts/cpu-times.sh?raw';
import commonText from '../../board-scripts/run-common.sh?raw';
import pinText from '../../board-scripts/workload-pin.sh?raw';
import { CodedError } from '../../../shared/contract/errors.ts';
import type { LoadCheck } from '../../../shared/model/vm.ts';
import { judgeLoad, parseCpuTimes, type Busy } from '../../../shared/planning/vm/load-check.ts';
import { missingForWorkload } from '../../../shared/planning/workloads/missing-packages.ts';
import { unexpected } from '../runs/run-answers.ts';
import type { BoardScript, BoardSession } from '../ssh/board-session.ts';

const cpuTimesScript: BoardScript = { name: 'cpu-times', text: [commonText, cpuTimesText].join('\n') };
const pinScript: BoardScript = { name: 'workload-pin', text: [commonText, pinText].join('\n') };

/** How long the host's CPUs are watched, each time; the load goes on a little longer by itself when the link to the guest is lost. */
const windowSeconds = 2;
const loadSeconds = 20;

interface Request {
  readonly host: BoardSession;
  readonly guest: BoardSession;
  readonly guestName: string;
  readonly vcpu: number;
  /** What the vCPU is pinned to; null: not to one CPU. */
  readonly expectedCpu: number | null;
  readonly isolated: readonly number[];
  readonly signal?: AbortSignal;
  tell?(message: string): void;
}

/**
 * Watches the host's CPUs, loads one vCPU through its guest, watches again and judges. Nothing is left on either.
 * Errors: `board-tool-missing`, `vm-refused` (the guest has no such CPU), `board-command-failed`, `output-unreadable`, and
 * what the sessions reject with.
 */
export async function checkLoad({ host, guest, guestName, vcpu, expectedCpu, isolated, signal, tell }: Request): Promise<LoadCheck> {
  const within = signal === undefined ? {} : { signal };
  const watch = async (): Promise<Busy> => {
    const result = await host.exec(cpuTimesScript, { args: [String(windowSeconds)], timeoutMs: 30_000, ...within });
    const busy = parseCpuTimes(result.stdout.toString('utf8'));
    if (!busy.ok) throw result.exitCode === 0 ? busy.error : unexpected(cpuTimesScript, result);
    return busy.value;
  };
  tell?.('Looking how busy the host’s CPUs are without a load.');
  const before = await watch();

  let said = '';
  let heard: () => void = () => undefined;
  const answered = new Promise<void>((resolve) => { heard = resolve; });
  const loading = await guest.stream(pinScript, {
    args: [String(vcpu), String(loadSeconds)], timeoutMs: (loadSeconds + 30) * 1000, ...within,
    onStdout: (chunk) => {
      said += chunk.toString('utf8');
      if (said.includes('\n')) heard();
    },
  });
  try {
    await Promise.race([answered, loading.done]);
    const [word, why, detail = ''] = (said.split('\n')[0] ?? '').split(' ');
    if (word === 'refused' && why === 'no-tool') throw new CodedError('board-tool-missing', `${guestName} has no ${detail}.`, { board: guestName, state: 'Nothing was loaded.', next: `Install there: ${missingForWorkload([detail])}.` });
    if (word === 'refused') throw new CodedError('vm-refused', `${guestName} cannot load its CPU ${String(vcpu)}: it has none of that number, or may not use it.`, { board: guestName, state: 'Nothing was loaded.', next: 'Choose another vCPU.' });
    if (word !== 'loading') throw unexpected(pinScript, await loading.done);
    tell?.(`Watching the host’s CPUs while vCPU ${String(vcpu)} is loaded.`);
    return judgeLoad({ vcpu, expectedCpu, isolated, before, during: await watch() });
  } finally {
    loading.close();
  }
}
