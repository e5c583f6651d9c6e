import { CodedError } from '../../../shared/contract/errors.ts';
import type { Board } from '../../../shared/model/board.ts';
import type { ChangeWant, Proposal } from '../../../shared/model/plan.ts';
import type { GuideId } from '../../../shared/model/setting.ts';
import { proposePromote } from '../../../shared/planning/boot/promote-kernel.ts';
import { proposeTry } from '../../../shared/planning/boot/try-kernel.ts';
import { proposeWrite } from '../../../shared/planning/boot/write-kernel.ts';
import { proposeMsrModule } from '../../../shared/planning/firmware/msr-module.ts';
import { proposeAttributes } from '../../../shared/planning/firmware/propose-attributes.ts';
import { proposeRedfish } from '../../../shared/planning/firmware/propose-redfish.ts';
import { planKernel } from '../../../shared/planning/kernel-plan.ts';
import { proposeBenchmarkTool } from '../../../shared/planning/packages/benchmark-tool.ts';
import { proposeRealtimeKernel } from '../../../shared/planning/packages/realtime-kernel.ts';
import { proposeHostCache } from '../../../shared/planning/cache/propose-host-cache.ts';
import { proposeTuneVm } from '../../../shared/planning/vm/propose-tune.ts';
import { proposeChanges } from '../../../shared/planning/propose-changes.ts';
import type { CheckRequest } from '../../../shared/settings/check-guide.ts';
import { readBmc } from '../firmware/bmc-access.ts';
import { checkBoard } from '../probe/check-board.ts';
import { latestReading, type Reading } from '../probe/latest-reading.ts';
import type { ProjectStore } from '../project/project-store.ts';
import type { Asker } from '../questions/asker.ts';
import { savedHousekeeping } from '../project/saved-housekeeping.ts';
import type { BoardSession } from '../ssh/board-session.ts';
import type { FileChangeStore } from './file-change-store.ts';
import type { RedfishAccess } from './redfish-access.ts';
import { proposeUndo } from './propose-undo.ts';
import { readTargets } from './read-targets.ts';

interface Request {
  /** The id the plan is to have: a trial is marked by it on the board's command line. */
  readonly id: string;
  readonly board: Board;
  readonly session: BoardSession;
  readonly store: ProjectStore;
  readonly changes: FileChangeStore;
  readonly want: ChangeWant;
  readonly asker: Asker;
  readonly redfish: RedfishAccess | undefined;
}

/**
 * What is proposed for what a person wants, computed from the board's last reading.
 * Errors: `plan-refused` when the board has not been read or the trial to promote is none, `vm-unknown`, `libvirt-unreachable`, and those of undoing.
 */
export async function proposalFor(request: Request): Promise<{ proposal: Proposal; snapshotId: string | null }> {
  const { board, session, store, changes, want, redfish } = request;
  const reading = await latestReading(store, board.id);
  if (want.kind === 'undo') {
    const all = await changes.changes(board.id);
    return { proposal: await proposeUndo({ session, board, change: await changes.change(board.id, want.changeId), all, redfish }), snapshotId: reading?.id ?? null };
  }
  if (want.kind === 'tune-vm') return { proposal: await tuneVm(request, want), snapshotId: reading?.id ?? null };
  if (!reading) throw new CodedError('plan-refused', `${board.name} has not been read yet: there is nothing to compute from.`, { board: board.name, state: 'Nothing was changed.', next: 'Inspect the board first.' });
  return { proposal: await fromReading(request, reading, want), snapshotId: reading.id };
}

async function fromReading({ id, board, store, changes, asker }: Request, { snapshot, capture }: Reading, want: Exclude<ChangeWant, { kind: 'undo' | 'tune-vm' }>): Promise<Proposal> {
  const reading = { snapshot, capture };
  const asked = async (guide: GuideId, told: readonly number[] | null): Promise<CheckRequest> => ({ ...reading, guide, housekeeping: told ?? await savedHousekeeping(store, board.id) });
  switch (want.kind) {
    case 'settings': return proposeChanges(await asked(want.guide, want.housekeeping), want.settings ?? 'attention');
    case 'try-kernel': return proposeTry({ ...reading, stamp: id, commandLine: planKernel(await asked(want.guide, want.housekeeping)).after, kernel: want.kernel });
    case 'write-kernel': return proposeWrite({ ...reading, commandLine: planKernel(await asked(want.guide, want.housekeeping)).after });
    case 'promote-kernel': {
      const { plan: { purpose }, state } = await changes.change(board.id, want.changeId);
      if (purpose.kind !== 'try-kernel' || state !== 'done') {
        throw new CodedError('plan-refused', 'Only a trial that came back good can be made the default.', { board: board.name, state: 'Nothing was changed.', next: 'Try the command line once first.' });
      }
      return proposePromote({ ...reading, tried: want.changeId, commandLine: purpose.commandLine, kernel: purpose.kernelRelease });
    }
    case 'realtime-kernel': return proposeRealtimeKernel({ ...reading, source: want.source, ...(want.eci === undefined ? {} : { eci: want.eci }), ...(want.eciKey === undefined ? {} : { eciKey: want.eciKey }) });
    case 'firmware': {
      const settings = (await checkBoard(store, board.id, 'firmware', null))?.settings ?? [];
      const inBand = proposeAttributes({ capture, settings, wanted: want.settings });
      if (board.bmc === undefined || inBand.steps.length > 0) return inBand;
      return proposeRedfish({ systems: await readBmc({ store, asker }, board.id), boardUuid: snapshot.identity.uuid, settings, wanted: want.settings });
    }
    case 'host-cache': return proposeHostCache({ ...reading, ...want });
    case 'tool': return proposeBenchmarkTool({ ...reading, benchmark: want.benchmark, source: want.source ?? { kind: 'board' } });
    case 'module': return want.module === 'msr' ? proposeMsrModule(reading) : loading(want.module);
  }
}

/** Computed from what libvirt says at this moment: a definition changes without the board being read again. */
async function tuneVm({ session, board }: Request, { name, map }: Extract<ChangeWant, { kind: 'tune-vm' }>): Promise<Proposal> {
  const { states: [state] } = await readTargets({ session, actions: [{ kind: 'domain', name, xml: null }] });
  if (state?.kind === 'domain' && state.xml !== null) return proposeTuneVm(state.xml, name, map);
  throw new CodedError('vm-unknown', `libvirt on ${board.name} has no persistent VM called ${name}.`, {
    board: board.name, state: 'Nothing was changed.', next: 'List its VMs (vm list). One that exists only while it runs is made persistent with virsh define.',
  });
}

const loading = (module: string): Proposal => ({
  title: `Load the module ${module}`, purpose: { kind: 'change' }, restart: 'none', notes: ['It stays loaded until the next start.'], refused: [],
  steps: [{ title: `Load the module ${module}`, why: 'What it offers cannot be read without it, and reading never loads one.', settings: [], risk: 'none', caution: '', action: { kind: 'module', module, loaded: true } }],
});
