import { z } from 'zod';
import { findingSchema } from '../../model/finding.ts';

/** One thing that tuning changes in a domain: what it was and becomes (XML, null where there is nothing), and why. */
export const domainChangeSchema = z.object({
  rule: z.string(),
  /** Where: `cputune/vcpupin`. */
  element: z.string(),
  from: z.string().nullable(),
  to: z.string().nullable(),
  why: z.string(),
  source: z.string(),
  severity: findingSchema.shape.severity,
});
export type DomainChange = z.infer<typeof domainChangeSchema>;

/** Why a change is made: a rule's name, its reason, and how grave it is that a domain does without. */
export type Reason = Pick<DomainChange, 'rule' | 'why' | 'source' | 'severity'>;

export const eci = 'Intel ECI, Real-Time VM Configuration';
export const libvirtFormat = 'libvirt, Domain XML format';
