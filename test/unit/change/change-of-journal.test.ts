import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { journalEntrySchema, changeSchema, type JournalEntry } from '../../../shared/model/change.ts';
import { plannedStepSchema, type Plan, type PlannedStep, type TargetState } from '../../../shared/model/plan.ts';
import { changeOfJournal } from '../../../shared/planning/change/change-of-journal.ts';
import { isDone } from '../../../shared/planning/change/is-done.ts';
import { changesInTheWay, undoSteps } from '../../../shared/planning/change/undo-steps.ts';

const absent: TargetState = { kind: 'file', is: 'absent', content: null, mode: null, owner: null };
const text = (data: string, mode = '644'): TargetState => ({ kind: 'file', is: 'regular', content: { encoding: 'utf8', data }, mode, owner: '0:0' });
const common: Pick<PlannedStep, 'title' | 'why' | 'settings' | 'risk' | 'caution'> = { title: 't', why: 'w', settings: [], risk: 'none', caution: '' };
const write = (number: number, path: string, data: string, before: TargetState = absent): PlannedStep => ({ ...common, number, before, action: { kind: 'file', path, content: { encoding: 'utf8', data }, mode: '0644' } });
const grub: PlannedStep = { ...common, number: 2, before: { kind: 'generate' }, action: { kind: 'generate', generator: 'update-grub' } };
const planOf = (id: string, steps: PlannedStep[]): Plan => ({
  schema: 1, id, boardId: 'b', boardName: 'B', machineId: 'm', createdAt: id, snapshotId: null, title: 'T', purpose: { kind: 'change' }, steps, restart: 'none', notes: [], stateSha256: '',
});
const record = (entry: JournalEntry) => ({ at: '2026-11-21T10:00:00.000Z', entry });
const opened = record({ kind: 'opened', planId: '20261121T100000Z', owner: 'a@b', direction: 'apply' });
const doneChange = (plan: Plan) => changeOfJournal(plan.id, plan, [
  opened, ...plan.steps.flatMap((step) => [
    record({ kind: 'step-began', step: step.number, before: step.before }),
    record({ kind: 'step-done', step: step.number, after: step.action.kind === 'file' && step.action.content ? text(step.action.content.data) : { kind: 'generate' } }),
  ]), record({ kind: 'closed', state: 'done', words: 'Done.' }),
]);

describe('a change as its journal tells it', () => {
  const plan = planOf('20261121T100000Z', [write(1, '/etc/a', 'new'), grub]);

  it('is interrupted as long as nothing closes it', () => {
    const change = changeOfJournal(plan.id, plan, [opened, record({ kind: 'step-began', step: 1, before: absent })]);
    expect([change.state, change.endedAt, change.steps.map(({ state }) => state)]).toEqual(['applying', null, ['began', 'waiting']]);
  });

  it('waits for a board that was told to restart', () => {
    const change = changeOfJournal(plan.id, plan, [opened, record({ kind: 'restart-asked', step: 2, bootId: 'x' })]);
    expect(change.state).toBe('restarting');
  });

  it('is total: any journal of any plan gives a valid change', () => {
    const entries = fc.array(fc.oneof(
      fc.record({ kind: fc.constant('opened' as const), planId: fc.constant('20261121T100000Z'), owner: fc.string(), direction: fc.constantFrom('apply' as const, 'roll-back' as const) }),
      fc.record({ kind: fc.constant('step-began' as const), step: fc.integer({ min: -1, max: 4 }), before: fc.constantFrom(absent, text('x')) }),
      fc.record({ kind: fc.constant('step-done' as const), step: fc.integer({ min: -1, max: 4 }), after: fc.constant(absent) }),
      fc.record({ kind: fc.constant('step-reverted' as const), step: fc.integer({ min: 0, max: 3 }), after: fc.constant(absent) }),
      fc.record({ kind: fc.constant('restarted' as const), step: fc.constant(2), bootId: fc.string(), commandLine: fc.string(), kernelRelease: fc.string(), asExpected: fc.boolean() }),
      fc.record({ kind: fc.constant('undone-by' as const), changeId: fc.constant('20261121T110000Z') }),
    ));
    fc.assert(fc.property(entries, (journal) => {
      for (const entry of journal) journalEntrySchema.parse(entry);
      const change = changeSchema.parse(changeOfJournal(plan.id, plan, journal.map(record)));
      undoSteps(change);
    }));
  });
});

describe('undoing', () => {
  it('puts files back in reverse order and generates afterwards', () => {
    const plan = planOf('20261121T100000Z', [write(1, '/etc/a', 'new', text('old', '600')), grub, write(3, '/etc/b', 'b')]);
    const { steps, generators, lost } = undoSteps(doneChange(plan));
    expect(steps.map(({ step }) => step.action)).toEqual([
      { kind: 'file', path: '/etc/b', content: null, mode: '0644' },
      { kind: 'file', path: '/etc/a', content: { encoding: 'utf8', data: 'old' }, mode: '600', owner: '0:0' },
    ]);
    expect(generators.map(({ step }) => step.action)).toEqual([{ kind: 'generate', generator: 'update-grub' }]);
    expect(lost).toEqual([]);
  });

  it('gives the set of packages back: what came goes, what went comes in the version it had', () => {
    const action = { kind: 'packages', install: ['linux-image-rt-amd64'], remove: [], source: { kind: 'board' } } as const;
    const before: TargetState = { kind: 'packages', installed: ['grub 2.06', 'lib 1', 'old 3'] };
    const after: TargetState = { kind: 'packages', installed: ['grub 2.06', 'lib 2', 'linux-image-rt-amd64 6.1', 'linux-image-6.1-rt 6.1'] };
    const plan = planOf('20261121T100000Z', [{ ...common, number: 1, before, action: { ...action, install: [...action.install], remove: [] } }]);
    const change = changeOfJournal(plan.id, plan, [opened, record({ kind: 'step-began', step: 1, before }), record({ kind: 'step-done', step: 1, after })]);
    expect(undoSteps(change).steps[0]?.step.action).toEqual({ kind: 'packages', install: ['lib=1', 'old=3'], remove: ['linux-image-rt-amd64', 'linux-image-6.1-rt'], source: { kind: 'board' } });
  });

  it('gives kernel arguments back: those that came go, those that went come', () => {
    const before: TargetState = { kind: 'kernel-arguments', entries: [{ kernel: '/boot/vmlinuz', args: 'ro quiet isolcpus=1 rhgb' }] };
    const plan = planOf('20261121T100000Z', [{ ...common, number: 1, before, action: { kind: 'kernel-arguments', add: ['isolcpus=2-3', 'quiet'], remove: ['isolcpus=1', 'nosuch'] } }]);
    const change = changeOfJournal(plan.id, plan, [opened, record({ kind: 'step-began', step: 1, before })]);
    expect(undoSteps(change).steps[0]?.step.action).toEqual({ kind: 'kernel-arguments', add: ['isolcpus=1'], remove: ['isolcpus=2-3'] });
  });

  it('gives several numbers back as the kernel takes them', () => {
    const before: TargetState = { kind: 'value', value: '4\t4\t1\t7\n' };
    const plan = planOf('20261121T100000Z', [{ ...common, number: 1, before, action: { kind: 'value', path: '/proc/sys/kernel/printk', value: '3 4 1 7', readsAs: [] } }]);
    const change = changeOfJournal(plan.id, plan, [opened, record({ kind: 'step-began', step: 1, before })]);
    const [undo] = undoSteps(change).steps;
    expect(undo?.step.action).toMatchObject({ value: '4 4 1 7' });
    expect(plannedStepSchema.safeParse({ ...undo?.step, number: 1, before }).success).toBe(true);
    expect(undo ? isDone(undo.step.action, before) : false).toBe(true);
  });

  it('gives a choice back as the one word that was chosen', () => {
    const before: TargetState = { kind: 'value', value: 'always [madvise] never\n' };
    const plan = planOf('20261121T100000Z', [{ ...common, number: 1, before, action: { kind: 'value', path: '/sys/kernel/mm/transparent_hugepage/enabled', value: 'never', readsAs: [] } }]);
    const change = changeOfJournal(plan.id, plan, [opened, record({ kind: 'step-began', step: 1, before })]);
    expect(undoSteps(change).steps[0]?.step.action).toMatchObject({ value: 'madvise' });
  });

  it.each<[string, PlannedStep['action'], TargetState, PlannedStep['action'] | null]>([
    ['a definition as it was', { kind: 'domain', name: 'rt', xml: '<new/>' }, { kind: 'domain', xml: '<old/>' }, { kind: 'domain', name: 'rt', xml: '<old/>' }],
    ['no definition where there was none', { kind: 'domain', name: 'rt', xml: '<new/>' }, { kind: 'domain', xml: null }, { kind: 'domain', name: 'rt', xml: null }],
    ['no network where there was none', { kind: 'network', name: 'n', xml: '<new/>', active: true, autostart: true }, { kind: 'network', xml: null, active: false, autostart: false }, { kind: 'network', name: 'n', xml: null, active: false, autostart: false, undefine: true }],
    ['a network as it was', { kind: 'network', name: 'n', xml: '<new/>', active: true, autostart: true }, { kind: 'network', xml: '<old/>', active: true, autostart: false }, { kind: 'network', name: 'n', xml: '<old/>', active: true, autostart: false }],
    ['a network’s state, and not its definition', { kind: 'network', name: 'n', xml: null, active: true, autostart: true }, { kind: 'network', xml: '<old/>', active: false, autostart: false }, { kind: 'network', name: 'n', xml: null, active: false, autostart: false }],
    ['a network that was taken away', { kind: 'network', name: 'n', xml: null, active: false, autostart: false, undefine: true }, { kind: 'network', xml: '<old/>', active: true, autostart: true }, { kind: 'network', name: 'n', xml: '<old/>', active: true, autostart: true }],
    ['a membership', { kind: 'group-member', user: 'u', group: 'g', member: true }, { kind: 'group-member', member: false }, { kind: 'group-member', user: 'u', group: 'g', member: false }],
    ['all masks of a resource', { kind: 'schemata', line: 'L3:0=f' }, { kind: 'schemata', line: 'L3:0=ff;1=ff' }, { kind: 'schemata', line: 'L3:0=ff;1=ff' }],
    ['no masks where resctrl was not mounted', { kind: 'schemata', line: 'L3:0=f' }, { kind: 'schemata', line: null }, null],
  ])('gives back %s', (_what, action, before, opposite) => {
    const plan = planOf('20261121T100000Z', [{ ...common, number: 1, before, action }]);
    const [undo] = undoSteps(changeOfJournal(plan.id, plan, [opened, record({ kind: 'step-began', step: 1, before })])).steps;
    expect(undo?.step.action ?? null).toEqual(opposite);
    if (undo) {
      expect(plannedStepSchema.safeParse({ ...undo.step, number: 1, before }).success).toBe(true);
      expect(isDone(undo.step.action, before)).toBe(true);
    }
  });

  it('finds the later change that builds on the same file, and only that', () => {
    const first = doneChange(planOf('20261121T100000Z', [write(1, '/etc/a', '1')]));
    const other = doneChange(planOf('20261121T110000Z', [write(1, '/etc/b', '2')]));
    const later = doneChange(planOf('20261121T120000Z', [write(1, '/etc/a', '3', text('1'))]));
    expect(changesInTheWay(first, [first, other, later]).map(({ change, target }) => [change.id, target])).toEqual([['20261121T120000Z', 'file:/etc/a']]);
    expect(changesInTheWay(later, [first, other, later])).toEqual([]);
  });

  it('keeps resctrl mounted as long as a later change has shares there', () => {
    const mount = doneChange(planOf('20261121T100000Z', [{ ...common, number: 1, before: { kind: 'unit', enabled: 'not-found', active: 'inactive' }, action: { kind: 'unit', unit: 'sys-fs-resctrl.mount', enabled: true, active: true } }]));
    const shares = doneChange(planOf('20261121T110000Z', [{ ...common, number: 1, before: { kind: 'schemata', line: 'MB:0=100' }, action: { kind: 'schemata', line: 'MB:0=60' } }]));
    expect(changesInTheWay(mount, [mount, shares]).map(({ target }) => target)).toEqual(['unit:sys-fs-resctrl.mount']);
    expect(changesInTheWay(shares, [mount, shares])).toEqual([]);
  });
});

describe('telling whether an action is done', () => {
  it('compares modes as numbers, values without their line end, units by what they are told', () => {
    expect(isDone(write(1, '/etc/a', 'x').action, text('x', '644'))).toBe(true);
    expect(isDone(write(1, '/etc/a', 'x').action, text('x', '600'))).toBe(false);
    expect(isDone({ kind: 'value', path: '/p', value: '2-3', readsAs: ['2,3'] }, { kind: 'value', value: '2,3\n' })).toBe(true);
    expect(isDone({ kind: 'value', path: '/p', value: '2-3', readsAs: [] }, { kind: 'value', value: null })).toBe(false);
    expect(isDone({ kind: 'value', path: '/p', value: 'never', readsAs: [] }, { kind: 'value', value: 'always madvise [never]\n' })).toBe(true);
    expect(isDone({ kind: 'value', path: '/p', value: 'never', readsAs: [] }, { kind: 'value', value: 'always [madvise] never\n' })).toBe(false);
    expect(isDone({ kind: 'unit', unit: 'a.service', enabled: false, active: false }, { kind: 'unit', enabled: 'not-found', active: 'inactive' })).toBe(true);
    expect(isDone({ kind: 'unit', unit: 'a.service', enabled: null, active: true }, { kind: 'unit', enabled: 'static', active: 'inactive' })).toBe(false);
    expect(isDone({ kind: 'packages', install: ['a=1', 'b'], remove: ['c'], source: { kind: 'board' } }, { kind: 'packages', installed: ['a:amd64 1', 'b 9'] })).toBe(true);
    expect(isDone({ kind: 'packages', install: ['a=2'], remove: [], source: { kind: 'board' } }, { kind: 'packages', installed: ['a 1'] })).toBe(false);
  });
});
