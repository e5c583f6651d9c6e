import { XmlElement as ParsedElement, XmlError, XmlText as ParsedText, parseXml, type XmlNode as ParsedNode } from '@rgrove/parse-xml';
import { CodedError } from '../../../contract/errors.ts';
import { failed, ok, type Result } from '../../../contract/result.ts';
import type { XmlDocument, XmlElement, XmlNode } from './xml-tree.ts';

/** Many times the longest domain there is; libvirt itself takes four times as much. */
const maximumLength = 2 ** 20;
/** libxml2, which libvirt reads with, goes no deeper (xmlParserMaxDepth). */
const maximumDepth = 256;
/** Three for each of as many vCPUs as KVM knows on x86, and as many again. */
const maximumElements = 2 ** 15;

/** What may stand before the root or a DTD: byte order mark, declaration, processing instructions, comments, white space. */
const beforeRoot = /^\uFEFF?(?:\s+|<\?[^>]*?\?>|<!--[\s\S]*?-->)*/;

/**
 * Reads XML into a tree that keeps its text. No entity but the five of XML itself is known and no DTD is read: a text
 * with one is refused, because libvirt expands them and what is expanded cannot be kept. Errors: `domain-unreadable`.
 */
export function readXml(text: string): Result<XmlDocument> {
  if (text.length > maximumLength) return refuse(`The text has ${text.length.toLocaleString('en')} characters; a domain has at most ${maximumLength.toLocaleString('en')}.`);
  const problem = encodingProblem(text) ?? documentTypeProblem(text);
  if (problem !== null) return refuse(problem.message, problem.next);
  try {
    const document = parseXml(text, { includeOffsets: true, preserveCdata: true, preserveComments: true });
    if (document.root === null) return refuse('This is not XML: it has no element.');
    if (countElements(document.root) > maximumElements) return refuse(`There are more than ${maximumElements.toLocaleString('en')} elements; no domain has so many.`);
    const root = toElement(document.root, text, null, 1);
    if (root === null) return refuse(`Elements stand more than ${maximumDepth} deep in each other; libvirt reads none so deep.`);
    return ok({ before: text.slice(0, document.root.start), root, after: text.slice(document.root.end) });
  } catch (thrown) {
    if (thrown instanceof XmlError) return refuse(`This is not well-formed XML: line ${thrown.line}, column ${thrown.column}: ${firstLine(thrown.message)}.`);
    // The parser goes down with the text: nothing but a text that is too deep brings it to the end of the stack.
    return refuse(thrown instanceof RangeError ? `Elements stand more than ${maximumDepth} deep in each other; libvirt reads none so deep.` : 'This is not XML.');
  }
}

function encodingProblem(text: string): { message: string; next: string } | null {
  const encoding = /^\uFEFF?<\?xml[^>]{0,200}?encoding\s*=\s*["']([^"']{1,60})["']/.exec(text)?.[1];
  const next = 'Save the file as UTF-8, and let its first line say so.';
  if (encoding !== undefined && !/^(?:utf-?8|us-ascii|ascii)$/i.test(encoding)) return { message: `The file says that it is written in ${encoding}.`, next };
  if (text.includes('\0')) return { message: 'The file is not text in UTF-8; it may be UTF-16, or no text at all.', next };
  return text.includes('\uFFFD') ? { message: 'The file has characters that are not UTF-8.', next } : null;
}

function documentTypeProblem(text: string): { message: string; next: string } | null {
  const prolog = beforeRoot.exec(text)?.[0].length ?? 0;
  return text.startsWith('<!', prolog)
    ? { message: 'The text begins with a document type (<!DOCTYPE …>), which may define entities.', next: 'Take the <!DOCTYPE …> out; a domain needs none.' } : null;
}

/** Without going down by itself: how deep the text is, is not known yet. */
function countElements(root: ParsedElement): number {
  const waiting = [root];
  let count = 0;
  for (let element = waiting.pop(); element !== undefined && count <= maximumElements; element = waiting.pop()) {
    count += 1;
    for (const child of element.children) if (child instanceof ParsedElement) waiting.push(child);
  }
  return count;
}

function toElement(parsed: ParsedElement, source: string, parent: XmlElement | null, depth: number): XmlElement | null {
  if (depth > maximumDepth) return null;
  const text = source.slice(parsed.start, parsed.end);
  const first = parsed.children[0];
  const last = parsed.children.at(-1);
  // Without children a tag pair is cut between its tags: no attribute may hold “<”.
  const openEnd = first === undefined ? (text.endsWith('/>') ? text.length : text.lastIndexOf('<')) : first.start - parsed.start;
  const closeStart = last === undefined ? openEnd : last.end - parsed.start;
  const element: XmlElement = { kind: 'element', name: parsed.name, parent, openTag: text.slice(0, openEnd), closeTag: text.slice(closeStart), children: [] };
  for (const child of parsed.children) {
    const node = toNode(child, source, element, depth + 1);
    if (node === null) return null;
    element.children.push(node);
  }
  return element;
}

function toNode(parsed: ParsedNode, source: string, parent: XmlElement, depth: number): XmlNode | null {
  if (parsed instanceof ParsedElement) return toElement(parsed, source, parent, depth);
  return { kind: 'text', raw: source.slice(parsed.start, parsed.end), text: parsed instanceof ParsedText ? parsed.text : null };
}

const firstLine = (message: string) => (message.split('\n')[0] ?? '').replace(/\s*\(line \d+, column \d+\)\s*$/, '');

const refuse = (message: string, next = 'Give the XML of one domain, as `virsh dumpxml --inactive NAME` prints it.'): Result<never> =>
  failed(new CodedError('domain-unreadable', message, { next }));
