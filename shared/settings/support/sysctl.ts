import type { Risk } from '../../model/plan.ts';
import type { BoardView, ChangeOffer, Setting } from '../setting.ts';
import { liveValue, type LiveValueSpec } from './live-value.ts';
import { fileStep, header, nameOf, valueStep } from './steps.ts';
import { lastFileOf, persistentSysctl } from './sysctl-files.ts';

export interface SysctlSpec extends Omit<LiveValueSpec, 'live' | 'persistent' | 'absent' | 'fix' | 'requested' | 'change'> {
  /** As in `sysctl -w`: `kernel.timer_migration`. */
  readonly key: string;
  readonly value: string;
  readonly notAskedFor?: (board: BoardView) => string | null;
  /** What the kernel starts with, where that does as well: then no file is needed. */
  readonly byDefault?: string;
  readonly caution?: string;
  readonly risk?: Risk;
}

/** A setting that is one sysctl: the live value in /proc/sys, and what the sysctl.d files will set, the last one counting. */
export function sysctl(spec: SysctlSpec): Setting {
  const path = sysctlPath(spec.key);
  return liveValue({
    ...spec,
    requested: (board) => {
      const reason = spec.notAskedFor?.(board) ?? null;
      return reason === null ? { value: spec.value } : { notAskedFor: reason };
    },
    live: ({ capture }) => ({ value: spaced(capture.value(path)), evidence: capture.evidence(path) }),
    persistent: ({ capture, snapshot }) => {
      const found = persistentSysctl(capture, spec.key, snapshot.kernel.initSystem);
      return found.value === null ? { value: spec.byDefault ?? null, evidence: null } : { ...found, value: spaced(found.value) };
    },
    absent: `This kernel has no ${spec.key}, or it was not read.`,
    fix: (value) => `Set it now (sysctl -w ${spec.key}=${quoted(value)}) and for every start in a file of /etc/sysctl.d/.${spec.caution ? ` ${spec.caution}` : ''}`,
    change: (requested, board) => sysctlChange(spec, requested, board),
  });
}

/** A file of its own for each sysctl, named to be read last, and the live value. A value that does as well is kept. */
export function sysctlChange(spec: SysctlSpec, requested: string, board: BoardView): ChangeOffer {
  const { capture, snapshot } = board;
  const path = sysctlPath(spec.key);
  const live = spaced(capture.value(path));
  const kept = live !== null && (spec.matches?.(live, requested, board) ?? live === requested);
  const value = kept ? live : requested;
  const file = `/etc/sysctl.d/zz-rtvm-bench-${nameOf(spec.id)}.conf`;
  const last = lastFileOf(capture, spec.key, snapshot.kernel.initSystem);
  if (last !== null && comesAfter(last.path, file) && spaced(last.value) !== value) {
    return { refused: `${last.evidence} is read after any file of ours and sets something else.`, next: `Take ${spec.key} out of ${last.path}, then read the board again.` };
  }
  return {
    steps: [
      fileStep(spec, file, [header(spec.title), `${spec.key} = ${value}`]),
      ...(kept ? [] : [valueStep(spec, path, value, value.includes(' ') ? [value.replaceAll(' ', '\t')] : [])]),
    ],
    restart: 'none',
  };
}

const sysctlPath = (key: string) => `/proc/sys/${key.replaceAll('.', '/')}`;
const comesAfter = (path: string, ours: string) => path !== ours && (path === '/etc/sysctl.conf' || path.slice(path.lastIndexOf('/') + 1) > ours.slice(ours.lastIndexOf('/') + 1));
/** The kernel shows several numbers with tabs between them. */
const spaced = (value: string | null): string | null => value?.replace(/\s+/g, ' ').trim() ?? null;
const quoted = (value: string) => (value.includes(' ') ? `"${value}"` : value);
