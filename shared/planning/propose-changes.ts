import type { ProposedStep, Proposal } from '../model/plan.ts';
import { viewOf } from '../settings/board-view.ts';
import { catalogue } from '../settings/catalogue.ts';
import type { CheckRequest } from '../settings/check-guide.ts';
import type { BoardView, ChangeOffer, Finding, Setting } from '../settings/setting.ts';
import { mergeSteps } from './merge-steps.ts';

/**
 * The steps that make settings of a guide right on a board, now and for every start, in an order that works. `attention`:
 * every setting that needs it and that a change of ours can make; settings named by id are refused with the reason where
 * they cannot. A setting that is in order is passed over and noted, unless it is a matter of choice. Total.
 */
export function proposeChanges(request: CheckRequest, settingIds: readonly string[] | 'attention'): Proposal {
  const view = viewOf(request);
  const inGuide = catalogue.filter(({ guides }) => guides.includes(request.guide));
  const refused: Array<Proposal['refused'][number]> = [];
  const offers: Array<{ setting: Setting; offer: Extract<ChangeOffer, { steps: unknown }> }> = [];
  const notes: string[] = [];
  const chosen = settingIds === 'attention' ? inGuide : [...new Set(settingIds)].flatMap((id) => {
    const setting = inGuide.find((candidate) => candidate.id === id);
    if (!setting) refused.push({ setting: id, why: 'This guide has no such setting.', next: 'Choose one that the guide lists.' });
    return setting ?? [];
  });
  for (const setting of chosen) {
    const finding = setting.assess(view);
    const named = settingIds !== 'attention';
    if (!named && (setting.choice !== undefined || (finding.status !== 'change' && finding.status !== 'blocked'))) continue;
    if (finding.status === 'ok' && !(named && setting.choice !== undefined)) {
      notes.push(`${setting.title}: in order already.`);
      continue;
    }
    const offer = offerOf(setting, finding, view);
    if ('refused' in offer) refused.push({ setting: setting.id, why: offer.refused, next: offer.next });
    else if (offer.steps.length === 0) notes.push(`${setting.title}: nothing is to be done.`);
    else offers.push({ setting, offer });
  }
  const { steps, conflicts } = mergeSteps(offers.map(({ setting, offer }) => ({ setting: setting.id, steps: offer.steps })));
  for (const { setting, with: other, path } of conflicts) refused.push({ setting, why: `It wants something else of ${path} than ${other}, which comes first.`, next: 'Make one change, then read the board again.' });
  const waiting = offers.filter(({ setting, offer }) => offer.restart === 'needed' && steps.some((step) => step.settings.includes(setting.id)));
  if (waiting.length > 0) notes.push(`In effect with the next start of the board: ${waiting.map(({ setting }) => setting.title).join('; ')}.`);
  const settings = new Set(steps.flatMap((step) => step.settings));
  return { title: titleOf(steps, settings), purpose: { kind: 'change' }, steps, restart: waiting.length > 0 ? 'needed' : 'none', notes, refused };
}

function offerOf(setting: Setting, finding: Finding, view: BoardView): ChangeOffer {
  if (finding.status === 'not-applicable') return { refused: finding.message, next: 'Nothing is to be done here.' };
  if (setting.change) return setting.change(view);
  if (setting.layer === 'firmware') return { refused: 'It is set in the firmware’s set-up.', next: 'Use the firmware checklist, or the firmware’s attributes where the board offers them.' };
  if (setting.layer === 'host kernel') return { refused: 'It belongs to the kernel or its command line.', next: 'Use the kernel plan, which tries a command line once before it stays.' };
  return { refused: 'No change of ours makes it.', next: finding.fix ?? 'See what the guide says of it.' };
}

function titleOf(steps: readonly ProposedStep[], settings: ReadonlySet<string>): string {
  if (settings.size === 0) return 'Nothing to change';
  if (settings.size > 1) return `Change ${String(settings.size)} settings`;
  const [id] = settings;
  return catalogue.find((setting) => setting.id === id)?.title ?? steps[0]?.title ?? 'Change a setting';
}
