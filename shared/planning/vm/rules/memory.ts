import { attributeOf } from '../xml/attributes.ts';
import { setAttributes, setText } from '../xml/edit-xml.ts';
import { elementOf, elementsOf, type XmlElement } from '../xml/xml-tree.ts';
import { formatCpuset, parseCpuset, sameNumbers } from '../cpuset.ts';
import { eci, libvirtFormat, type Reason } from '../domain-change.ts';
import type { DomainEditor } from '../domain-editor.ts';
import { libvirtSize, memoryBytesOf, scaledBytes, scaledOf } from '../domain-facts.ts';
import type { TuningRule } from './tuning-rule.ts';

const sizeReason: Reason = { rule: 'memory-size', severity: 'warning', source: `${libvirtFormat}, “Memory Allocation”`, why: 'The VM has all of its memory from the start: with no balloon there is no way to give it more later.' };
const lockedReason: Reason = { rule: 'memory-locked', severity: 'warning', source: `${eci}, step 11`, why: 'Memory that is locked is never moved to disk: a page that is not there costs milliseconds.' };
const sharedReason: Reason = { rule: 'memory-not-shared', severity: 'warning', source: `${eci}, step 11`, why: 'The host does not merge equal pages of this VM (KSM): a write to a merged page costs a fault.' };
const pagesReason: Reason = { rule: 'hugepages', severity: 'warning', source: `${libvirtFormat}, “Memory Backing”`, why: 'Large pages: fewer misses of the TLB, and each costs less. The host must have as many free on these nodes.' };
const nodeReason: Reason = { rule: 'memory-node', severity: 'warning', source: `${libvirtFormat}, “NUMA Node Tuning”`, why: 'Memory comes from the node that the vCPUs run on; that of another socket answers later.' };

export const memorySize: TuningRule = (editor, map) => {
  const memory = elementOf(editor.domain, 'memory');
  const wanted = map?.memory.sizeBytes ?? null;
  if (wanted !== null && memoryBytesOf(editor.domain) !== wanted) {
    if (memory === undefined) editor.add(sizeReason, editor.domain, 'memory', { unit: 'KiB' }, String(Math.ceil(wanted / 1024)));
    else setSize(editor, memory, wanted);
  }
  const current = elementOf(editor.domain, 'currentMemory');
  const bytes = memoryBytesOf(editor.domain);
  if (current !== undefined && bytes !== null && scaledOf(current) !== bytes && map?.options.balloon !== 'keep') setSize(editor, current, bytes);
};

const setSize = (editor: DomainEditor, element: XmlElement, bytes: number) => {
  editor.change(sizeReason, element, () => {
    setAttributes(element, { unit: 'KiB' });
    setText(element, String(Math.ceil(bytes / 1024)));
  });
};

export const memoryBacking: TuningRule = (editor, map) => {
  if (map?.memory.hugepageBytes !== undefined && map.memory.hugepageBytes !== null) hugepages(editor, map.memory.hugepageBytes);
  if (map?.memory.notShared !== false) editor.ensure(sharedReason, editor.section('memoryBacking'), 'nosharepages');
  if (map?.memory.locked !== false) editor.ensure(lockedReason, editor.section('memoryBacking'), 'locked');
};

/** One page size for all memory. Sizes for single guest nodes stay where they are the same. */
function hugepages(editor: DomainEditor, sizeBytes: number): void {
  const backing = editor.section('memoryBacking');
  const found = elementOf(backing, 'hugepages');
  const pages = elementsOf(found, 'page');
  const isSo = found !== undefined && (sizeBytes === 0 ? pages.length === 0
    : pages.length > 0 && pages.every((page) => scaledBytes(attributeOf(page, 'size'), attributeOf(page, 'unit')) === sizeBytes));
  if (isSo) return;
  const element = editor.ensure(pagesReason, backing, 'hugepages');
  for (const page of pages) editor.remove(pagesReason, page);
  if (sizeBytes !== 0) editor.add(pagesReason, element, 'page', pageSize(sizeBytes));
}

const pageSize = (bytes: number) => (bytes % 2 ** 30 === 0 ? { size: String(bytes / 2 ** 30), unit: 'GiB' } : libvirtSize(bytes));

export const memoryNode: TuningRule = (editor, map) => {
  const nodes = map?.memory.nodes ?? null;
  if (map === null || nodes === null) return;
  const tune = editor.section('numatune');
  const memory = elementOf(tune, 'memory');
  const isSo = memory !== undefined && sameNumbers(parseCpuset(attributeOf(memory, 'nodeset')), nodes) && (attributeOf(memory, 'mode') ?? 'strict') === map.memory.mode
    && (attributeOf(memory, 'placement') ?? 'static') === 'static';
  if (!isSo) editor.ensure(nodeReason, tune, 'memory', { mode: map.memory.mode, nodeset: formatCpuset(nodes), placement: null });
};

