import type { Change, ChangeState } from '../../model/change.ts';
import type { Action, PlannedStep, ProposedStep, TargetState } from '../../model/plan.ts';
import { chosenOf, isActive, isEnabled, plainValue } from './is-done.ts';
import { restsOn, targetOf } from './target-of.ts';

/** A step of an undoing: which step of the change it takes back, and what that one left behind (null: it never ended). */
export interface UndoStep { readonly of: PlannedStep; readonly left: TargetState | null; readonly step: ProposedStep }

/**
 * What takes a change back: the opposite of every step that acted, last first, then the generators, so that generated
 * files follow the files put back. `lost`: what cannot be put back, in words. Total.
 */
export function undoSteps(change: Change): { steps: UndoStep[]; generators: UndoStep[]; lost: string[] } {
  const steps: UndoStep[] = [];
  const generators: UndoStep[] = [];
  const lost: string[] = [];
  for (const planned of change.plan.steps) {
    const record = change.steps.find(({ number }) => number === planned.number);
    if (!record || !['began', 'done', 'failed'].includes(record.state)) continue;
    if (planned.action.kind === 'generate') {
      generators.push({ of: planned, left: null, step: { ...planned, caution: '' } });
      continue;
    }
    const opposite = oppositeOf(planned.action, record.before ?? planned.before, record.after, lost);
    if (opposite === null) continue;
    const step: ProposedStep = { title: `Undo: ${planned.title}`, why: 'Puts back what was there before.', settings: planned.settings, risk: planned.risk, caution: '', action: opposite };
    steps.unshift({ of: planned, left: record.state === 'done' ? record.after : null, step });
  }
  return { steps, generators, lost };
}

function oppositeOf(action: Action, before: TargetState, after: TargetState | null, lost: string[]): Action | null {
  switch (action.kind) {
    case 'file':
      if (before.kind !== 'file' || before.is === 'link' || before.is === 'other') return null;
      return { kind: 'file', path: action.path, content: before.content, mode: before.mode ?? action.mode, ...(before.owner === null ? {} : { owner: before.owner }) };
    case 'value': return before.kind !== 'value' || before.value === null ? null : {
      // A file that shows its choices takes one of them, never the whole text.
      kind: 'value', path: action.path, value: chosenOf(before.value) ?? plainValue(before.value), readsAs: [plainValue(before.value)],
    };
    case 'unit': return before.kind !== 'unit' ? null : {
      kind: 'unit', unit: action.unit, enabled: action.enabled === null ? null : isEnabled(before.enabled), active: action.active === null ? null : isActive(before.active),
    };
    case 'module': return before.kind !== 'module' ? null : { ...action, loaded: before.loaded };
    case 'packages': return oppositePackages(action, before, after, lost);
    case 'kernel-arguments': return before.kind !== 'kernel-arguments' ? null : oppositeArguments(action, before, lost);
    case 'boot-once': return before.kind !== 'boot-once' ? null : { kind: 'boot-once', entry: before.entry };
    case 'firmware-attribute': return before.kind !== 'firmware-attribute' || before.value === null ? null : { ...action, value: before.value };
    case 'redfish': return before.kind !== 'redfish' || before.value === null ? null : { ...action, value: before.value };
    case 'domain':
      if (before.kind !== 'domain') return null;
      if (action.xml === null && before.xml !== null) lost.push(`Whether ${action.name} starts with the board was not kept: set it again.`);
      return { ...action, xml: before.xml };
    case 'network': return before.kind !== 'network' ? null : oppositeNetwork(action, before);
    case 'group-member': return before.kind !== 'group-member' ? null : { ...action, member: before.member };
    case 'schemata': return before.kind !== 'schemata' || before.line === null ? null : { kind: 'schemata', line: before.line };
    case 'generate': case 'restart': return null;
  }
}

/** A network that was not there is taken away; else it is defined as it was where that was changed. */
function oppositeNetwork({ name, xml, undefine }: Extract<Action, { kind: 'network' }>, before: Extract<TargetState, { kind: 'network' }>): Action {
  const isRedefined = xml !== null || undefine === true;
  const { active, autostart } = before;
  if (isRedefined && before.xml === null) return { kind: 'network', name, xml: null, active: false, autostart: false, undefine: true };
  return { kind: 'network', name, xml: isRedefined ? before.xml : null, active, autostart };
}

/** Every package that came is removed and every one that went is asked for in the version it had. */
function oppositePackages(action: Extract<Action, { kind: 'packages' }>, before: TargetState, after: TargetState | null, lost: string[]): Action | null {
  if (before.kind !== 'packages') return null;
  if (after?.kind !== 'packages') {
    lost.push('The set of packages after the installation was not read; only those asked for are removed.');
    return { ...action, install: [], remove: action.install.map((word) => word.split('=')[0] ?? word) };
  }
  const was = new Map(before.installed.map(pair));
  const is = new Map(after.installed.map(pair));
  const remove = [...is.keys()].filter((name) => !was.has(name));
  const install = [...was].filter(([name, version]) => is.get(name) !== version).map(([name, version]) => `${name}=${version}`);
  return { ...action, install, remove, source: { kind: 'board' } };
}

const pair = (line: string): [string, string] => {
  const [name = '', version = ''] = line.split(' ');
  return [name, version];
};

/** Words that were there and went come back; words that came go. Entries that differed before cannot all be met by one call. */
function oppositeArguments(action: Extract<Action, { kind: 'kernel-arguments' }>, before: Extract<TargetState, { kind: 'kernel-arguments' }>, lost: string[]): Action {
  const [first, ...others] = before.entries.map(({ args }) => args.split(/\s+/));
  const had = first ?? [];
  const touched = [...action.add, ...action.remove];
  if (others.some((words) => touched.some((word) => words.includes(word) !== had.includes(word)))) {
    lost.push('The entries of the boot loader differed before: all of them get the arguments of the default one.');
  }
  return { kind: 'kernel-arguments', add: action.remove.filter((word) => had.includes(word)), remove: action.add.filter((word) => !had.includes(word)) };
}

/** Changes that left nothing behind. */
const takenBack: ReadonlySet<ChangeState> = new Set<ChangeState>(['undone', 'rolled-back', 'fell-back']);

/** Later changes that stand in the way of taking one back: they act on the same thing, or need it, and have not been undone. */
export function changesInTheWay(change: Change, all: readonly Change[]): Array<{ change: Change; target: string }> {
  const mine = new Set(change.plan.steps.map(({ action }) => targetOf(action)).filter((target) => target !== null));
  return all.filter((other) => other.id > change.id && !takenBack.has(other.state) && other.plan.purpose.kind !== 'undo').flatMap((other) => {
    const target = other.plan.steps.flatMap(({ action }) => [targetOf(action), restsOn(action)]).find((candidate) => candidate !== null && mine.has(candidate)) ?? null;
    return target === null ? [] : [{ change: other, target }];
  });
}
