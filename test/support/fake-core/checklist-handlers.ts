import { readFileSync } from 'node:fs';
import type { Handlers } from '../../../shared/contract/dispatch.ts';
import { CodedError } from '../../../shared/contract/errors.ts';
import type { Checklist, ChecklistEntry } from '../../../shared/model/checklist.ts';
import { parseCapture } from '../../../shared/parsers/capture.ts';
import { platformSupport } from '../../../shared/planning/firmware/platforms.ts';
import { stepZero } from '../../../shared/planning/firmware/step-zero.ts';
import { stampAgo } from './data.ts';
import { snapshotOf } from './machines.ts';
import type { FakeState } from './state.ts';

const fixture = new URL('../../fixtures/captures/emulated-board-root.capture', import.meta.url);
/** One grey pixel. */
const pixel = 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAAAAAA6fptVAAAACklEQVR4nGNoAAAAggCBd81ytgAAAABJRU5ErkJggg==';
const sha256 = '0'.repeat(64);

type Method = Extract<keyof Handlers, `checklist.${string}` | `firmware.${string}`>;

/** What persons attest is kept until the page is gone; a photo is always the same pixel. */
export function checklistHandlers(state: FakeState): Pick<Handlers, Method> {
  const of = (boardId: string): Checklist => state.checklists.get(state.boardOf(boardId).board.id) ?? { schema: 1, entries: [] };
  const put = (boardId: string, entry: ChecklistEntry): Checklist => {
    const after: Checklist = { schema: 1, entries: [...of(boardId).entries.filter(({ settingId }) => settingId !== entry.settingId), entry] };
    state.checklists.set(boardId, after);
    state.emit('checklist-changed', { boardId });
    return after;
  };
  return {
    'checklist.get': async ({ boardId }) => of(boardId),
    'checklist.attest': async ({ boardId, attestation }) => put(boardId, { ...attestation, at: stampAgo(0), firmware: null, photo: null }),
    'checklist.attach-photo': async ({ boardId, settingId }) => {
      const entry = of(boardId).entries.find((one) => one.settingId === settingId);
      return entry ? put(boardId, { ...entry, photo: { file: `attachments/${sha256}.png`, sha256, mediaType: 'image/png', sizeBytes: 67 } }) : of(boardId);
    },
    'checklist.photo': async () => ({ mediaType: 'image/png', sha256, bytesBase64: pixel }),
    'firmware.gate': async () => null,
    'firmware.measure': async ({ boardId }) => {
      const jobId = state.newJob('firmware', `Measure the firmware of ${state.boardOf(boardId).board.name}`, boardId, null);
      state.tell(jobId, { kind: 'done', result: { verdict: 'quiet', evidence: [], next: '' } });
      return { jobId };
    },
    'firmware.set-bmc': async ({ boardId, bmc }) => {
      const fake = state.boardOf(boardId);
      const { bmc: before, ...board } = fake.board;
      fake.board = bmc === null ? board : { ...board, bmc: { ...bmc, certificateSha256: before?.certificateSha256 ?? null } };
      state.emit('boards-changed', {});
      return fake.board;
    },
    'firmware.read-bmc': async () => [{
      system: '/redfish/v1/Systems/1', manufacturer: 'Contoso', model: '3500', uuid: null, biosVersion: 'P79 v1.45', writable: true,
      attributes: [
        { name: 'ProcHyperthreading', value: 'Enabled', next: 'Disabled', displayName: 'Hyper-Threading', possible: ['Enabled', 'Disabled'], readOnly: false },
        { name: 'ProcTurbo', value: 'Enabled', next: 'Enabled', displayName: 'Turbo Boost', possible: ['Enabled', 'Disabled'], readOnly: false },
      ],
    }],
    'firmware.overview': async ({ boardId }) => {
      const { machine, snapshotIds: [latest] } = state.boardOf(boardId);
      if (machine === null || latest === undefined) return null;
      const capture = parseCapture(readFileSync(fixture, 'utf8'));
      if (!capture.ok) throw new CodedError('capture-unreadable', capture.error.message);
      const snapshot = snapshotOf(machine, latest);
      const zero = stepZero(snapshot.identity);
      const platform = platformSupport(snapshot, capture.value);
      return { stepZero: { ...zero, steps: [...zero.steps] }, platform: { ...platform, evidence: [...platform.evidence] }, smiCounting: 'module' };
    },
  };
}
