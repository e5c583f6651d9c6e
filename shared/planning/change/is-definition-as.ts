import { parseCpuset, formatCpuset } from '../vm/cpuset.ts';
import { scaledBytes, vcpuCountOf } from '../vm/domain-facts.ts';
import { attributesOf } from '../vm/xml/attributes.ts';
import { readXml } from '../vm/xml/read-xml.ts';
import { elementsOf, textOf, type XmlElement } from '../vm/xml/xml-tree.ts';

/** An element as libvirt understands it: no spelling of its own, no white space, no order. */
export interface PlainElement {
  readonly name: string;
  /** Names from below the root down: `cputune/vcpupin`; empty for the root. */
  readonly path: string;
  readonly attributes: ReadonlyMap<string, string>;
  readonly text: string;
  readonly children: readonly PlainElement[];
}

/** What libvirt puts into a definition, or leaves out of it, by itself. */
export interface LibvirtHabits {
  mayAddAttribute(element: PlainElement, name: string, value: string): boolean;
  /** `beside`: the element it was added to, as it was wanted. */
  mayAddElement(added: PlainElement, beside: PlainElement): boolean;
  mayDropElement(wanted: PlainElement): boolean;
  sameAttribute(element: PlainElement, name: string, wanted: string, found: string): boolean;
}

/**
 * Whether libvirt, asked for one definition, gives back that very one. It reorders, splits lists, adds numbers, addresses
 * and defaults, converts units, and drops without a word what it does not know: everything wanted must be there, and
 * nothing else but what it adds by itself. Texts that are not XML must be the same. Total.
 */
export function isDefinitionAs(wanted: string, found: string, habits: LibvirtHabits): boolean {
  if (wanted === found) return true;
  const [asked, given] = [readXml(wanted), readXml(found)];
  return asked.ok && given.ok && isAs(plainRoot(asked.value.root), plainRoot(given.value.root), habits);
}

function isAs(wanted: PlainElement, found: PlainElement, habits: LibvirtHabits): boolean {
  if (wanted.name !== found.name || wanted.text !== found.text) return false;
  for (const [name, value] of wanted.attributes) {
    const there = found.attributes.get(name);
    if (there === undefined || (there !== value && !habits.sameAttribute(wanted, name, value, there))) return false;
  }
  for (const [name, value] of found.attributes) if (!wanted.attributes.has(name) && !habits.mayAddAttribute(found, name, value)) return false;
  const added = unmatched(wanted.children.filter((child) => !habits.mayDropElement(child)), found.children, habits);
  return added !== null && added.every((child) => habits.mayAddElement(child, wanted));
}

/** Gives each wanted element a found one of its own; returns those left over, or null when a wanted one goes without. */
function unmatched(wanted: readonly PlainElement[], found: readonly PlainElement[], habits: LibvirtHabits): PlainElement[] | null {
  const byName = new Map<string, PlainElement[]>();
  for (const child of found) byName.set(child.name, [...byName.get(child.name) ?? [], child]);
  const leftOver = new Set(found);
  for (const name of new Set(wanted.map((child) => child.name))) {
    const candidates = byName.get(name) ?? [];
    const taken = assign(wanted.filter((child) => child.name === name), candidates, habits);
    if (taken === null) return null;
    for (const child of taken) leftOver.delete(child);
  }
  return [...leftOver];
}

/**
 * What fits one wanted element may also be the only one that fits another, so that taking the first that fits is not
 * enough: who has taken it is given another (augmenting paths). Those that are the same letter for letter go first.
 */
function assign(wanted: readonly PlainElement[], candidates: readonly PlainElement[], habits: LibvirtHabits): Set<PlainElement> | null {
  const twins = new Map<string, PlainElement[]>();
  for (const candidate of candidates) twins.set(keyOf(candidate), [...twins.get(keyOf(candidate)) ?? [], candidate]);
  const ownerOf = new Map<PlainElement, PlainElement>();
  const waiting = wanted.filter((element) => {
    const twin = twins.get(keyOf(element))?.pop();
    if (twin !== undefined) ownerOf.set(twin, element);
    return twin === undefined;
  });
  const place = (element: PlainElement, tried: Set<PlainElement>): boolean => candidates.some((candidate) => {
    if (tried.has(candidate) || !isAs(element, candidate, habits)) return false;
    tried.add(candidate);
    const owner = ownerOf.get(candidate);
    if (owner !== undefined && !place(owner, tried)) return false;
    ownerOf.set(candidate, element);
    return true;
  });
  return waiting.every((element) => place(element, new Set())) ? new Set(ownerOf.keys()) : null;
}

const keys = new WeakMap<PlainElement, string>();
function keyOf(element: PlainElement): string {
  const known = keys.get(element);
  if (known !== undefined) return known;
  const key = JSON.stringify([element.name, [...element.attributes].sort(([a], [b]) => (a < b ? -1 : 1)), element.text, element.children.map(keyOf).sort()]);
  keys.set(element, key);
  return key;
}

function plainRoot(root: XmlElement): PlainElement {
  const allVcpus = Array.from({ length: Math.min(vcpuCountOf(root) ?? 0, 8192) }, (_, vcpu) => vcpu);
  return clamped({ ...plain(root, '', allVcpus), path: '' });
}

/** libvirt gives a domain no more memory to begin with than it has. */
function clamped(domain: PlainElement): PlainElement {
  const memory = domain.children.find(({ name }) => name === 'memory')?.text;
  const children = domain.children.map((child) => (child.name === 'currentMemory' && memory !== undefined && Number(child.text) > Number(memory) ? { ...child, text: memory } : child));
  return { ...domain, children };
}

function plain(element: XmlElement, path: string, allVcpus: readonly number[]): PlainElement {
  const children = splitSchedules(elementsOf(element).map((child) => plain(child, path === '' ? child.name : `${path}/${child.name}`, allVcpus)), allVcpus);
  const attributes = new Map(attributesOf(element).filter(({ name }) => !/^xmlns(?::|$)/.test(name)).map(({ name, value }) => [name, plainValue(name, value)]));
  return scaled({ name: element.name, path, attributes, text: plainText(element), children });
}

const lists = new Set(['cpuset', 'vcpus', 'nodeset', 'iothreads', 'cpus']);

function plainValue(name: string, value: string): string {
  const list = lists.has(name) ? parseCpuset(value) : null;
  if (list !== null) return formatCpuset(list);
  if (/^(?:0x[0-9a-f]{1,16}|\d{1,20})$/i.test(value)) return BigInt(value).toString();
  return /^[0-9a-f]{2}(?::[0-9a-f]{2}){5}$/i.test(value) ? value.toLowerCase() : value;
}

function plainText(element: XmlElement): string {
  const text = textOf(element);
  return element.name === 'uuid' ? text.toLowerCase().replaceAll('-', '') : text;
}

/** Sizes that are KiB where they say no unit. */
const inKiB = new Set(['memory', 'currentMemory', 'maxMemory', 'hard_limit', 'soft_limit', 'swap_hard_limit', 'min_guarantee', 'page', 'cell']);
const sizeAttributes = ['size', 'memory'];

/** Every size in KiB, rounded up as libvirt does, without its unit. */
function scaled(element: PlainElement): PlainElement {
  const unit = element.attributes.get('unit');
  if (unit === undefined && !inKiB.has(element.name)) return element;
  const kib = (digits: string) => {
    const bytes = scaledBytes(digits, unit);
    return bytes === null ? null : String(Math.ceil(bytes / 1024));
  };
  const attributes = new Map(element.attributes);
  let understood = false;
  for (const name of sizeAttributes) {
    const size = kib(attributes.get(name) ?? '');
    if (size === null) continue;
    attributes.set(name, size);
    understood = true;
  }
  const text = kib(element.text);
  if (understood || text !== null) attributes.delete('unit');
  return { ...element, attributes, text: text ?? element.text };
}

const schedules: Readonly<Record<string, string>> = { vcpusched: 'vcpus', iothreadsched: 'iothreads' };

/** One element for each thread, as libvirt keeps it; a later one for the same thread counts. */
function splitSchedules(children: readonly PlainElement[], allVcpus: readonly number[]): PlainElement[] {
  const split = new Map<string, PlainElement>();
  const others = children.filter((child) => {
    const attribute = schedules[child.name];
    if (attribute === undefined || !/^cputune\//.test(child.path)) return true;
    const list = child.attributes.get(attribute);
    const numbers = list === undefined && attribute === 'vcpus' ? allVcpus : parseCpuset(list);
    if (numbers === null) return true;
    for (const number of numbers) split.set(`${child.name} ${String(number)}`, { ...child, attributes: new Map([...child.attributes, [attribute, String(number)]]) });
    return false;
  });
  return [...others, ...split.values()];
}
