import type { GuideId, Layer } from '../../model/setting.ts';
import { lines, notApplicable, type BoardView, type Finding, type Setting } from '../setting.ts';

/** What is configured to be set at the next start. */
export interface Persistent {
  readonly value: string | null;
  readonly evidence: string | null;
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
}

/** A setting that the running system shows as a value and that is made to last by a file. */
export function liveValue(spec: LiveValueSpec): Setting {
  return {
    id: spec.id, layer: spec.layer ?? 'host runtime', title: spec.title, why: spec.why, source: spec.source, guides: spec.guides,
    assess: (board) => assess(spec, board),
  };
}

function assess(spec: LiveValueSpec, board: BoardView): Finding {
  const asked = spec.requested(board);
  if ('notAskedFor' in asked) return notApplicable(asked.notAskedFor);
  const live = spec.live(board);
  const persistent = spec.persistent?.(board) ?? null;
  const same = (value: string) => (spec.matches ? spec.matches(value, asked.value, board) : value === asked.value);
  const states = { requested: asked.value, written: persistent === null ? null : persistent.value ?? 'absent', booted: null, effective: live.value };
  const evidence = lines(persistent?.evidence, live.evidence);
  if (live.value === null) {
    const refused = board.snapshot.unread.find(({ reason }) => reason === 'needs root');
    return { status: board.snapshot.asRoot || !refused ? 'not-applicable' : 'unknown', stuckAt: null, states, evidence, message: spec.absent, fix: null };
  }
  if (!same(live.value)) {
    const pending = persistent?.value !== null && persistent?.value !== undefined && same(persistent.value);
    return {
      status: 'change', stuckAt: pending ? 'effective' : 'written', states, evidence,
      message: `${spec.otherwise?.(live.value, board) ?? `It is ${live.value}; ${asked.value} is asked for.`}${pending ? ' It is configured, but something has set it back since the start, or it was never loaded.' : ''}`, fix: spec.fix(asked.value, board),
    };
  }
  if (persistent && (persistent.value === null || !same(persistent.value))) {
    const overridden = persistent.value !== null;
    return { status: 'change', stuckAt: 'written', states, evidence, message: overridden ? `In effect now, but the next start will set it to ${persistent.value}.` : 'In effect now; nothing will set it at the next start.', fix: spec.fix(asked.value, board) };
  }
  return { status: 'ok', stuckAt: null, states, evidence, message: `It is ${live.value}.`, fix: null };
}
