import { CodedError } from '../../../shared/contract/errors.ts';
import type { Handlers } from '../../../shared/contract/dispatch.ts';
import type { Change } from '../../../shared/model/change.ts';
import type { ChangeWant, Plan, PlannedStep } from '../../../shared/model/plan.ts';
import type { VmMap } from '../../../shared/model/vm-map.ts';
import { tuneDomain } from '../../../shared/planning/vm/tune-domain.ts';
import type { FakeState } from './state.ts';

type ChangeMethod = Extract<keyof Handlers, `plans.${string}` | `changes.${string}`>;

const machineId = '0f0e0d0c0b0a09080706050403020100';

const ksmSteps: PlannedStep[] = [
  {
    number: 1, title: 'Write /etc/tmpfiles.d/rtvm-bench-ksm.conf', why: 'So that it is so at every start.', settings: ['runtime.ksm'], risk: 'none', caution: '',
    action: { kind: 'file', path: '/etc/tmpfiles.d/rtvm-bench-ksm.conf', content: { encoding: 'utf8', data: 'w /sys/kernel/mm/ksm/run - - - - 2\n' }, mode: '0644' },
    before: { kind: 'file', is: 'absent', content: null, mode: null, owner: null },
  },
  {
    number: 2, title: 'Set /sys/kernel/mm/ksm/run to 2', why: 'A merged page is copied when it is written.', settings: ['runtime.ksm'], risk: 'performance', caution: 'Memory that was shared is needed again.',
    action: { kind: 'value', path: '/sys/kernel/mm/ksm/run', value: '2', readsAs: [] }, before: { kind: 'value', value: '1\n' },
  },
];

const planOf = (id: string, boardId: string, boardName: string, changes: Partial<Plan> = {}): Plan => ({
  schema: 1, id, boardId, boardName, machineId, createdAt: id, snapshotId: null, title: 'No merging of equal pages (KSM)', purpose: { kind: 'change' },
  steps: ksmSteps, restart: 'none', notes: [], stateSha256: '0'.repeat(64), ...changes,
});

const changeOf = (plan: Plan, changes: Partial<Change> = {}): Change => ({
  id: plan.id, boardId: plan.boardId, plan, owner: 'ana@laptop', startedAt: '2026-11-21T10:00:00.000Z', endedAt: '2026-11-21T10:00:09.000Z', state: 'done',
  words: 'Done, read back and in effect.', undoneBy: null, restarted: null,
  steps: plan.steps.map(({ number, title, before }) => ({ number, title, state: 'done', before, after: null })), ...changes,
});

/** Plans and changes of one board: a plan that waits, a change that is done and one that was interrupted. */
export const changeHandlers = (state: FakeState): Pick<Handlers, ChangeMethod> => {
  const home = 'rack-epyc';
  let plans = [planOf('20261121T101500Z', home, home)];
  let changes = [
    changeOf(planOf('20261121T093000Z', home, home, { title: 'Timers stay on their CPU' })),
    changeOf(planOf('20261121T100000Z', home, home, { title: 'Services that disturb' }), {
      state: 'applying', endedAt: null, words: 'Interrupted: it can be resumed or rolled back.',
      steps: ksmSteps.map(({ number, title, before }) => ({ number, title, state: number === 1 ? 'done' : 'waiting', before, after: null })),
    }),
  ];
  const planFor = (boardId: string, planId: string): Plan => {
    const found = plans.find((plan) => plan.boardId === boardId && plan.id === planId);
    if (!found) throw new CodedError('plan-unknown', `There is no plan “${planId}” for this board.`);
    return found;
  };
  const changeFor = (boardId: string, changeId: string): Change => {
    const found = changes.find((change) => change.boardId === boardId && change.id === changeId);
    if (!found) throw new CodedError('change-unknown', `There is no change “${changeId}” of this board.`);
    return found;
  };
  const replace = (changed: Change) => {
    changes = [...changes.filter(({ id }) => id !== changed.id), changed].sort((a, b) => (a.id < b.id ? -1 : 1));
    state.emit('changes-changed', { boardId: changed.boardId });
  };
  const done = (jobId: string, change: Change): { jobId: string } => {
    state.tell(jobId, { kind: 'progress', message: 'Step 1 of 2', fraction: 0 });
    replace(change);
    state.tell(jobId, { kind: 'done', result: { changeId: change.id, state: change.state, words: change.words } });
    return { jobId };
  };

  return {
    'plans.propose': async ({ boardId, want }) => {
      const { board } = state.boardOf(boardId);
      const id = `20261121T${String(110_000 + state.nextNumber())}Z`;
      const plan = planOf(id, boardId, board.name, about(want, () => state.definitionOf(boardId, want.kind === 'tune-vm' ? want.name : '')));
      plans = [...plans, plan];
      return { plan, refused: [], notes: [] };
    },
    'plans.list': async ({ boardId }) => plans.filter((plan) => plan.boardId === boardId),
    'plans.get': async ({ boardId, planId }) => planFor(boardId, planId),
    'plans.export': async ({ boardId, planId, format }) => ({ text: `# ${format}: ${planFor(boardId, planId).title}\n`, leftOut: [] }),
    'plans.remove': async ({ boardId, planId }) => {
      planFor(boardId, planId);
      plans = plans.filter((plan) => plan.id !== planId);
      return {};
    },
    'changes.apply': async ({ boardId, planId }) => {
      const plan = planFor(boardId, planId);
      plans = plans.filter(({ id }) => id !== planId);
      for (const { action } of plan.steps) if (action.kind === 'domain' && action.xml !== null) state.tuned(boardId, action.name, action.xml);
      return done(state.newJob('change', `${plan.title} on ${plan.boardName}`, boardId, null), changeOf(plan));
    },
    'changes.resume': async ({ boardId, changeId, direction }) => {
      const { plan } = changeFor(boardId, changeId);
      const ended = changeOf(plan, direction === 'apply' ? {} : { state: 'rolled-back', words: 'Everything this change did was put back.' });
      return done(state.newJob('change', `${plan.title} on ${plan.boardName}`, boardId, null), ended);
    },
    'changes.list': async ({ boardId }) => changes.filter((change) => change.boardId === boardId),
    'changes.get': async ({ boardId, changeId }) => changeFor(boardId, changeId),
    'changes.restart': async ({ boardId }) => {
      const jobId = state.newJob('restart', `Restart ${state.boardOf(boardId).board.name}`, boardId, null);
      state.tell(jobId, { kind: 'done', result: { bootId: 'another', commandLine: 'quiet', kernelRelease: '6.1.0-50-rt-amd64' } });
      return { jobId };
    },
  };
};

function about(want: ChangeWant, definition: () => string): Partial<Plan> {
  if (want.kind === 'undo') return { title: 'Undo: Timers stay on their CPU', purpose: { kind: 'undo', changeId: want.changeId } };
  if (want.kind === 'try-kernel') return { title: 'Start once with another command line', restart: 'included', purpose: { kind: 'try-kernel', commandLine: 'quiet isolcpus=2-3', kernelRelease: null } };
  if (want.kind === 'tune-vm') return { title: `Tune ${want.name}`, steps: [tuneStep(want.name, definition(), want.map)] };
  if (want.kind === 'host-cache') return { title: 'The host’s share of the cache', steps: Object.entries(want.masks).map(([id, mask], at) => schemataStep(at + 1, `${want.resource}:${id}=${mask}`)) };
  return {};
}

function tuneStep(name: string, xml: string, map: VmMap): PlannedStep {
  const tuned = tuneDomain(xml, map);
  if (!tuned.ok) throw tuned.error;
  return { number: 1, title: `Define ${name} anew`, why: 'By the board’s CPU map.', settings: [], risk: 'none', caution: '', action: { kind: 'domain', name, xml: tuned.value.xml }, before: { kind: 'domain', xml } };
}

const schemataStep = (number: number, line: string): PlannedStep => (
  { number, title: `Set ${line}`, why: 'The host keeps these ways.', settings: [], risk: 'performance', caution: '', action: { kind: 'schemata', line }, before: { kind: 'schemata', line: null } }
);
