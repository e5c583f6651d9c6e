import type { DomainChange } from '../../../shared/planning/vm/domain-change.ts';

/** Changes beside each other that are made for one reason. */
export interface ChangeGroup { readonly rule: string; readonly why: string; readonly source: string; readonly elements: readonly string[]; readonly changes: readonly DomainChange[] }

/** Gathers what is said once: a pin for each vCPU has one reason. Order stays. */
export function changeGroups(changes: readonly DomainChange[]): ChangeGroup[] {
  const groups: ChangeGroup[] = [];
  for (const change of changes) {
    const last = groups.at(-1);
    if (last?.rule === change.rule && last.why === change.why) groups[groups.length - 1] = { ...last, elements: [...new Set([...last.elements, change.element])], changes: [...last.changes, change] };
    else groups.push({ rule: change.rule, why: change.why, source: change.source, elements: [change.element], changes: [change] });
  }
  return groups;
}
