import type { ChecklistEntry, FirmwareReport } from '../../model/checklist.ts';
import type { FourStates } from '../../model/setting.ts';
import type { Snapshot } from '../../model/snapshot.ts';
import type { AttributeOfSetting } from '../../planning/firmware/firmware-attributes.ts';
import { lines, verdictOf, type Finding } from '../setting.ts';
import type { FirmwareItemSpec, FirmwareSight } from './firmware-item.ts';

interface Witnesses {
  readonly spec: FirmwareItemSpec;
  /** What the running system shows. */
  readonly sight: FirmwareSight | null;
  /** What the firmware itself says. */
  readonly attributes: readonly AttributeOfSetting[];
  /** What a person says. */
  readonly entry: ChecklistEntry | null;
  readonly firmware: Pick<Snapshot['identity']['firmware'], 'version' | 'date'>;
}

type Verdict = Pick<Finding, 'status' | 'stuckAt' | 'message' | 'fix'> & { readonly contradiction?: string };

/** Joins the three witnesses of a firmware item. What Linux shows weighs most, then the firmware's own word, then a person's. */
export function judgeFirmware(witnesses: Witnesses): Finding {
  const { spec, sight, attributes, entry, firmware } = witnesses;
  const stale = entry === null ? null : staleness(entry, firmware);
  const valid = stale === null ? entry : null;
  const verdict = fromSight(witnesses, valid) ?? fromAttributes(witnesses) ?? fromPerson(witnesses, stale);
  const [first] = attributes;
  const states: FourStates = {
    requested: spec.option, written: first ? attributes.map(({ attribute }) => attribute.value ?? 'not read').join(', ') : attestedValue(spec, valid), booted: null, effective: sight?.value ?? null,
  };
  const written = first ? attributes.every(({ asAsked }) => asAsked !== false) : valid?.state === 'as-asked' ? true : valid?.state === 'different' ? false : null;
  const verdicts = { written: states.written === null ? 'none' as const : verdictOf(written), booted: 'none' as const, effective: spec.seen === undefined ? 'none' as const : verdictOf(sight?.matches ?? null) };
  const { contradiction = null, ...finding } = verdict;
  const report: FirmwareReport = {
    option: spec.option, menu: spec.menu, does: spec.does, shows: spec.shows, caution: spec.caution ?? '', tradesSafety: spec.tradesSafety ?? false, contradiction,
    attested: entry === null ? null : { ...entry, stale },
    attribute: first ? { driver: first.driver, name: first.attribute.name, value: first.attribute.value, pending: first.pending } : null,
  };
  const evidence = lines(sight?.evidence, ...attributes.map(({ attribute }) => `${attribute.path}: ${attribute.value ?? '(not readable without root)'}`), entry === null ? null : attestedLine(entry));
  return { ...finding, states, verdicts, evidence, firmware: report };
}

/** `attested by NAME on DATE: note`, with the state and what the menu showed. */
export function attestedLine({ by, at, state, value, note }: ChecklistEntry): string {
  const found = state === 'as-asked' ? 'as asked' : state === 'different' ? 'different' : state === 'cannot-tell' ? 'cannot tell' : 'not there';
  return `attested by ${by} on ${dayOf(at)}: ${found}${value === '' ? '' : ` (${value})`}${note === '' ? '' : `: ${note}`}`;
}

const dayOf = (stamp: string) => `${stamp.slice(0, 4)}-${stamp.slice(4, 6)}-${stamp.slice(6, 8)}`;
const whereOf = (spec: FirmwareItemSpec) => `In the firmware’s set-up: ${spec.menu} → ${spec.title}: ${spec.option}.${spec.caution ? ` ${spec.caution}` : ''}`;
const attestedValue = (spec: FirmwareItemSpec, entry: ChecklistEntry | null) => (entry === null ? null
  : entry.state === 'as-asked' ? (entry.value === '' ? spec.option : entry.value) : entry.state === 'different' ? (entry.value === '' ? 'different' : entry.value) : null);

/** A firmware of another version or date has other settings, or the same ones at their defaults. */
function staleness({ firmware: then, at }: ChecklistEntry, now: Witnesses['firmware']): string | null {
  if (then === null) return null;
  const differs = (before: string | null, after: string | null) => before !== null && after !== null && before !== after;
  if (!differs(then.version, now.version) && !differs(then.date, now.date)) return null;
  return `Attested on ${dayOf(at)} for firmware ${then.version ?? then.date ?? 'of another version'}; now it is ${now.version ?? now.date ?? 'another'}. Look again.`;
}

function fromSight({ spec, sight, attributes }: Witnesses, entry: ChecklistEntry | null): Verdict | null {
  if (sight === null || sight.matches === null) return null;
  const where = whereOf(spec);
  const seen = `Seen from Linux: ${sight.value}.${sight.caveat ? ` ${sight.caveat}` : ''}`;
  const waiting = attributes.find(({ asAsked, pending }) => asAsked === true && pending);
  const opposite = sight.matches ? 'different' : 'as-asked';
  if (entry?.state === opposite) {
    const contradiction = `${entry.by} attested on ${dayOf(entry.at)} that it is ${opposite === 'as-asked' ? 'as asked' : `different${entry.value === '' ? '' : ` (${entry.value})`}`}, but Linux shows: ${sight.value}.`;
    const cause = sight.matches ? 'Something else, such as the command line, may have the same effect.' : 'It may not have been saved, the machine may not have been started since, or something else sets it.';
    return { status: 'change', stuckAt: sight.matches ? 'written' : 'effective', message: `Contradiction: ${contradiction} ${cause}`, fix: `Look again. ${where}`, contradiction };
  }
  if (sight.matches) return { status: 'ok', stuckAt: null, message: seen, fix: null };
  if (waiting) return { status: 'change', stuckAt: 'booted', message: `Written in the firmware (${waiting.attribute.name}: ${waiting.attribute.value ?? ''}); it waits for a restart. ${seen}`, fix: 'Restart the board.' };
  const claimed = attributes.length > 0 && attributes.every(({ asAsked }) => asAsked === true);
  if (claimed) {
    const contradiction = `The firmware says ${attributes.map(({ attribute }) => `${attribute.name} is ${attribute.value ?? ''}`).join(', ')}, but Linux shows: ${sight.value}.`;
    return { status: 'change', stuckAt: 'effective', message: `Contradiction: ${contradiction}`, fix: `Look again. ${where}`, contradiction };
  }
  return { status: 'change', stuckAt: attributes.some(({ asAsked }) => asAsked === false) || entry?.state === 'different' ? 'written' : 'effective', message: seen, fix: where };
}

function fromAttributes({ spec, attributes }: Witnesses): Verdict | null {
  const told = attributes.filter(({ asAsked }) => asAsked !== null);
  if (told.length === 0) return null;
  const other = told.find(({ asAsked }) => asAsked === false);
  if (other) return { status: 'change', stuckAt: 'written', message: `The firmware says: ${other.attribute.name} is ${other.attribute.value ?? ''}.`, fix: whereOf(spec) };
  if (told.some(({ pending }) => pending)) return { status: 'change', stuckAt: 'booted', message: 'Written in the firmware; it waits for a restart.', fix: 'Restart the board.' };
  return { status: 'ok', stuckAt: null, message: `The firmware says: ${told.map(({ attribute }) => `${attribute.name} is ${attribute.value ?? ''}`).join(', ')}.`, fix: null };
}

function fromPerson({ spec, sight, entry }: Witnesses, stale: string | null): Verdict {
  const where = whereOf(spec);
  const shown = sight ? `Seen from Linux: ${sight.value}; that does not settle it. ` : '';
  if (entry === null || stale !== null) {
    return { status: 'manual', stuckAt: null, message: stale ?? `${shown}${sight ? '' : 'This does not show from Linux. '}A person has to look and say so.`, fix: where };
  }
  const who = `${entry.by} on ${dayOf(entry.at)}`;
  switch (entry.state) {
    case 'as-asked': return { status: 'ok', stuckAt: null, message: `${shown}Attested by ${who}.`, fix: null };
    case 'different': return { status: 'change', stuckAt: 'written', message: `${shown}Attested by ${who}: it is different${entry.value === '' ? '' : ` (${entry.value})`}.`, fix: where };
    case 'cannot-tell': return { status: 'unknown', stuckAt: null, message: `${shown}${who}: looked and could not tell.`, fix: where };
    case 'not-there': return { status: 'not-applicable', stuckAt: null, message: `Attested by ${who}: this firmware has no such item.`, fix: null };
  }
}
