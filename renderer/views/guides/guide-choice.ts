import { guideIds, type GuideId, type Layer, type SettingReport } from '../../../shared/model/setting.ts';
import type { Board } from '../../../shared/model/board.ts';
import type { Snapshot } from '../../../shared/model/snapshot.ts';

export const guideStations = ['firmware', 'kernel', 'runtime'] as const;
export type GuideStation = (typeof guideStations)[number];

/** Guides a person may choose for the kernel and the runtime; the firmware has one of its own. */
export const workGuides: readonly GuideId[] = guideIds.filter((guide) => guide !== 'firmware');

/** The guide that fits a board: by its role, and by what the reading says it runs on. */
export function guideFor(role: Board['role'], virtualisation: Snapshot['virtualisation']): GuideId {
  const acrn = /acrn/i.test(virtualisation.name ?? '');
  if (role === 'host') return acrn ? 'acrn-service-vm' : 'kvm-host';
  // What is called bare metal and answers from inside a virtual machine is judged as what it is.
  if (role === 'guest' || virtualisation.kind === 'vm') return acrn ? 'acrn-rtvm' : 'kvm-guest';
  return 'bare-metal';
}

/** Which station shows a layer. Every layer has one. */
export function stationOf(layer: Layer): GuideStation {
  if (layer === 'firmware') return 'firmware';
  return layer === 'host kernel' || layer === 'guest kernel' ? 'kernel' : 'runtime';
}

/** Settings of one station by layer, in the order of the guide. */
export function byLayer(settings: readonly SettingReport[], station: GuideStation): Array<{ layer: Layer; settings: SettingReport[] }> {
  const groups = new Map<Layer, SettingReport[]>();
  for (const setting of settings) {
    if (stationOf(setting.layer) === station) groups.set(setting.layer, [...(groups.get(setting.layer) ?? []), setting]);
  }
  return [...groups].map(([layer, list]) => ({ layer, settings: list }));
}
