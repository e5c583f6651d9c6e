import type { Vm, VmCheck } from '../../model/vm.ts';
import { attributeOf } from './xml/attributes.ts';
import { elementOf, elementsOf, type XmlElement } from './xml/xml-tree.ts';
import { pinsOf, vcpuCountOf, vcpuSchedulesOf } from './domain-facts.ts';
import { isRealTime, vcpuThreadsOf } from './verify/subject.ts';

/** Something about a VM that is real-time (said as `good`), or is not (`bad`); undefined: not worth a word. */
interface Aspect { readonly isSo: boolean; readonly good?: string; readonly bad?: string }

/**
 * In one line what is real-time about a VM and what is not: of its threads while it runs, else of its definition.
 * `real-time: pinned, FIFO, memory locked; not: no cache share, balloon`.
 */
export function vmSummary(vm: Vm, domain: XmlElement | null, checks: readonly VmCheck[]): string {
  if (domain === null) return 'nothing is known: its definition cannot be read';
  const running = vm.activeXml !== null;
  const threads = running ? vcpuThreadsOf(vm) : [];
  const verdict = (id: string) => checks.find((check) => check.id === id)?.verdict;
  const seen = threads.length > 0;
  const aspects: Aspect[] = [
    { isSo: verdict('kvm') !== 'wrong', bad: 'emulated, no KVM' },
    { isSo: seen ? threads.every(({ cpus }) => cpus?.length === 1) : isPinned(domain), good: 'pinned', bad: 'not pinned' },
    { isSo: seen ? threads.every(isRealTime) : isScheduled(domain), good: policiesOf(threads, domain), bad: 'ordinary scheduling' },
    { isSo: running && vm.lockedBytes !== null ? verdict('memory-locked') === 'ok' : elementOf(elementOf(domain, 'memoryBacking'), 'locked') !== undefined, good: 'memory locked', bad: 'memory not locked' },
    { isSo: elementOf(elementOf(domain, 'memoryBacking'), 'hugepages') !== undefined, good: 'hugepages' },
    { isSo: seen ? verdict('cache-group') === 'ok' : elementOf(elementOf(domain, 'cputune'), 'cachetune') !== undefined, good: 'cache share', bad: verdict('cache-group') === 'wrong' ? 'cache share not its own' : 'no cache share' },
    { isSo: verdict('nothing-else') !== 'wrong', bad: 'other work on its CPUs' },
    { isSo: verdict('emulator-places') !== 'wrong', bad: 'emulator on a vCPU’s CPU' },
    { isSo: verdict('definition-current') !== 'wrong', bad: 'definition changed since the start' },
    { isSo: hasNo(domain, 'memballoon'), bad: 'balloon' },
    { isSo: hasNo(domain, 'graphics') && hasNo(domain, 'video'), bad: 'display' },
    { isSo: hasNo(domain, 'sound'), bad: 'sound' },
  ];
  const said = (isSo: boolean) => aspects.flatMap((aspect) => { const words = aspect.isSo ? aspect.good : aspect.bad; return aspect.isSo === isSo && words !== undefined ? [words] : []; }).join(', ');
  const [good, bad] = [said(true), said(false)];
  const heading = seen ? 'real-time' : running ? 'real-time by what it was started with' : 'real-time by its definition';
  return good === '' ? `not real-time: ${bad}` : `${heading}: ${good}${bad === '' ? '' : `; not: ${bad}`}`;
}

function isPinned(domain: XmlElement): boolean {
  const count = vcpuCountOf(domain) ?? 0;
  const pinned = new Set(pinsOf(domain, 'vcpupin', 'vcpu').filter(({ cpus }) => cpus?.length === 1).map(({ number }) => number));
  return count > 0 && pinned.size >= count;
}

function isScheduled(domain: XmlElement): boolean {
  const schedules = [...vcpuSchedulesOf(domain).values()].filter(({ policy }) => policy === 'fifo' || policy === 'rr');
  return schedules.length > 0 && schedules.length >= (vcpuCountOf(domain) ?? 1);
}

function policiesOf(threads: ReadonlyArray<{ readonly policy: string }>, domain: XmlElement): string {
  const policies = threads.length > 0 ? threads : [...vcpuSchedulesOf(domain).values()];
  return [...new Set(policies.map(({ policy }) => policy.toUpperCase()))].join(' and ');
}

const hasNo = (domain: XmlElement, device: string) => elementsOf(elementOf(domain, 'devices'), device).every((element) => (attributeOf(element, 'model') ?? attributeOf(elementOf(element, 'model'), 'type')) === 'none');
