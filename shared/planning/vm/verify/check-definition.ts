import type { VmCheck } from '../../../model/vm.ts';
import { attributesOf } from '../xml/attributes.ts';
import { readDomain } from '../read-domain.ts';
import { elementsOf, textOf, type XmlElement } from '../xml/xml-tree.ts';
import { good, notAsked, shortened, unknown, wrong, type Subject } from './subject.ts';

const current = { id: 'definition-current', title: 'It runs with its present definition' };

/** Parts of a domain that decide about real time and that libvirt prints alike for a running and a defined VM. */
const compared = ['vcpu', 'memory', 'memoryBacking', 'memtune', 'iothreads', 'iothreadids', 'cputune', 'numatune', 'clock', 'pm', 'on_reboot', 'on_poweroff', 'on_crash'];
/** In a running VM libvirt adds features and models to what was asked: only what was asked is compared. */
const comparedIfAsked = ['features', 'cpu'];
/** Devices of which there is a right kind; the rest have aliases, addresses and targets of the run. */
const comparedDevices = ['memballoon', 'watchdog', 'sound', 'graphics'];

export function checkDefinition({ vm, running }: Subject): VmCheck {
  if (!vm.persistent || vm.inactiveXml === null) return notAsked(current, { message: 'It has no definition that stays: when it ends, libvirt forgets it.' });
  const defined = readDomain(vm.inactiveXml);
  if (!defined.ok) return unknown(current, { message: `Its definition cannot be read: ${defined.error.message}` }, 'Look at it with virsh dumpxml --inactive.');
  const [now, next] = [factsOf(running), factsOf(defined.value.root)];
  const gone = [...now].filter((fact) => !next.has(fact) && !comparedIfAsked.some((part) => fact.startsWith(part)));
  const come = [...next].filter((fact) => !now.has(fact) && !isModel(fact));
  if (gone.length + come.length === 0) return good(current, { message: 'What it was started with is what its definition says.' });
  return wrong(current, { message: 'The definition was changed since the start: the VM goes on as it was started.', evidence: shortened([...gone.map((fact) => `runs with: ${fact}`), ...come.map((fact) => `defined: ${fact}`)]) },
    'Shut it down and start it again. A reboot from inside the guest keeps the same QEMU and does not do it.');
}

/** Attributes that a start fills in or changes. */
const ofTheRun: Readonly<Record<string, readonly string[]>> = { cachetune: ['id'], memorytune: ['id'], vcpu: ['placement'], memory: ['placement'], cpu: ['check'], clock: ['adjustment', 'basis'] };

/** A model that the host fills in is printed expanded while it runs. */
const isModel = (fact: string) => /^cpu(?:\/model| .*mode=host-model)/.test(fact);

/** A part as lines `cputune/vcpupin cpuset=4 vcpu=0`, without the numbers of one run, in any order. */
function factsOf(domain: XmlElement): Set<string> {
  const facts = new Set<string>();
  const add = (element: XmlElement, path: string) => {
    const attributes = attributesOf(element).filter(({ name }) => !(ofTheRun[element.name] ?? []).includes(name)).map(({ name, value }) => `${name}=${value}`).sort();
    const text = textOf(element);
    facts.add([path, ...attributes, ...(text === '' ? [] : [`“${text.slice(0, 100)}”`])].join(' '));
    for (const child of elementsOf(element)) if (child.name !== 'alias' && child.name !== 'address') add(child, `${path}/${child.name}`);
  };
  for (const element of elementsOf(domain)) {
    if (compared.includes(element.name) || comparedIfAsked.includes(element.name)) add(element, element.name);
    if (element.name !== 'devices') continue;
    for (const device of elementsOf(element)) {
      if (comparedDevices.includes(device.name)) facts.add(`devices/${device.name} ${attributesOf(device).filter(({ name }) => ['model', 'type', 'action'].includes(name)).map(({ name, value }) => `${name}=${value}`).join(' ')}`);
      if (device.name === 'hostdev') facts.add(`devices/hostdev ${elementsOf(device, 'source').flatMap((source) => elementsOf(source)).flatMap(attributesOf).map(({ name, value }) => `${name}=${value}`).join(' ')}`);
    }
  }
  return facts;
}
