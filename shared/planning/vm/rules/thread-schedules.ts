import type { VmMap } from '../../../model/vm-map.ts';
import { attributeOf } from '../xml/attributes.ts';
import { elementOf, elementsOf } from '../xml/xml-tree.ts';
import { eci, libvirtFormat, type Reason } from '../domain-change.ts';
import { ioThreadIdsOf, vcpuSchedulesOf } from '../domain-facts.ts';
import { formatCpuset, parseCpuset, sameNumbers } from '../cpuset.ts';
import type { TuningRule } from './tuning-rule.ts';

const reason: Reason = {
  rule: 'vcpu-scheduler', severity: 'error', source: `${eci}, step 8`,
  why: 'A vCPU with a real-time priority is stopped by nothing ordinary on its CPU; vCPU 0, which keeps house in the guest, has a low one. The price: it also starves whatever else must run there, the kernel’s own threads included.',
};
const ordinary: Reason = { ...reason, why: 'The map asks for ordinary scheduling: this VM is load, not real-time.', source: 'the map' };
const others: Reason = { rule: 'thread-scheduler', severity: 'note', source: `${libvirtFormat}, “CPU Tuning”`, why: 'The map gives these threads a real-time priority of their own.' };

/** Of a vCPU in a map: what the map says, else 1 for vCPU 0 of several and 10 for all others (Intel ECI). */
export function priorityOf({ vcpus, scheduler }: VmMap, vcpu: number): number {
  const said = scheduler.priorities.findLast((entry) => entry.vcpus.includes(vcpu))?.priority;
  return said ?? (vcpu === 0 && vcpus.length > 1 ? 1 : 10);
}

export const vcpuScheduler: TuningRule = (editor, map) => {
  if (map === null) return;
  const { policy } = map.scheduler;
  const found = elementsOf(elementOf(editor.domain, 'cputune'), 'vcpusched');
  const as = vcpuSchedulesOf(editor.domain);
  const wanted = policy === 'other' ? [] : map.vcpus.map(({ vcpu }) => ({ vcpu, priority: priorityOf(map, vcpu) }));
  const named = found.reduce((sum, element) => sum + (parseCpuset(attributeOf(element, 'vcpus'))?.length ?? map.vcpus.length), 0);
  const isSo = named === wanted.length && as.size === wanted.length && wanted.every(({ vcpu, priority }) => as.get(vcpu)?.policy === policy && as.get(vcpu)?.priority === priority);
  if (isSo) return;
  for (const element of found) editor.remove(policy === 'other' ? ordinary : reason, element);
  for (const { vcpu, priority } of wanted) editor.add(reason, editor.section('cputune'), 'vcpusched', { vcpus: String(vcpu), scheduler: policy, priority: String(priority) });
};

export const otherSchedulers: TuningRule = (editor, map) => {
  const { policy, emulatorPriority, ioThreadPriority } = map?.scheduler ?? {};
  const scheduler = policy === 'rr' ? 'rr' : 'fifo';
  if (emulatorPriority !== undefined && emulatorPriority !== null) editor.ensure(others, editor.section('cputune'), 'emulatorsched', { scheduler, priority: String(emulatorPriority) });
  if (ioThreadPriority === undefined || ioThreadPriority === null) return;
  const ids = ioThreadIdsOf(editor.domain);
  const found = elementsOf(elementOf(editor.domain, 'cputune'), 'iothreadsched');
  const [only] = found;
  if (ids.length === 0) return;
  const isSo = found.length > 0 && found.every((element) => attributeOf(element, 'scheduler') === scheduler && attributeOf(element, 'priority') === String(ioThreadPriority))
    && sameNumbers(found.flatMap((element) => parseCpuset(attributeOf(element, 'iothreads')) ?? ids).sort((a, b) => a - b), ids);
  if (isSo) return;
  for (const element of found) if (element !== only) editor.remove(others, element);
  editor.ensure(others, editor.section('cputune'), 'iothreadsched', { iothreads: formatCpuset(ids), scheduler, priority: String(ioThreadPriority) }, only);
};
