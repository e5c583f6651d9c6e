import type { Action, ProposedStep } from '../model/plan.ts';

interface Wanted { readonly setting: string; readonly steps: readonly ProposedStep[] }
interface Conflict { readonly setting: string; readonly with: string; readonly path: string }

/**
 * The steps of several settings as one list in an order that works: what would fight is stopped first, packages bring
 * units and groups, files come before what reads them, generators run once, then values, then what is started, then what
 * asks it. A setting whose steps contradict those of an earlier one is left out whole, and named.
 */
export function mergeSteps(wanted: readonly Wanted[]): { steps: ProposedStep[]; conflicts: Conflict[] } {
  const byTarget = new Map<string, ProposedStep>();
  const conflicts: Conflict[] = [];
  for (const { setting, steps } of wanted) {
    const merged = steps.map((step) => ({ target: targetOf(step.action), step: together(byTarget.get(targetOf(step.action)), step) }));
    const contradiction = merged.find(({ step }) => step === null);
    if (contradiction) {
      conflicts.push({ setting, with: byTarget.get(contradiction.target)?.settings[0] ?? '', path: contradiction.target.slice(contradiction.target.indexOf(' ') + 1) });
      continue;
    }
    for (const { target, step } of merged) if (step !== null) byTarget.set(target, step);
  }
  const steps = [...byTarget.values()].map((step, index) => ({ step, index }))
    .sort((a, b) => phaseOf(a.step.action) - phaseOf(b.step.action) || a.index - b.index).map(({ step }) => step);
  return { steps, conflicts };
}

/** One step for two settings; null where they want different things of one target. */
function together(one: ProposedStep | undefined, other: ProposedStep): ProposedStep | null {
  if (one === undefined) return other;
  const action = oneAction(one.action, other.action);
  if (action === null) return null;
  const both = (a: string, b: string) => (a === b || b === '' ? a : a === '' ? b : `${a} ${b}`);
  const title = action.kind === 'packages' && action.remove.length === 0 ? `Install ${action.install.join(', ')}` : one.title;
  return { ...one, action, title, settings: [...new Set([...one.settings, ...other.settings])], why: both(one.why, other.why), caution: both(one.caution, other.caution), risk: one.risk === 'none' ? other.risk : one.risk };
}

function oneAction(one: Action, other: Action): Action | null {
  if (one.kind === 'unit' && other.kind === 'unit') {
    const agrees = (a: boolean | null, b: boolean | null) => a === null || b === null || a === b;
    return agrees(one.enabled, other.enabled) && agrees(one.active, other.active) ? { ...one, enabled: one.enabled ?? other.enabled, active: one.active ?? other.active } : null;
  }
  if (one.kind === 'packages' && other.kind === 'packages') {
    const agrees = JSON.stringify(one.source) === JSON.stringify(other.source) && !one.install.some((name) => other.remove.includes(name)) && !one.remove.some((name) => other.install.includes(name));
    return agrees ? { ...one, install: [...new Set([...one.install, ...other.install])], remove: [...new Set([...one.remove, ...other.remove])] } : null;
  }
  return JSON.stringify(one) === JSON.stringify(other) ? one : null;
}

function targetOf(action: Action): string {
  switch (action.kind) {
    case 'file': case 'value': return `${action.kind} ${action.path}`;
    case 'unit': return `unit ${action.unit}`;
    case 'module': return `module ${action.module}`;
    case 'generate': return `generate ${action.generator}`;
    // One call of the package manager for all that is wanted.
    case 'packages': return 'packages';
    default: return `${action.kind} ${JSON.stringify(action)}`;
  }
}

function phaseOf(action: Action): number {
  switch (action.kind) {
    case 'unit': return action.active === true || action.enabled === true ? 6 : 0;
    case 'packages': return 1;
    case 'file': return 2;
    case 'generate': return action.generator === 'initramfs' ? 4 : 3;
    case 'module': return 4;
    case 'value': return 5;
    default: return 7;
  }
}
