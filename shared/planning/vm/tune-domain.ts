import { z } from 'zod';
import { CodedError } from '../../contract/errors.ts';
import { failed, ok, type Result } from '../../contract/result.ts';
import { findingSchema, type Finding } from '../../model/finding.ts';
import type { VmMap } from '../../model/vm-map.ts';
import { checkDomain } from './checks/check-domain.ts';
import { domainChangeSchema, type DomainChange } from './domain-change.ts';
import { DomainEditor } from './domain-editor.ts';
import { isLiveDump } from './domain-facts.ts';
import { problemsOfFit } from './map/check-fit.ts';
import { problemsOfMap } from './map/check-map.ts';
import { readDomain } from './read-domain.ts';
import { tuningRules } from './tuning-rules.ts';
import { elementOf, textOf, xmlText, type XmlDocument, type XmlElement } from './xml/xml-tree.ts';

export const tunedDomainSchema = z.object({
  name: z.string(),
  xml: z.string(),
  changes: z.array(domainChangeSchema),
  /** What remains to be said about the tuned domain. */
  findings: z.array(findingSchema),
});
export type TunedDomain = z.infer<typeof tunedDomainSchema>;

export const domainAuditSchema = z.object({
  name: z.string(),
  /** The XML is a dump of a running VM. */
  live: z.boolean(),
  findings: z.array(findingSchema),
});
export type DomainAudit = z.infer<typeof domainAuditSchema>;

/**
 * Tunes the XML of a domain for real-time work by a map. What is not in `changes` stays as it was, byte for byte: unknown
 * elements, comments, order, quotes. Tuning what was tuned changes nothing.
 * Errors: `domain-unreadable`, `vm-map-impossible` (with all its problems in the details).
 */
export function tuneDomain(xml: string, map: VmMap): Result<TunedDomain> {
  const document = readDomain(xml);
  if (!document.ok) return document;
  const editor = edit(document.value, map);
  if (!editor.ok) return editor;
  const { root } = document.value;
  return ok({ name: nameOf(root), xml: xmlText(document.value), changes: editor.value.changes, findings: checkDomain(root, map) });
}

/**
 * Says what of a domain is not real-time and why: everything that tuning would change (with a map, also where it departs
 * from it), and what tuning leaves to a person. Gravest first. Errors: as `tuneDomain`.
 */
export function auditDomain(xml: string, map: VmMap | null = null): Result<DomainAudit> {
  const document = readDomain(xml);
  if (!document.ok) return document;
  const { root } = document.value;
  const live = isLiveDump(root);
  const editor = edit(document.value, map);
  if (!editor.ok) return editor;
  const weight = { error: 0, warning: 1, note: 2 } as const;
  const findings = [...editor.value.changes.map(findingOf), ...checkDomain(root, map)];
  return ok({ name: nameOf(root), live, findings: findings.sort((a, b) => weight[a.severity] - weight[b.severity]) });
}

function edit({ root }: XmlDocument, map: VmMap | null): Result<DomainEditor> {
  const problems = map === null ? [] : [...problemsOfMap(map), ...problemsOfFit(root, map)];
  const [first] = problems;
  if (first !== undefined) return failed(new CodedError('vm-map-impossible', `${first.field}: ${first.message}`, { next: first.fix, details: { problems: problems.map((problem) => ({ ...problem })) } }));
  const editor = new DomainEditor(root);
  for (const rule of tuningRules) rule(editor, map);
  return ok(editor);
}

const nameOf = (root: XmlElement) => textOf(elementOf(root, 'name'));

function findingOf({ rule, severity, element, from, to, why }: DomainChange): Finding {
  const seen = from === null ? `There is no ${to ?? ''}.` : `Found ${from}; it should ${to === null ? 'not be there' : 'be otherwise'}.`;
  return { rule, severity, element, message: `${seen} ${why}`, fix: to === null ? 'Take it out.' : `Write ${to}.` };
}
