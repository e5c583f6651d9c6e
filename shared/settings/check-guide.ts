import type { Checklist } from '../model/checklist.ts';
import type { ManagementReading } from '../model/redfish.ts';
import type { GuideCheck, GuideId, Layer, SettingReport } from '../model/setting.ts';
import type { Snapshot } from '../model/snapshot.ts';
import type { Capture } from '../parsers/capture.ts';
import { viewOf } from './board-view.ts';
import { catalogue } from './catalogue.ts';

export interface CheckRequest {
  readonly snapshot: Snapshot;
  readonly capture: Capture;
  readonly guide: GuideId;
  /** CPUs the host keeps; null: what the board's command line says, else the lowest core of each node. */
  readonly housekeeping: readonly number[] | null;
  /** What persons attested of this board's firmware. */
  readonly checklist?: Checklist | null;
  /** What its management controller said last. */
  readonly management?: ManagementReading | null;
}

/** Guide × snapshot: every setting of the guide judged on this board, in the order of work. Total. */
export function checkGuide(request: CheckRequest): GuideCheck {
  const { guide } = request;
  const view = viewOf(request);
  const settings = catalogue.filter((setting) => setting.guides.includes(guide)).map((setting): SettingReport => {
    const { id, title, why, source } = setting;
    return { id, layer: layerIn(guide, setting.layer), title, why, source, ...setting.assess(view) };
  });
  return { guide, housekeeping: [...view.housekeeping], isolated: [...view.isolated], cpusFrom: request.housekeeping === null ? 'board' : 'caller', settings };
}

/** The same parameter is a matter of the guest's kernel in a guest's guide. */
function layerIn(guide: GuideId, layer: Layer): Layer {
  if (guide !== 'kvm-guest' && guide !== 'acrn-rtvm') return layer;
  return layer === 'host kernel' ? 'guest kernel' : layer === 'host runtime' ? 'guest runtime' : layer;
}
