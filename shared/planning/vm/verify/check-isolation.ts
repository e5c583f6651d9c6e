import type { VmCheck } from '../../../model/vm.ts';
import { formatCpuList } from '../../../parsers/cpu-list.ts';
import { reachOf } from '../reach-of.ts';
import { good, notAsked, overlap, ownCpusOf, readAsRoot, shortened, unknown, wrong, type Subject } from './subject.ts';

const isolation = { id: 'nothing-else', title: 'Nothing else runs on its vCPUs’ CPUs' };

/** vm-read.sh names no more. */
const mostRead = 1000;
/** Interrupts of devices that a VM has for itself belong where its vCPUs are. */
const isOfVm = (name: string) => /^irq\/\d+-vfio/.test(name);

export function checkIsolation({ vm, host }: Subject): VmCheck {
  const own = ownCpusOf([vm]);
  if (vm.threads.length === 0) return unknown(isolation, { message: 'The threads of the host were not seen.' }, readAsRoot);
  if (own.size === 0) return notAsked(isolation, { message: 'None of its vCPUs has a CPU of its own.' });
  const found = host.intruders.flatMap(({ threadId, name, cpus, lastCpu }) => {
    const shared = isOfVm(name) ? [] : overlap(reachOf({ cpus, lastCpu }, host.isolatedCpus ?? []), own);
    return shared.length === 0 ? [] : [{ shared, ranThere: lastCpu !== null && own.has(lastCpu), line: `thread ${threadId} “${name}” may run on ${formatCpuList(cpus)}${lastCpu === null ? '' : `, ran last on ${lastCpu}`}` }];
  });
  const cpus = formatCpuList([...own]);
  if (found.length === 0) return good(isolation, { message: `On CPU ${cpus} there are only its vCPUs and the kernel’s own threads of each CPU.` });
  const sorted = [...found].sort((a, b) => Number(b.ranThere) - Number(a.ranThere));
  return wrong(isolation, { message: `${host.intruders.length >= mostRead ? 'At least ' : ''}${found.length} other threads may run on CPU ${cpus}; ${found.filter(({ ranThere }) => ranThere).length} of them ran there last.`, evidence: shortened(sorted.map(({ line }) => line)) },
    'Isolate these CPUs on the kernel command line (the guide “KVM host”: isolcpus, nohz_full, irqaffinity, kthread_cpus), start the host again, and look for programs that are pinned there on purpose.');
}
