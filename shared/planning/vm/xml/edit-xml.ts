import { attributeOf, escapeValue, removeAttribute, setAttribute } from './attributes.ts';
import type { XmlElement, XmlNode } from './xml-tree.ts';

/** Makes an element in libvirt's own style: single quotes, closed in itself while it is empty. */
export const makeElement = (name: string, attributes: Readonly<Record<string, string>> = {}): XmlElement => ({
  kind: 'element', name, parent: null, closeTag: '', children: [],
  openTag: `<${name}${Object.entries(attributes).map(([key, value]) => ` ${key}='${escapeValue(value)}'`).join('')}/>`,
});

/** Sets what an element says. Comments in it stay. */
export function setText(element: XmlElement, text: string): void {
  open(element);
  const kept = element.children.filter((child) => child.kind === 'text' && child.text === null);
  element.children = [{ kind: 'text', raw: escapeValue(text), text }, ...kept];
}

/** Sets attributes; null takes one away. True when something was different. */
export function setAttributes(element: XmlElement, attributes: Readonly<Record<string, string | null>>): boolean {
  const before = element.openTag;
  for (const [name, value] of Object.entries(attributes)) {
    if (value === null) removeAttribute(element, name);
    else if (attributeOf(element, name) !== value) setAttribute(element, name, value);
  }
  return element.openTag !== before;
}

/**
 * Puts an element among the children of `parent`: after the last one whose name comes no later in `order` (names that
 * `order` lacks are passed over), on a line of its own where the document has lines.
 */
export function insertElement(parent: XmlElement, element: XmlElement, order: readonly string[] = []): void {
  open(parent);
  const place = placeFor(parent, element.name, order);
  const space = spaceBefore(parent);
  element.parent = parent;
  if (!parent.children.some((child) => child.kind === 'element')) {
    const closing = spaceOf(parent);
    parent.children = [...parent.children.filter((child) => !isBlank(child)), ...blank(space), element, ...blank(closing)];
    return;
  }
  parent.children.splice(place, 0, ...blank(space), element);
}

/** Takes an element out, with the white space before it. A remark behind it on its line stays on that line. */
export function removeElement(element: XmlElement): void {
  const siblings = element.parent?.children;
  const place = siblings?.indexOf(element) ?? -1;
  if (siblings === undefined || place < 0) return;
  const previous = siblings[place - 1];
  const withSpace = previous !== undefined && isBlank(previous) && afterRemarks(siblings, place + 1) === place + 1;
  siblings.splice(withSpace ? place - 1 : place, withSpace ? 2 : 1);
  if (siblings.every(isBlank)) siblings.length = 0;
  element.parent = null;
}

/** Takes out all an element holds but comments, and closes it in itself when nothing is left. */
export function emptyElement(element: XmlElement): void {
  element.children = element.children.filter((child) => child.kind === 'text' && child.text === null);
  if (element.children.length > 0 || element.closeTag === '') return;
  element.openTag = element.openTag.replace(/\s*>$/, '/>');
  element.closeTag = '';
}

function open(element: XmlElement): void {
  if (element.closeTag !== '') return;
  element.openTag = element.openTag.replace(/\s*\/>$/, '>');
  element.closeTag = `</${element.name}>`;
}

function placeFor(parent: XmlElement, name: string, order: readonly string[]): number {
  const rank = order.indexOf(name);
  const ranks = parent.children.map((child) => (child.kind === 'element' ? order.indexOf(child.name) : -1));
  const lastElement = parent.children.findLastIndex((child) => child.kind === 'element') + 1;
  if (rank < 0) return afterRemarks(parent.children, lastElement);
  const before = ranks.findLastIndex((other) => other >= 0 && other <= rank);
  return before < 0 ? 0 : afterRemarks(parent.children, before + 1);
}

/** The place behind the remarks that stand from `place` on, on the same line: they belong to what is before them. */
function afterRemarks(nodes: readonly XmlNode[], place: number): number {
  let end = place;
  for (let at = place; at < nodes.length; at++) {
    const node = nodes[at];
    if (node?.kind !== 'text' || (node.text !== null && !/^[ \t]*$/.test(node.raw))) break;
    if (node.text === null) end = at + 1;
  }
  return end;
}

const isBlank = (node: XmlNode): boolean => node.kind === 'text' && node.text !== null && /^\s*$/.test(node.raw);
const blank = (space: string): XmlNode[] => (space === '' ? [] : [{ kind: 'text', raw: space, text: space }]);

/** White space that a new child of `parent` begins with: that of its first child, or one step more than its own. */
function spaceBefore(parent: XmlElement): string {
  const first = parent.children.find((child) => child.kind === 'element');
  return first?.kind === 'element' ? spaceOf(first) : indented(parent);
}

function indented(parent: XmlElement): string {
  const own = parent.parent === null ? /\r?\n/.exec(rootSpace(parent))?.[0] ?? '' : spaceOf(parent);
  return own === '' ? '' : own + rootSpace(parent).replace(/^\r?\n/, '');
}

/** Line end and indentation of the first child of the root: the step of the whole document. */
function rootSpace(element: XmlElement): string {
  let root = element;
  while (root.parent !== null) root = root.parent;
  const first = root.children.find((child) => child.kind === 'element');
  return first?.kind === 'element' ? spaceOf(first) : '';
}

/** Line end and indentation an element stands behind; empty where it does not begin a line. */
function spaceOf(element: XmlElement): string {
  const siblings = element.parent?.children ?? [];
  const previous = siblings[siblings.indexOf(element) - 1];
  return previous?.kind === 'text' ? /\r?\n[ \t]*$/.exec(previous.raw)?.[0] ?? '' : '';
}
