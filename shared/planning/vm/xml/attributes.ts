import type { XmlElement } from './xml-tree.ts';

/** Attributes as they stand in a well-formed tag, each with the white space before it. */
const attributePattern = /\s+([^\s=/>]+)\s*=\s*("[^"]*"|'[^']*')/g;

export interface Attribute {
  readonly name: string;
  readonly value: string;
}

export const attributesOf = (element: XmlElement): Attribute[] =>
  [...element.openTag.matchAll(attributePattern)].map(([, name = '', quoted = '']) => ({ name, value: unescape(quoted.slice(1, -1)) }));

export const attributeOf = (element: XmlElement | undefined, name: string): string | undefined =>
  (element === undefined ? undefined : attributesOf(element).find((attribute) => attribute.name === name)?.value);

/** Sets an attribute where it stands, in the quotes it has; a new one comes last. */
export function setAttribute(element: XmlElement, name: string, value: string): void {
  let found = false;
  element.openTag = element.openTag.replace(attributePattern, (whole, attribute: string, quoted: string) => {
    if (attribute !== name) return whole;
    found = true;
    const quote = quoted.charAt(0);
    return `${whole.slice(0, -quoted.length)}${quote}${escapeValue(value)}${quote}`;
  });
  if (!found) element.openTag = element.openTag.replace(/\s*(\/?>)$/, (end) => ` ${name}='${escapeValue(value)}'${end}`);
}

export function removeAttribute(element: XmlElement, name: string): void {
  element.openTag = element.openTag.replace(attributePattern, (whole, attribute: string) => (attribute === name ? '' : whole));
}

const escapes: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&apos;' };
export const escapeValue = (text: string): string => text.replace(/[&<>"']/g, (sign) => escapes[sign] ?? sign);

const names: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };

function unescape(text: string): string {
  return text.replace(/[\t\r\n]/g, ' ').replace(/&(?:#x([0-9a-fA-F]{1,6})|#(\d{1,7})|(\w{1,4}));/g, (whole, hex?: string, decimal?: string, name?: string) => {
    if (name !== undefined) return names[name] ?? whole;
    const point = hex === undefined ? Number(decimal) : Number.parseInt(hex, 16);
    return point <= 0x10ffff ? String.fromCodePoint(point) : whole;
  });
}
