import type { Proposal, ProposedStep } from '../../model/plan.ts';
import type { SettingReport } from '../../model/setting.ts';
import { attributeNameSchema } from '../../model/plan.ts';
import type { Capture } from '../../parsers/capture.ts';
import { attributesOfSetting, firmwareAttributesIn, type AttributeOfSetting } from './firmware-attributes.ts';

interface AttributeRequest {
  readonly capture: Capture;
  /** The firmware guide judged on the same capture. */
  readonly settings: readonly SettingReport[];
  /** Which of them to change; null: all that are not in order. */
  readonly wanted: readonly string[] | null;
}

/** think-lmi takes this many changes one by one between two starts. Source: kernel ABI documentation, sysfs-class-firmware-attributes, save_settings. */
const lenovoLimit = 48;

/** Changes of firmware settings through the kernel's firmware-attributes class. Total; what cannot be done is refused with the way out. */
export function proposeAttributes({ capture, settings, wanted }: AttributeRequest): Proposal {
  const offered = firmwareAttributesIn(capture);
  const steps: ProposedStep[] = [];
  const refused: Proposal['refused'][number][] = [];
  const chosen = settings.filter((setting) => (wanted === null ? setting.status === 'change' || setting.status === 'manual' || setting.status === 'unknown' : wanted.includes(setting.id)));
  for (const setting of chosen) {
    const attributes = attributesOfSetting(offered, setting.id);
    if (attributes.length === 0) {
      if (wanted !== null) refused.push({ setting: setting.id, ...nothingOffered(offered.map(({ driver }) => driver)) });
      continue;
    }
    for (const attribute of attributes) {
      if (attribute.asAsked === true) continue;
      const outcome = stepOf(setting, attribute);
      if ('action' in outcome) steps.push(outcome);
      else refused.push({ setting: setting.id, ...outcome });
    }
  }
  const lenovo = steps.filter(({ action }) => action.kind === 'firmware-attribute' && action.driver === 'thinklmi').length;
  return {
    title: 'Change firmware settings from Linux', purpose: { kind: 'change' }, steps, refused, restart: steps.length > 0 ? 'needed' : 'none',
    notes: [
      ...(steps.length > 0 ? ['The firmware takes the values with the next start. Until then Linux shows the old effect.'] : []),
      ...(lenovo > lenovoLimit ? [`This firmware takes ${lenovoLimit} changes between two starts; these are ${lenovo}.`] : []),
      ...(offered.some(({ pendingReboot }) => pendingReboot) ? ['A change of the firmware is waiting for a start already.'] : []),
    ],
  };
}

function stepOf(setting: SettingReport, { driver, attribute, wanted, passwordSet }: AttributeOfSetting): ProposedStep | { why: string; next: string } {
  const { name, value, possible } = attribute;
  const spelling = wanted.find((one) => possible.includes(one));
  if (value === null && possible.length === 0) return { why: `${name} was not read.`, next: 'Read the board as root, then try again.' };
  if (spelling === undefined) return { why: `${name} takes ${possible.join(', ') || 'no values that are known'}, and none of them is ${wanted.join(' or ')}.`, next: 'Change it in the firmware’s set-up.' };
  if (passwordSet) return { why: 'An administrator’s password of the firmware stands before every change.', next: 'Change it in the firmware’s set-up, or take the password off there for the time of the change.' };
  if (!attributeNameSchema.safeParse(name).success || !attributeNameSchema.safeParse(driver).success) return { why: `The name ${name} holds characters that are not passed to a board.`, next: 'Change it in the firmware’s set-up.' };
  return {
    title: `${setting.title}: ${spelling} (${name}${value === null ? '' : `, now ${value}`})`, why: setting.why, settings: [setting.id], risk: setting.firmware?.tradesSafety ? 'security' : 'boot',
    caution: setting.firmware?.caution ?? '', action: { kind: 'firmware-attribute', driver, attribute: name, value: spelling },
  };
}

function nothingOffered(drivers: readonly string[]): { why: string; next: string } {
  return drivers.length === 0
    ? { why: 'This firmware offers no settings to Linux.', next: 'Carry the sheet to the firmware’s set-up.' }
    : { why: `Of what this firmware offers (${drivers.join(', ')}), no attribute is known to stand for it.`, next: 'Carry the sheet to the firmware’s set-up.' };
}
