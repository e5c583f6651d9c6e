import { attributeOf } from './xml/attributes.ts';
import { insertElement, makeElement, removeElement, setAttributes, setText } from './xml/edit-xml.ts';
import { elementOf, elementText, elementsOf, textOf, type XmlElement } from './xml/xml-tree.ts';
import type { DomainChange, Reason } from './domain-change.ts';
import { childrenOf } from './domain-orders.ts';

const longestExcerpt = 400;

/** Edits a domain and keeps account of it: whatever is different afterwards is in `changes`, and nothing else is different. */
export class DomainEditor {
  readonly changes: DomainChange[] = [];

  constructor(readonly domain: XmlElement) {}

  get devices(): XmlElement | undefined {
    return elementOf(this.domain, 'devices');
  }

  /** Makes sure that `parent` has such an element with these attributes (null: without). Others it has stay. */
  ensure(reason: Reason, parent: XmlElement, name: string, attributes: Readonly<Record<string, string | null>> = {}, found = elementOf(parent, name)): XmlElement {
    if (found === undefined) return this.add(reason, parent, name, attributes);
    this.change(reason, found, () => { setAttributes(found, attributes); });
    return found;
  }

  add(reason: Reason, parent: XmlElement, name: string, attributes: Readonly<Record<string, string | null>> = {}, text?: string, child?: XmlElement): XmlElement {
    const given = Object.entries(attributes).flatMap(([key, value]) => (value === null ? [] : [[key, value]]));
    const element = makeElement(name, Object.fromEntries(given));
    if (text !== undefined) setText(element, text);
    insertElement(parent, element, childrenOf[parent.name]);
    if (child !== undefined) insertElement(element, child);
    this.record(reason, element, null, excerpt(element));
    return element;
  }

  /** The child of the domain that is called so; made, without a word, when it is not there: what comes into it is told. */
  section(name: string, attributes: Readonly<Record<string, string>> = {}): XmlElement {
    const found = elementOf(this.domain, name);
    if (found !== undefined) return found;
    const element = makeElement(name, attributes);
    insertElement(this.domain, element, childrenOf['domain']);
    return element;
  }

  text(reason: Reason, element: XmlElement, text: string): void {
    if (textOf(element) !== text) this.change(reason, element, () => { setText(element, text); });
  }

  remove(reason: Reason, element: XmlElement): void {
    this.record(reason, element, excerpt(element), null);
    removeElement(element);
  }

  /** Runs an edit of one element; tells of it when the element is different then. */
  change(reason: Reason, element: XmlElement, edit: () => void): void {
    const before = { text: elementText(element), tag: element.openTag, excerpt: excerpt(element) };
    edit();
    const text = elementText(element);
    if (text === before.text) return;
    // Of an element that holds others, only its tag where only that is different.
    const isTagOnly = text.slice(element.openTag.length) === before.text.slice(before.tag.length);
    this.record(reason, element, isTagOnly ? oneLine(before.tag) : before.excerpt, isTagOnly ? oneLine(element.openTag) : excerpt(element));
  }

  private record(reason: Reason, element: XmlElement, from: string | null, to: string | null): void {
    this.changes.push({ ...reason, element: pathOf(element), from, to });
  }
}

/** `cputune/vcpupin`: names from the domain down, without the domain. */
export const pathOf = (element: XmlElement): string => {
  const names: string[] = [];
  for (let at: XmlElement | null = element; at !== null; at = at.parent) names.unshift(at.name);
  return names.slice(names.length > 1 && names[0] === 'domain' ? 1 : 0).join('/');
};

/** The element on one line, as far as a person reads. */
export const excerpt = (element: XmlElement): string => {
  const text = oneLine(elementText(element));
  return text.length > longestExcerpt ? `${text.slice(0, longestExcerpt)} …` : text;
};

const oneLine = (text: string) => text.replace(/>\s+</g, '><').replace(/\s+/g, ' ').trim();

/** Elements of one name whose attribute has this value. */
export const withAttribute = (parent: XmlElement | undefined, name: string, attribute: string, value: string): XmlElement[] =>
  elementsOf(parent, name).filter((element) => attributeOf(element, attribute) === value);
