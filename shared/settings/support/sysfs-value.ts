import type { Risk } from '../../model/plan.ts';
import type { BoardView, ChangeOffer, Setting } from '../setting.ts';
import { bootWriteTo } from './boot-writes.ts';
import { withoutSystemd } from './init-system.ts';
import { liveValue, type LiveValueSpec, type Persistent } from './live-value.ts';
import { fileStep, header, nameOf, valueStep } from './steps.ts';

export interface SysfsValueSpec extends Omit<LiveValueSpec, 'live' | 'persistent' | 'fix' | 'change'> {
  /** The live files, all of which are to hold the value. */
  readonly paths: (board: BoardView) => readonly string[];
  /** One path or glob for the file that sets them at every start; absent: one line a path. */
  readonly glob?: string;
  /** What a file says, as it is shown and compared: a mask as a list, the choice in brackets. */
  readonly shown?: (text: string) => string;
  /** What is written for a requested value: a list as a mask as wide as the one that is there. */
  readonly written?: (requested: string, now: string, board: BoardView) => string;
  /** How it may read back, besides what was written. */
  readonly readsAs?: (written: string, now: string) => readonly string[];
  /** What the next start makes of it without a file: the kernel's default, or what the command line asks for. */
  readonly byDefault?: (board: BoardView) => Persistent | null;
  readonly risk?: Risk;
  readonly caution?: string;
}

/** A setting that is one value in files of /sys or /proc: now by writing it, at every start by a line of tmpfiles.d. */
export function sysfsValue(spec: SysfsValueSpec): Setting {
  const shown = spec.shown ?? ((text: string) => text);
  const wrong = (board: BoardView, values: readonly string[]) => {
    const asked = spec.requested(board);
    return 'value' in asked ? values.findIndex((value) => !(spec.matches ? spec.matches(value, asked.value, board) : value === asked.value)) : -1;
  };
  return liveValue({
    ...spec,
    live: (board) => {
      const there = spec.paths(board).flatMap((path) => {
        const text = board.capture.value(path);
        return text === null ? [] : [{ path, value: shown(text) }];
      });
      const told = there[Math.max(0, wrong(board, there.map(({ value }) => value)))];
      return { value: told?.value ?? null, evidence: told ? board.capture.evidence(told.path) : null };
    },
    persistent: (board) => {
      const each = spec.paths(board).map((path) => {
        const found = bootWriteTo(board.capture, path);
        return found.value === null ? spec.byDefault?.(board) ?? found : { value: shown(found.value), evidence: found.evidence };
      });
      return each.find(({ value }) => value === null) ?? each[Math.max(0, wrong(board, each.map(({ value }) => value ?? '')))] ?? { value: null, evidence: null };
    },
    fix: (requested, board) => {
      const [path = ''] = spec.paths(board);
      return `Write ${spec.written?.(requested, board.capture.value(path) ?? '', board) ?? requested} to ${spec.glob ?? path} now, and by a line of /etc/tmpfiles.d/ at every start.${spec.caution ? ` ${spec.caution}` : ''}`;
    },
    change: (requested, board) => sysfsChange(spec, shown, requested, board),
  });
}

function sysfsChange(spec: SysfsValueSpec, shown: (text: string) => string, requested: string, board: BoardView): ChangeOffer {
  const refused = withoutSystemd(board);
  if (refused) return refused;
  const { capture } = board;
  // The first of two lines for one path counts.
  const file = `/etc/tmpfiles.d/00-rtvm-bench-${nameOf(spec.id)}.conf`;
  const there = spec.paths(board).flatMap((path) => {
    const now = capture.value(path);
    return now === null || !plainPath.test(path) ? [] : [{ path, now, value: spec.written?.(requested, now, board) ?? requested }];
  });
  for (const { path, value } of there) {
    const other = bootWriteTo(capture, path);
    if (other.file !== null && other.file !== file && other.value !== value && (other.file < file || other.file.endsWith('rc.local'))) {
      return { refused: `${other.evidence ?? other.file} counts before any file of ours and sets something else.`, next: `Take it out of ${other.file}, then read the board again.` };
    }
  }
  const good = (text: string) => (spec.matches ? spec.matches(shown(text), requested, board) : shown(text) === requested);
  const [first] = there;
  if (first === undefined) return { refused: 'Nothing here can be written by name.', next: 'Do it by hand.' };
  const lines = spec.glob === undefined ? there.map(({ path, value }) => tmpfilesLine(path, value)) : [tmpfilesLine(spec.glob, first.value)];
  return {
    steps: [
      fileStep(spec, file, [header(spec.title), ...lines]),
      ...there.filter(({ now }) => !good(now)).map(({ path, now, value }) => valueStep(spec, path, value, spec.readsAs?.(value, now) ?? [])),
    ],
    restart: 'none',
  };
}

/** tmpfiles.d reads `%` as the beginning of a specifier. Source: tmpfiles.d(5). */
const tmpfilesLine = (path: string, value: string) => `w ${path.replaceAll('%', '%%')} - - - - ${value.replaceAll('%', '%%')}`;
/** Names that no file format of a start reads as anything else. */
const plainPath = /^\/[A-Za-z0-9_./:@-]+$/;
