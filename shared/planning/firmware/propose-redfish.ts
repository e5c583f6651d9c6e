import { attributeNameSchema, type Proposal, type ProposedStep } from '../../model/plan.ts';
import type { RedfishAttribute, RedfishSystem } from '../../model/redfish.ts';
import type { SettingReport } from '../../model/setting.ts';
import { redfishAttributesFor } from './attribute-names.ts';
import { systemsOfBoard } from './systems-of-board.ts';

interface RedfishRequest {
  readonly systems: readonly RedfishSystem[];
  /** UUID of the board as Linux tells it; null: not read. A controller of another machine is refused by it. */
  readonly boardUuid: string | null;
  readonly settings: readonly SettingReport[];
  /** Which of them to change; null: all that are not in order. */
  readonly wanted: readonly string[] | null;
}

/** Changes of firmware settings through the management controller. Total; what cannot be done is refused with the way out. */
export function proposeRedfish({ systems, boardUuid, settings, wanted }: RedfishRequest): Proposal {
  const chosen = settings.filter((setting) => setting.firmware && (wanted === null ? ['change', 'manual', 'unknown'].includes(setting.status) : wanted.includes(setting.id)));
  const ofBoard = systemsOfBoard(systems, boardUuid);
  const [system] = ofBoard;
  if (ofBoard.length !== 1 || system === undefined) return { ...empty, refused: chosen.map(({ id }) => ({ setting: id, ...wrongSystem(systems.length, ofBoard.length) })) };
  const steps: ProposedStep[] = [];
  const refused: Proposal['refused'][number][] = [];
  for (const setting of chosen) {
    const offered = redfishAttributesFor(setting.id).flatMap(({ name, wanted: spellings }) => {
      const attribute = system.attributes.find((one) => one.name === name);
      return attribute ? [{ attribute, spellings }] : [];
    });
    if (offered.length === 0 && wanted !== null) refused.push({ setting: setting.id, why: 'The management controller offers no setting that is known to stand for it.', next: 'Carry the sheet to the firmware’s set-up.' });
    for (const { attribute, spellings } of offered) {
      if (typeof attribute.next === 'string' && spellings.includes(attribute.next)) continue;
      const outcome = stepOf(setting, system, attribute, spellings);
      if ('action' in outcome) steps.push(outcome);
      else refused.push({ setting: setting.id, ...outcome });
    }
  }
  const waiting = system.attributes.filter(({ value, next }) => value !== next).map(({ name }) => name);
  return {
    ...empty, steps, refused, restart: steps.length > 0 ? 'needed' : 'none',
    notes: [
      ...(steps.length > 0 ? ['The firmware takes the values with the next start of the machine.'] : []),
      ...(waiting.length > 0 ? [`Waiting for a start already: ${waiting.join(', ')}.`] : []),
      ...(boardUuid === null || system.uuid === null ? ['Whether this controller belongs to this board could not be checked: compare model and firmware version.'] : []),
    ],
  };
}

const empty: Proposal = { title: 'Change firmware settings through the management controller', purpose: { kind: 'change' }, steps: [], refused: [], restart: 'none', notes: [] };

function stepOf(setting: SettingReport, { system, writable }: RedfishSystem, { name, value, next, possible, readOnly }: RedfishAttribute, spellings: readonly string[]): ProposedStep | { why: string; next: string } {
  const spelling = possible.length === 0 ? spellings.find((one) => sameFamily(one, next)) : spellings.find((one) => possible.includes(one));
  if (!writable) return { why: 'The management controller shows firmware settings, but takes no changes.', next: 'Carry the sheet to the firmware’s set-up.' };
  if (readOnly) return { why: `${name} is ${String(value)} and cannot be changed by itself.`, next: 'As a rule a system or workload profile decides it: set that to Custom first, in the firmware’s set-up or the controller’s page.' };
  if (spelling === undefined) return { why: `${name} takes ${possible.join(', ') || 'values that are not known'}, and none of them is ${spellings.join(' or ')}.`, next: 'Change it in the firmware’s set-up.' };
  if (!attributeNameSchema.safeParse(name).success) return { why: `The name ${name} holds characters that are not passed on.`, next: 'Change it in the firmware’s set-up.' };
  return {
    title: `${setting.title}: ${spelling} (${name}, now ${String(value)})`, why: setting.why, settings: [setting.id], risk: setting.firmware?.tradesSafety ? 'security' : 'boot', caution: setting.firmware?.caution ?? '',
    action: { kind: 'redfish', system, attribute: name, value: spelling },
  };
}

/** Without a list of values, the spelling is taken from the present one: `Enabled` goes with `Disabled`, `Enable` with `Disable`. */
function sameFamily(spelling: string, present: RedfishAttribute['next']): boolean {
  if (present !== 'Enabled' && present !== 'Disabled' && present !== 'Enable' && present !== 'Disable') return false;
  return (spelling === 'Enabled' || spelling === 'Enable' || spelling === 'Disabled' || spelling === 'Disable') && spelling.endsWith('d') === present.endsWith('d');
}

function wrongSystem(all: number, ofBoard: number): { why: string; next: string } {
  return all === 0 || ofBoard === 0
    ? { why: 'The management controller is another machine’s: its UUID is not this board’s.', next: 'Check the controller’s address.' }
    : { why: 'The management controller manages several machines, and which one is this board cannot be told.', next: 'Read the board as root, so that its UUID is known.' };
}
