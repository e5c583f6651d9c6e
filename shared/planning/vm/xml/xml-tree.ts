/**
 * An XML document that keeps its text: every node holds what was written, so that what is not edited stays as it was
 * byte for byte (quotes, spaces, comments, order and prefixes included).
 */
export interface XmlDocument {
  /** Byte order mark, declaration, comments: everything before the root. */
  readonly before: string;
  readonly root: XmlElement;
  readonly after: string;
}

export type XmlNode = XmlElement | XmlText;

export interface XmlElement {
  readonly kind: 'element';
  /** With its prefix, as written: `qemu:commandline`. */
  readonly name: string;
  parent: XmlElement | null;
  /** `<vcpu placement='static'>`, or `<acpi/>` without a closing tag. */
  openTag: string;
  /** Empty where the element closes itself. */
  closeTag: string;
  children: XmlNode[];
}

/** What stands between elements: text, white space, comments, CDATA sections, processing instructions. */
export interface XmlText {
  readonly kind: 'text';
  readonly raw: string;
  /** What the text says; null for comments and processing instructions, which say nothing to libvirt. */
  readonly text: string | null;
}

/** The text of a document, exactly as read but for what was edited. */
export const xmlText = ({ before, root, after }: XmlDocument): string => `${before}${elementText(root)}${after}`;

export function elementText(element: XmlElement): string {
  const parts: string[] = [];
  write(element, parts);
  return parts.join('');
}

function write(element: XmlElement, parts: string[]): void {
  parts.push(element.openTag);
  for (const child of element.children) {
    if (child.kind === 'element') write(child, parts);
    else parts.push(child.raw);
  }
  parts.push(element.closeTag);
}

export const elementsOf = (parent: XmlElement | undefined, name?: string): XmlElement[] =>
  parent?.children.flatMap((child) => (child.kind === 'element' && (name === undefined || child.name === name) ? [child] : [])) ?? [];

export const elementOf = (parent: XmlElement | undefined, name: string): XmlElement | undefined => elementsOf(parent, name)[0];

/** What an element says, without white space at its ends; comments say nothing. */
export const textOf = (element: XmlElement | undefined): string =>
  element?.children.map((child) => (child.kind === 'text' ? child.text ?? '' : '')).join('').trim() ?? '';
