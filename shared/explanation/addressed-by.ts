import type { AddressedBy } from '../model/explanation.ts';
import type { GuideId, SettingReport } from '../model/setting.ts';
import { catalogue } from '../settings/catalogue.ts';

/** A setting as the guide judged it on the reading that the run was started from. */
export interface JudgedSetting { readonly guide: GuideId; readonly report: SettingReport }

/** The settings that address a finding, those that are not as they should be first. Unknown ids are left out. */
export function addressedBy(settingIds: readonly string[], judged: readonly JudgedSetting[]): AddressedBy[] {
  const found = settingIds.flatMap((settingId): AddressedBy[] => {
    const one = judged.find(({ report }) => report.id === settingId);
    const known = catalogue.find(({ id }) => id === settingId);
    if (one === undefined) return known === undefined ? [] : [{ settingId, title: known.title, layer: known.layer, status: null, guide: null, state: 'was not judged on this board', message: null, fix: null }];
    const { report, guide } = one;
    return report.status === 'not-applicable' ? [] : [{ settingId, title: report.title, layer: report.layer, status: report.status, guide, state: stateInWords(report), message: report.message, fix: report.fix }];
  });
  return [...found].sort((a, b) => Number(isOpen(b)) - Number(isOpen(a)));
}

export const isOpen = ({ status }: Pick<AddressedBy, 'status'>): boolean => status === 'change' || status === 'blocked' || status === 'manual';

/** Between which two of its states a setting got stuck. */
function stateInWords({ status, stuckAt }: SettingReport): string {
  if (status === 'ok') return 'is set and in effect';
  if (stuckAt === 'written') return 'is not written';
  if (stuckAt === 'booted') return 'is written but not booted';
  if (stuckAt === 'effective') return 'is written but not effective';
  if (status === 'unknown') return 'could not be read';
  if (status === 'manual') return 'has to be looked at by a person';
  return status === 'blocked' ? 'cannot be had on this board' : 'is not as it should be';
}
