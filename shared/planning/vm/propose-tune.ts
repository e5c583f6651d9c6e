import { z } from 'zod';
import type { CodedError } from '../../contract/errors.ts';
import type { Proposal } from '../../model/plan.ts';
import type { VmMap } from '../../model/vm-map.ts';
import type { DomainChange } from './domain-change.ts';
import { tuneDomain } from './tune-domain.ts';

const setting = 'tuning of the VM';
const nextStart = 'It takes effect with the next start of the VM; one that runs goes on with what it was started with, and one that was saved (virsh managedsave) starts with what it was saved with.';
const starvation = 'vCPUs under real-time scheduling never give way: whatever else the kernel must do on their CPU waits, to deadlock where the VM waits for that in turn. Keep these CPUs free of everything else, and leave vCPU 0 the lowest priority.';

/**
 * Brings the definition of a VM to what a map gives it: one step, which tells what is changed and why. Refused where the
 * domain or the map cannot be, and where the tuned VM would not live. `domainXml`: what its next start uses. Total.
 */
export function proposeTuneVm(domainXml: string, name: string, map: VmMap): Proposal {
  const title = `Tune ${name} for real-time work`;
  const proposal: Proposal = { title, purpose: { kind: 'change' }, steps: [], restart: 'none', notes: [], refused: [] };
  const tuned = tuneDomain(domainXml, map);
  if (!tuned.ok) return { ...proposal, refused: refusalsOf(tuned.error) };
  const { xml, changes, findings } = tuned.value;
  const deadly = findings.filter(({ severity }) => severity === 'error');
  if (deadly.length > 0) return { ...proposal, refused: deadly.map(({ message, fix }) => ({ setting, why: message, next: fix ?? '' })) };
  const notes = findings.map(({ element, message, fix }) => `${element}: ${message}${fix === undefined ? '' : ` ${fix}`}`);
  if (changes.length === 0) return { ...proposal, notes: [`${name} is tuned by this map already.`, ...notes] };
  return {
    ...proposal, notes,
    steps: [{
      title, why: whyOf(changes), settings: [], risk: 'performance',
      caution: map.scheduler.policy === 'other' ? nextStart : `${nextStart} ${starvation}`,
      action: { kind: 'domain', name, xml },
    }],
  };
}

const problemsSchema = z.array(z.object({ field: z.string(), message: z.string(), fix: z.string() })).min(1);

/** Every problem of a map by itself, where the error lists them. */
function refusalsOf({ message, extras: { next = '', details } }: CodedError): Proposal['refused'] {
  const problems = problemsSchema.safeParse(details?.['problems']);
  return problems.success ? problems.data.map(({ field, message: why, fix }) => ({ setting: `${setting}, ${field}`, why, next: fix })) : [{ setting, why: message, next }];
}

/** The rules that change something, each with its reason, once, on a line of its own. */
function whyOf(changes: readonly DomainChange[]): string {
  const byRule = new Map<string, DomainChange[]>();
  for (const change of changes) byRule.set(change.rule, [...byRule.get(change.rule) ?? [], change]);
  return [...byRule].map(([rule, [first, ...others]]) => `${rule}${others.length === 0 ? '' : ` (${String(others.length + 1)} changes)`}: ${first?.why ?? ''}`).join('\n');
}
