import { attributesOf, escapeValue } from '../../../shared/planning/vm/xml/attributes.ts';
import { readXml } from '../../../shared/planning/vm/xml/read-xml.ts';
import { textOf, type XmlElement } from '../../../shared/planning/vm/xml/xml-tree.ts';
import { LibvirtError } from './libvirt-error.ts';

/** An element as libvirt keeps it: names, values and text; comments and spaces are gone. */
export interface XmlNode {
  name: string;
  attributes: Map<string, string>;
  children: XmlNode[];
  text: string;
}

export const node = (name: string, attributes: Readonly<Record<string, string | number>> = {}, children: readonly XmlNode[] = [], text = ''): XmlNode =>
  ({ name, attributes: new Map(Object.entries(attributes).map(([key, value]) => [key, String(value)])), children: [...children], text });

/** Reads XML. Errors: LibvirtError with what libxml2's report begins with. */
export function parseNode(text: string, document: string): XmlNode {
  const read = readXml(text);
  if (!read.ok) throw new LibvirtError(`(${document}): ${read.error.message}`);
  return toNode(read.value.root);
}

function toNode(element: XmlElement): XmlNode {
  return {
    name: element.name, attributes: new Map(attributesOf(element).map(({ name, value }) => [name, value])),
    children: element.children.flatMap((child) => (child.kind === 'element' ? [toNode(child)] : [])), text: textOf(element),
  };
}

/** As libvirt prints it: two spaces, single quotes, empty elements closed in themselves. */
export function formatNode({ name, attributes, children, text }: XmlNode, indent = ''): string {
  const head = `${indent}<${name}${[...attributes].map(([key, value]) => ` ${key}='${escapeValue(value)}'`).join('')}`;
  if (children.length > 0) return `${head}>\n${children.map((child) => formatNode(child, `${indent}  `)).join('')}${indent}</${name}>\n`;
  return text === '' ? `${head}/>\n` : `${head}>${text.replace(/[&<>]/g, (sign) => escapeValue(sign))}</${name}>\n`;
}

export const copyOf = ({ name, attributes, children, text }: XmlNode): XmlNode => ({ name, attributes: new Map(attributes), children: children.map(copyOf), text });

export const childrenOf = (parent: XmlNode | undefined, name?: string): XmlNode[] => parent?.children.filter((child) => name === undefined || child.name === name) ?? [];
export const childOf = (parent: XmlNode | undefined, name: string): XmlNode | undefined => parent?.children.find((child) => child.name === name);
/** `at(domain, 'devices', 'emulator')` */
export const at = (parent: XmlNode | undefined, ...path: readonly string[]): XmlNode | undefined => path.reduce<XmlNode | undefined>((found, name) => childOf(found, name), parent);
export const attribute = (element: XmlNode | undefined, name: string): string | undefined => element?.attributes.get(name);
