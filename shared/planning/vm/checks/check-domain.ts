import type { Finding } from '../../../model/finding.ts';
import type { VmMap } from '../../../model/vm-map.ts';
import { attributeOf } from '../xml/attributes.ts';
import { elementOf, elementsOf, type XmlElement } from '../xml/xml-tree.ts';
import { isLiveDump } from '../domain-facts.ts';
import { checkDevices } from './check-devices.ts';
import { checkMemory } from './check-memory.ts';
import { checkShares } from './check-shares.ts';
import { checkThreads } from './check-threads.ts';

/** What of a domain is not real-time, or does not work, that no tuning rule changes by itself. */
export function checkDomain(domain: XmlElement, map: VmMap | null): Finding[] {
  return [...checkAsAWhole(domain), ...checkThreads(domain, map), ...checkShares(domain), ...checkMemory(domain), ...checkDevices(domain)];
}

function checkAsAWhole(domain: XmlElement): Finding[] {
  const findings: Finding[] = [];
  const features = elementOf(domain, 'features');
  const past = elementsOf(elementOf(domain, 'qemu:commandline'), 'qemu:arg').map((argument) => attributeOf(argument, 'value') ?? '');
  if (isLiveDump(domain)) findings.push({ rule: 'live-dump', severity: 'note', element: 'domain', message: 'This is the XML of a running VM: numbers, aliases and labels in it belong to that run and are no tuning. Changes written to the VM’s configuration do not show here.', fix: 'Read `virsh dumpxml --inactive` for what the next start will use.' });
  if (attributeOf(domain, 'type') === 'test') findings.push({ rule: 'kvm', severity: 'note', element: 'domain', message: 'This is a domain of libvirt’s test driver, which runs nothing.', fix: 'A real VM has type=\'kvm\'.' });
  if (elementOf(features, 'apic') === undefined) findings.push({ rule: 'apic', severity: 'warning', element: 'features/apic', message: 'The VM has no local APIC, and so no timer of its own for each vCPU: no TSC deadline either.', fix: 'Write <apic/> in <features>.' });
  if (past.length > 0) findings.push({ rule: 'qemu-arguments', severity: 'note', element: 'qemu:commandline', message: `Arguments go to QEMU past libvirt (${past.join(' ').slice(0, 120)}): nobody checks them, and here they are kept and not judged.`, fix: 'See that they do not undo what is tuned.' });
  return findings;
}
