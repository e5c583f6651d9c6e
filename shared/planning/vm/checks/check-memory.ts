import type { Finding } from '../../../model/finding.ts';
import { attributeOf } from '../xml/attributes.ts';
import { elementOf, type XmlElement } from '../xml/xml-tree.ts';
import { memoryBytesOf, scaledOf } from '../domain-facts.ts';

/** What QEMU needs beside the guest's memory; libvirt reckons with as much for VFIO (“Memory Tuning”). */
const overheadBytes = 2 ** 30;

/** How the VM's memory is backed. Source: libvirt, “Memory Backing”, “Memory Tuning”, “NUMA Node Tuning”. */
export function checkMemory(domain: XmlElement): Finding[] {
  const backing = elementOf(domain, 'memoryBacking');
  const isLocked = elementOf(backing, 'locked') !== undefined;
  const limit = scaledOf(elementOf(elementOf(domain, 'memtune'), 'hard_limit'));
  const bytes = memoryBytesOf(domain);
  const findings: Finding[] = [];
  if (elementOf(backing, 'hugepages') === undefined) findings.push({ rule: 'hugepages', severity: 'note', element: 'memoryBacking/hugepages', message: 'The VM’s memory is in pages of 4 KiB: more misses of the TLB, each of them slower in a guest.', fix: 'Reserve pages of 1 GiB or 2 MiB on the VM’s node, and ask for them: memory.hugepages in the map.' });
  if (elementOf(elementOf(domain, 'numatune'), 'memory') === undefined) findings.push({ rule: 'memory-node', severity: 'note', element: 'numatune/memory', message: 'The VM’s memory may come from another socket than its vCPUs run on.', fix: 'Name the node: memory.nodes in the map. It matters on boards with several nodes.' });
  if (isLocked && limit !== null && bytes !== null && limit < bytes + overheadBytes) {
    findings.push({ rule: 'memory-limit', severity: limit <= bytes ? 'error' : 'warning', element: 'memtune/hard_limit', message: `All memory is locked, and a limit of ${Math.round(limit / 2 ** 20)} MiB stands against ${Math.round(bytes / 2 ** 20)} MiB of the guest and what the emulator needs beside: the host kills the VM when it reaches it.`, fix: `Raise <hard_limit> to ${Math.ceil((bytes + overheadBytes) / 2 ** 20)} MiB or more, or take it out.` });
  }
  if (attributeOf(elementOf(backing, 'allocation'), 'mode') === 'ondemand' && !isLocked) findings.push({ rule: 'memory-on-demand', severity: 'warning', element: 'memoryBacking/allocation', message: 'The host gives the VM its memory at the first touch: each first touch is a page fault of the host.', fix: 'Lock the memory (<locked/>), or allocate it at the start (mode=\'immediate\').' });
  return findings;
}
