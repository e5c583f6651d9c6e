import type { VmCheck } from '../../../model/vm.ts';
import { memoryBytesOf } from '../domain-facts.ts';
import { elementOf } from '../xml/xml-tree.ts';
import { good, notAsked, readAsRoot, tuneAndRestart, unknown, wrong, type Subject } from './subject.ts';

const locked = { id: 'memory-locked', title: 'Its memory is locked' };
const inMiB = (bytes: number) => `${Math.round(bytes / 2 ** 20)} MiB`;

/** VmLck of the process against the guest's memory. Hugepages are not counted in it and are never swapped. Source: Linux mm/mlock.c, proc(5). */
export function checkLockedMemory({ vm, map, running }: Subject): VmCheck {
  const backing = elementOf(running, 'memoryBacking');
  const isAsked = elementOf(backing, 'locked') !== undefined || (map?.memory.locked ?? false);
  const hugepages = elementOf(backing, 'hugepages') !== undefined;
  const guest = memoryBytesOf(running);
  if (vm.lockedBytes === null) return unknown(locked, { message: 'How much of its memory is locked was not read.' }, readAsRoot);
  const evidence = [`/proc/${vm.processId ?? '?'}/status: VmLck ${inMiB(vm.lockedBytes)}; the guest has ${guest === null ? 'a size that is not told' : inMiB(guest)}${hugepages ? ' in hugepages' : ''}`];
  if (!isAsked) return notAsked(locked, { message: hugepages ? 'Its memory is hugepages, which are never swapped; locking was not asked for.' : 'Neither its definition nor a map asks for locked memory.', evidence });
  if (guest === null) return unknown(locked, { message: 'How much memory the guest has is not told.', evidence }, 'Read the VMs again.');
  const isLocked = hugepages ? vm.lockedBytes > 0 : vm.lockedBytes >= guest;
  if (isLocked) return good(locked, { message: hugepages ? 'QEMU’s own memory is locked; the guest’s is hugepages, which are never swapped.' : 'All of the guest’s memory is locked.', evidence });
  return wrong(locked, { message: vm.lockedBytes === 0 ? 'None of it is locked: a page that was swapped out costs milliseconds.' : 'Only a part of it is locked.', evidence }, tuneAndRestart);
}
