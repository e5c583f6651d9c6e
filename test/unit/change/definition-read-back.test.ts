import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isDone } from '../../../shared/planning/change/is-done.ts';
import { isDomainAs, isNetworkAs } from '../../../shared/planning/change/libvirt-habits.ts';
import { attributesOf, escapeValue } from '../../../shared/planning/vm/xml/attributes.ts';
import { readXml } from '../../../shared/planning/vm/xml/read-xml.ts';
import { elementsOf, textOf, type XmlElement } from '../../../shared/planning/vm/xml/xml-tree.ts';
import { domainFixtures, domainWith, fixture, mapFor, tuned, valueOf } from '../vm/vm-kit.ts';

/** Recorded with libvirt 9.0.0 and its QEMU driver: what it had, what it was given, what it gave back. */
const readBack = (name: string) => readFileSync(join(import.meta.dirname, '../../fixtures/libvirt/read-back', name), 'utf8');
const recorded = ['as-installed', 'iothread', 'kvm_hostpass', 'q35_itco'];

interface Part { name: string; attributes: Array<[string, string]>; text: string; children: Part[] }
const partOf = (element: XmlElement): Part => ({
  name: element.name, attributes: attributesOf(element).map(({ name, value }) => [name, value]), text: textOf(element), children: elementsOf(element).map(partOf),
});
const rootOf = (xml: string): Part => partOf(valueOf(readXml(xml)).root);
const textFor = ({ name, attributes, text, children }: Part): string =>
  `<${name}${attributes.map(([key, value]) => ` ${key}="${escapeValue(value)}"`).join('')}>${escapeValue(text)}${children.map(textFor).join('\n  ')}</${name}>`;
const allOf = (part: Part): Part[] => [part, ...part.children.flatMap(allOf)];
const without = (part: Part, gone: Part): Part => ({ ...part, children: part.children.filter((child) => child !== gone).map((child) => without(child, gone)) });
const replaced = (part: Part, old: Part, other: Part): Part => (part === old ? other : { ...part, children: part.children.map((child) => replaced(child, old, other)) });

const shuffled = <T>(values: readonly T[], keys: readonly number[]): T[] => values.map((value, index) => ({ value, key: keys[(index * 7 + values.length) % keys.length] ?? 0 })).sort((a, b) => a.key - b.key).map(({ value }) => value);
const kib = (text: string, unit: string) => ({ K: 1, M: 1024, G: 1_048_576 }[unit.charAt(0)] ?? Number.NaN) * Number(text);

/** As libvirt writes a definition down: in an order of its own, sizes in KiB, schedulers one by one, with defaults and addresses. */
function asLibvirtWrites(part: Part, keys: readonly number[], path: readonly string[] = []): Part {
  // An address has a unit too, which is no size's.
  const unit = part.attributes.find(([name, value]) => name === 'unit' && /^[KMG]/.test(value))?.[1];
  const scaled: Part = unit === undefined ? part : part.text === ''
    ? { ...part, attributes: part.attributes.map(([name, value]) => (name === 'unit' ? [name, 'KiB'] : name === 'size' || name === 'memory' ? [name, String(kib(value, unit))] : [name, value])) }
    : { ...part, text: String(kib(part.text, unit)), attributes: part.attributes.map(([name, value]) => [name, name === 'unit' ? 'KiB' : value]) };
  const children = shuffled(scaled.children, keys).flatMap((child): Part[] => {
    const written = asLibvirtWrites(child, keys, [...path, child.name]);
    const vcpus = child.name === 'vcpusched' ? child.attributes.find(([name]) => name === 'vcpus')?.[1] : undefined;
    if (vcpus === undefined) return [written];
    const numbers = vcpus.split(',').flatMap((range) => {
      const [first = 0, last = first] = range.split('-').map(Number);
      return Array.from({ length: last - first + 1 }, (_, index) => first + index);
    });
    return numbers.map((number) => ({ ...written, attributes: written.attributes.map(([name, value]) => [name, name === 'vcpus' ? String(number) : value]) }));
  });
  const has = (name: string) => children.some((child) => child.name === name);
  const of = (name: string, attributes: Record<string, string>, text = ''): Part => ({ name, attributes: Object.entries(attributes), text, children: [] });
  if (path.length === 0) {
    return { ...scaled, children: [...children, ...(has('uuid') ? [] : [of('uuid', {}, '0a1b2c3d-0000-4000-8000-00000000000a')]), ...(has('on_crash') ? [] : [of('on_crash', {}, 'destroy')])] };
  }
  if (path.join('/') === 'devices') {
    return { ...scaled, children: [
      ...children, of('controller', { type: 'pci', index: '17', model: 'pcie-root-port' }), of('input', { type: 'mouse', bus: 'ps2' }), ...(has('audio') ? [] : [of('audio', { id: '1', type: 'none' })]),
    ] };
  }
  if (path.length === 2 && path[0] === 'devices' && ['disk', 'interface', 'hostdev'].includes(part.name) && !has('address')) {
    return { ...scaled, children: [...children, of('address', { type: 'pci', domain: '0x0000', bus: '0x05', slot: '0x00', function: '0x0' })] };
  }
  return { ...scaled, children };
}

/** What libvirt does not keep when it says nothing. */
const saysNothing = (part: Part): boolean => ['cputune', 'numatune', 'memtune', 'memoryBacking', 'metadata', 'pm', 'features', 'kvm', 'iothreadids'].includes(part.name) && part.attributes.length === 0 && part.children.every(saysNothing);
/** What the writer above gives every domain anyhow, the same or with other words. */
const isAddedAgain = ({ name, attributes }: Part) => {
  const says = (key: string, value: string) => attributes.some(([one, other]) => one === key && other === value);
  return name === 'on_crash' || name === 'uuid' || (name === 'audio' && says('type', 'none')) || (name === 'input' && says('type', 'mouse') && says('bus', 'ps2'));
};
const tunedOnes = domainFixtures.map((name) => tuned(fixture(name), mapFor(name)).xml);

describe('a definition that libvirt gives back', () => {
  it.each(recorded)('is the one that was asked for, as its QEMU driver writes it: %s', (name) => {
    const [found, wanted, back] = ['found', 'wanted', 'read-back'].map((part) => readBack(`${name}.${part}.xml`));
    expect(isDone({ kind: 'domain', name: 'rt', xml: wanted ?? '' }, { kind: 'domain', xml: back ?? '' })).toBe(true);
    expect(isDomainAs(wanted ?? '', found ?? '')).toBe(false);
    expect(isDomainAs(found ?? '', back ?? '')).toBe(false);
  });

  it('is the same whatever order, units, defaults and addresses it comes back with', () => {
    fc.assert(fc.property(fc.constantFrom(...tunedOnes), fc.array(fc.nat(), { minLength: 5, maxLength: 40 }), (wanted, keys) => {
      expect(isDomainAs(wanted, textFor(asLibvirtWrites(rootOf(wanted), keys)))).toBe(true);
    }), { numRuns: 150 });
  });

  it('is another as soon as any element is missing', () => {
    fc.assert(fc.property(fc.constantFrom(...tunedOnes), fc.nat(), fc.array(fc.nat(), { minLength: 5, maxLength: 40 }), (wanted, pick, keys) => {
      const root = rootOf(wanted);
      const candidates = allOf(root).slice(1).filter((part) => !saysNothing(part) && part.name !== 'alias');
      const gone = candidates[pick % candidates.length];
      if (gone === undefined) return;
      if (isAddedAgain(gone)) return;
      expect([textFor(gone), isDomainAs(wanted, textFor(asLibvirtWrites(without(root, gone), keys)))]).toEqual([textFor(gone), false]);
    }), { numRuns: 400 });
  });

  it('is another as soon as any value is different', () => {
    fc.assert(fc.property(fc.constantFrom(...tunedOnes), fc.nat(), fc.nat(), (wanted, pick, which) => {
      const root = rootOf(wanted);
      const candidates = allOf(root).filter((part) => part.attributes.some(([name]) => !name.startsWith('xmlns')) && part.name !== 'alias');
      const part = candidates[pick % candidates.length];
      if (part === undefined) return;
      const own = part.attributes.filter(([name]) => !name.startsWith('xmlns'));
      const changed = own[which % own.length]?.[0];
      expect(isDomainAs(wanted, textFor(replaced(root, part, { ...part, attributes: part.attributes.map(([name, value]) => [name, name === changed ? `${value}x` : value]) })))).toBe(false);
    }), { numRuns: 300 });
  });

  it.each([
    ['a limit that was to go', '<memtune><hard_limit unit=\'KiB\'>1048576</hard_limit></memtune>', ''],
    ['a pin that was to go', '<cputune><vcpupin vcpu=\'0\' cpuset=\'4\'/></cputune>', ''],
    ['a feature that was to go', '<cpu mode=\'host-passthrough\'><feature policy=\'disable\' name=\'tsc-deadline\'/></cpu>', ''],
    ['a display that was to go', '', '<graphics type=\'vnc\' port=\'-1\'/>'],
    ['a USB stick that was to go', '', '<hostdev mode=\'subsystem\' type=\'usb\'><source><vendor id=\'0x1\'/></source></hostdev>'],
    ['a sound card that was to go', '', '<sound model=\'ich9\'/>'],
  ])('is not done while there is %s', (_what, parts, devices) => {
    expect(isDomainAs(domainWith(), domainWith(parts, devices))).toBe(false);
  });

  it.each([
    ['a list written otherwise', '<cputune><emulatorpin cpuset=\'0-2,^1\'/></cputune>', '<cputune><emulatorpin cpuset=\'0,2\'/></cputune>'],
    ['numbers with and without noughts', '<x a=\'0x0a\'/>', '<x a=\'10\'/>'],
    ['a size in another unit', '<memtune><hard_limit unit=\'GiB\'>1</hard_limit></memtune>', '<memtune><hard_limit unit=\'KiB\'>1048576</hard_limit></memtune>'],
    ['an empty section', '<cputune></cputune>', ''],
    ['more memory to begin with than there is', '<currentMemory unit=\'GiB\'>9</currentMemory>', '<currentMemory unit=\'KiB\'>2097152</currentMemory>'],
  ])('is the same with %s', (_what, wanted, found) => {
    expect(isDomainAs(domainWith(wanted), domainWith(found))).toBe(true);
  });

  it('gives every wanted device one of its own, though the first that fits is wanted by another', () => {
    const [plain, other] = ['<serial type=\'pty\'/>', '<serial type=\'pty\'><target port=\'1\'/></serial>'];
    const [first, second] = ['<serial type=\'pty\'><target port=\'1\'/></serial>', '<serial type=\'pty\'><target port=\'0\'/></serial>'];
    expect(isDomainAs(domainWith('', plain + other), domainWith('', first + second))).toBe(true);
    expect(isDomainAs(domainWith('', other + other), domainWith('', first + second))).toBe(false);
    expect(isDomainAs(domainWith('', plain + plain), domainWith('', first))).toBe(false);
  });

  it('is compared letter for letter where it is no XML, and never throws', () => {
    expect([isDomainAs('<', '<'), isDomainAs('<', '<a/>')]).toEqual([true, false]);
    fc.assert(fc.property(fc.string(), fc.string(), (wanted, found) => { expect(isDomainAs(wanted, found)).toBe(wanted === found); }));
  });

  it('holds for a network', () => {
    const [wanted, back] = [readBack('network.wanted.xml'), readBack('network.read-back.xml')];
    expect(isNetworkAs(wanted, back)).toBe(true);
    expect(isNetworkAs(wanted, back.replace('192.168.122.254', '192.168.122.200'))).toBe(false);
    expect(isNetworkAs(wanted, back.replace('<ip ', '<dns enable=\'no\'/><ip '))).toBe(false);
    const state = { kind: 'network' as const, xml: back, active: true, autostart: false };
    const action = { kind: 'network' as const, name: 'default', xml: wanted, active: true, autostart: false };
    expect([isDone(action, state), isDone({ ...action, autostart: true }, state), isDone({ ...action, xml: null }, state), isDone({ ...action, undefine: true }, state)]).toEqual([true, false, true, false]);
  });
});
