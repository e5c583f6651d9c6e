import { CodedError } from '../../../shared/contract/errors.ts';
import type { Board } from '../../../shared/model/board.ts';
import { openFirmwareItems } from '../../../shared/planning/firmware/gate.ts';
import { smiCounting } from '../../../shared/planning/firmware/msr-module.ts';
import { platformSupport } from '../../../shared/planning/firmware/platforms.ts';
import { stepZero } from '../../../shared/planning/firmware/step-zero.ts';
import { catalogue } from '../../../shared/settings/catalogue.ts';
import type { CoreParts } from '../create-core.ts';
import { readBmc } from '../firmware/bmc-access.ts';
import { ChecklistStore } from '../firmware/checklist-store.ts';
import { readGate, saveGate } from '../firmware/gate-store.ts';
import { measureFirmware } from '../firmware/measure-firmware.ts';
import { checkBoard } from '../probe/check-board.ts';
import { latestReading } from '../probe/latest-reading.ts';
import type { HandlerGroup } from './handler-group.ts';

export function checklistHandlers({ project, bus, questions, jobs }: CoreParts): HandlerGroup<'checklist' | 'firmware'> {
  const checklists = () => new ChecklistStore(project.context.store);
  return {
    'checklist.get': ({ boardId }) => checklists().get(boardId),
    'checklist.attest': async ({ boardId, attestation }) => {
      if (!catalogue.some(({ id, layer }) => id === attestation.settingId && layer === 'firmware')) {
        throw new CodedError('bad-request', `There is no firmware setting “${attestation.settingId}”.`, { state: 'Nothing was noted.', next: 'The firmware guide names them all.' });
      }
      const after = await checklists().attest(boardId, attestation);
      bus.emit('checklist-changed', { boardId });
      return after;
    },
    'checklist.attach-photo': async ({ boardId, settingId, bytesBase64 }) => {
      const after = await checklists().attachPhoto(boardId, settingId, Buffer.from(bytesBase64, 'base64'));
      bus.emit('checklist-changed', { boardId });
      return after;
    },
    'checklist.photo': async ({ boardId, settingId }) => {
      const { mediaType, sha256, bytes } = await checklists().photo(boardId, settingId);
      return { mediaType, sha256, bytesBase64: bytes.toString('base64') };
    },
    'firmware.set-bmc': async ({ boardId, bmc }) => {
      const { store } = project.context;
      const { bmc: before, ...rest } = await store.board(boardId);
      const isSame = before !== undefined && before.address === bmc?.address && before.port === bmc.port;
      const board: Board = bmc === null ? rest : { ...rest, bmc: isSame ? before : { ...bmc, certificateSha256: null } };
      await store.saveBoard(board);
      bus.emit('boards-changed', {});
      return board;
    },
    'firmware.read-bmc': async ({ boardId }) => {
      try {
        return await readBmc({ store: project.context.store, asker: questions }, boardId);
      } finally {
        // Its certificate may just have been trusted; what it said is a witness of the guide.
        bus.emit('boards-changed', {});
        bus.emit('checklist-changed', { boardId });
      }
    },
    'firmware.gate': ({ boardId }) => readGate(project.context.store, boardId),
    'firmware.measure': async ({ boardId, seconds }) => {
      const { store, sessions } = project.context;
      const { name } = await store.board(boardId);
      const reading = await latestReading(store, boardId);
      const check = await checkBoard(store, boardId, 'firmware', null);
      if (!reading || !check) throw new CodedError('bad-request', `${name} has not been read yet.`, { board: name, state: 'Nothing was measured.', next: 'Inspect the board first.' });
      const openItems = openFirmwareItems(check.settings);
      const job = jobs.start({ kind: 'firmware', title: `Measure the firmware of ${name}`, boardId, runId: null }, async ({ tell, signal }) => {
        tell({ kind: 'progress', message: `hwlatdetect runs on ${name} for ${seconds} s.`, fraction: null });
        const gate = await measureFirmware({ session: await sessions.get(boardId), boardName: name, reading, openItems, seconds, signal });
        await saveGate(store, boardId, gate);
        bus.emit('checklist-changed', { boardId });
        return { verdict: gate.verdict, evidence: gate.evidence, next: gate.next };
      });
      return { jobId: job.id };
    },
    'firmware.overview': async ({ boardId }) => {
      const { store } = project.context;
      await store.board(boardId);
      const reading = await latestReading(store, boardId);
      if (!reading) return null;
      const { snapshot, capture } = reading;
      const { keys, known, steps, command } = stepZero(snapshot.identity);
      const { verdict, platform, distribution, message, evidence, source } = platformSupport(snapshot, capture);
      return {
        stepZero: { keys, known, steps: [...steps], command },
        platform: { verdict, platform, distribution, message, evidence: [...evidence], source },
        smiCounting: smiCounting({ snapshot, capture }),
      };
    },
  };
}
