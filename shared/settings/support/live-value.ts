import type { GuideId, Layer } from '../../model/setting.ts';
import { lines, notApplicable, verdictOf, type BoardView, type ChangeOffer, type Finding, type Setting } from '../setting.ts';

/** What is configured to be set at the next start. `overrides`: a file that asks for something else and comes too early to count. */
export interface Persistent {
  readonly value: string | null;
  readonly evidence: string | null;
  readonly overrides?: { readonly value: string; readonly evidence: string } | null;
}

export interface LiveValueSpec {
  readonly id: string;
  readonly layer?: Layer;
  readonly title: string;
  readonly why: string;
  readonly source: string;
  readonly guides: readonly GuideId[];
  readonly requested: (board: BoardView) => { value: string } | { notAskedFor: string };
  /** The live value and the line it was read from; a null value: not there or not read. */
  readonly live: (board: BoardView) => { value: string | null; evidence: string | null };
  readonly matches?: (value: string, requested: string, board: BoardView) => boolean;
  /** What the next start will make of it; absent where nothing of the kind is known. */
  readonly persistent?: (board: BoardView) => Persistent;
  /** Said when the value is not there at all: this kernel has no such thing. */
  readonly absent: string;
  readonly fix: (requested: string, board: BoardView) => string;
  /** What a value that does not match means. */
  readonly otherwise?: (value: string, board: BoardView) => string;
  /** Said besides where the setting needs attention: somebody tried, in a way that cannot work. */
  readonly hint?: (board: BoardView) => { message: string; evidence: string } | null;
  readonly change?: (requested: string, board: BoardView) => ChangeOffer;
  readonly choice?: string;
}

/** A setting that the running system shows as a value and that is made to last by a file. */
export function liveValue(spec: LiveValueSpec): Setting {
  const { change } = spec;
  return {
    id: spec.id, layer: spec.layer ?? 'host runtime', title: spec.title, why: spec.why, source: spec.source, guides: spec.guides,
    assess: (board) => assess(spec, board),
    ...(spec.choice === undefined ? {} : { choice: spec.choice }),
    ...(change === undefined ? {} : {
      change: (board: BoardView): ChangeOffer => {
        const asked = spec.requested(board);
        if ('notAskedFor' in asked) return { refused: asked.notAskedFor, next: 'Nothing is to be done.' };
        if (spec.live(board).value === null) return { refused: spec.absent, next: 'Read the board again as root, or with a kernel that has it.' };
        return change(asked.value, board);
      },
    }),
  };
}

function assess(spec: LiveValueSpec, board: BoardView): Finding {
  const asked = spec.requested(board);
  if ('notAskedFor' in asked) return notApplicable(asked.notAskedFor);
  const live = spec.live(board);
  const persistent = spec.persistent?.(board) ?? null;
  const same = (value: string) => (spec.matches ? spec.matches(value, asked.value, board) : value === asked.value);
  const lasts = persistent !== null && persistent.value !== null && same(persistent.value);
  const states = { requested: asked.value, written: persistent === null ? null : persistent.value ?? 'absent', booted: null, effective: live.value };
  const verdicts = { written: persistent === null ? 'none' as const : verdictOf(lasts), booted: 'none' as const, effective: verdictOf(live.value === null ? null : same(live.value)) };
  const overridden = !lasts && persistent?.overrides && same(persistent.overrides.value) ? persistent.overrides : null;
  const hint = spec.hint?.(board) ?? null;
  const evidence = lines(persistent?.evidence, overridden?.evidence, hint?.evidence, live.evidence);
  const found = { states, verdicts, evidence };
  if (live.value === null) {
    const refused = board.snapshot.unread.find(({ reason }) => reason === 'needs root');
    return { ...found, status: board.snapshot.asRoot || !refused ? 'not-applicable' : 'unknown', stuckAt: null, message: spec.absent, fix: null };
  }
  const because = `${overridden && persistent?.evidence ? ` ${overridden.evidence} asks for it, but ${persistent.evidence} comes later and counts.` : ''}${hint ? ` ${hint.message}` : ''}`;
  if (!same(live.value)) {
    return {
      ...found, status: 'change', stuckAt: lasts ? 'effective' : 'written',
      message: `${spec.otherwise?.(live.value, board) ?? `It is ${live.value}; ${asked.value} is asked for.`}${lasts ? ' It is configured, but something has set it back since the start, or it was never loaded.' : ''}${because}`, fix: spec.fix(asked.value, board),
    };
  }
  if (persistent && !lasts) {
    return { ...found, status: 'change', stuckAt: 'written', message: `${persistent.value !== null ? `In effect now, but the next start will set it to ${persistent.value}.` : 'In effect now; nothing will set it at the next start.'}${because}`, fix: spec.fix(asked.value, board) };
  }
  return { ...found, status: 'ok', stuckAt: null, message: `It is ${live.value}.`, fix: null };
}
