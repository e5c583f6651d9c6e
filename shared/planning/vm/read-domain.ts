import { CodedError } from '../../contract/errors.ts';
import { failed, type Result } from '../../contract/result.ts';
import { attributeOf } from './xml/attributes.ts';
import { cpusetLength } from './cpuset.ts';
import { repeated } from './repeated.ts';
import { readXml } from './xml/read-xml.ts';
import { elementOf, elementsOf, textOf, type XmlDocument, type XmlElement } from './xml/xml-tree.ts';

/** Parts of which a domain has one. */
const sections = new Set(['name', 'memory', 'currentMemory', 'memoryBacking', 'memtune', 'vcpu', 'vcpus', 'iothreads', 'iothreadids', 'cputune', 'numatune', 'os', 'features', 'cpu', 'clock', 'pm', 'devices']);

/** Wrappers libvirt itself writes around a domain, and what gives the domain alone. */
const wrappers: Readonly<Record<string, string>> = {
  domstatus: 'This is libvirt’s own record of a running VM.', domainsnapshot: 'This is a snapshot of a VM.', domainbackup: 'This is a backup job.', domainCapabilities: 'This is what the host offers to VMs.', capabilities: 'This is what the host offers.',
};

/** Reads the XML of one x86 domain that KVM or QEMU (or libvirt's test driver) runs. Errors: `domain-unreadable`. */
export function readDomain(text: string): Result<XmlDocument> {
  const document = readXml(text);
  if (!document.ok) return /<\/domain>\s*<domain[\s>]/.test(text) ? refuse('There are two domains in this file: virt-install --print-xml prints one for the installation and one for after it.', 'Keep the second one.') : document;
  const { root } = document.value;
  if (root.name !== 'domain') return refuse(`The root of this XML is <${root.name.slice(0, 60)}>, not <domain>.${wrappers[root.name] === undefined ? '' : ` ${wrappers[root.name] ?? ''}`}`);
  const type = attributeOf(root, 'type');
  if (type === undefined) return refuse('The domain has no type; for a VM of KVM it is <domain type=\'kvm\'>.');
  if (!['kvm', 'qemu', 'test'].includes(type)) return refuse(`A domain of type ${type.slice(0, 60)} is not run by KVM: nothing here fits it.`, 'Give a domain of type kvm.');
  if (textOf(elementOf(root, 'name')) === '') return refuse('The domain has no name.', 'A domain has a <name>.');
  if (placesOf(root) > mostPlaces) return refuse('The lists of CPUs and vCPUs in <cputune> name more than any machine has.', 'Look at its cpuset and vcpus attributes.');
  const osType = elementOf(elementOf(root, 'os'), 'type');
  const twice = repeated(elementsOf(root).map(({ name }) => name).filter((name) => sections.has(name)))[0];
  if (twice !== undefined) return refuse(`The domain has <${twice}> twice; libvirt’s schema allows one.`, 'Join them into one.');
  const architecture = attributeOf(osType, 'arch') ?? 'x86_64';
  if (!['x86_64', 'i686'].includes(architecture)) return refuse(`The domain is for ${architecture.slice(0, 60)}; this is tuning for x86.`, 'Give a domain of an x86 VM.');
  const vcpu = textOf(elementOf(root, 'vcpu'));
  if (vcpu !== '' && (!/^\d{1,5}$/.test(vcpu) || Number(vcpu) < 1)) return refuse(`“${vcpu.slice(0, 60)}” is not a number of vCPUs.`);
  return document;
}

/** 1024 vCPUs, each of them on any of 1024 CPUs. */
const mostPlaces = 2 ** 20;
const placesOf = (root: XmlElement): number => elementsOf(elementOf(root, 'cputune'))
  .reduce((sum, element) => sum + ['cpuset', 'vcpus', 'iothreads'].reduce((own, name) => own + cpusetLength(attributeOf(element, name) ?? ''), 0), 0);

const refuse = (message: string, next = 'Give the XML of one domain, as `virsh dumpxml --inactive NAME` prints it.') => failed(new CodedError('domain-unreadable', message, { next }));
