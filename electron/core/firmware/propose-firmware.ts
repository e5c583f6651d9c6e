import type { Proposal } from '../../../shared/model/plan.ts';
import type { SettingReport } from '../../../shared/model/setting.ts';
import type { Snapshot } from '../../../shared/model/snapshot.ts';
import type { Capture } from '../../../shared/parsers/capture.ts';
import { proposeAttributes } from '../../../shared/planning/firmware/propose-attributes.ts';
import { proposeRedfish } from '../../../shared/planning/firmware/propose-redfish.ts';
import { readBmc, type BmcParts } from './bmc-access.ts';

interface FirmwareRequest {
  readonly parts: BmcParts;
  readonly boardId: string;
  readonly snapshot: Pick<Snapshot, 'identity'>;
  readonly capture: Capture;
  /** The firmware guide judged on that capture. */
  readonly settings: readonly SettingReport[];
  /** Which of them to change; null: all that are not in order. */
  readonly wanted: readonly string[] | null;
  readonly signal?: AbortSignal;
}

/** Firmware changes by the way this board has: from Linux where the firmware offers it, else through its management controller. Errors: those of `readBmc`. */
export async function proposeFirmware({ parts, boardId, snapshot, capture, settings, wanted, signal }: FirmwareRequest): Promise<Proposal> {
  const fromLinux = proposeAttributes({ capture, settings, wanted });
  if (fromLinux.steps.length > 0 || (await parts.store.board(boardId)).bmc === undefined) return fromLinux;
  return proposeRedfish({ systems: await readBmc(parts, boardId, signal), boardUuid: snapshot.identity.uuid, settings, wanted });
}
