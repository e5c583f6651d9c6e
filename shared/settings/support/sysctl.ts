import type { Capture } from '../../parsers/capture.ts';
import type { BoardView, Setting } from '../setting.ts';
import { liveValue, type LiveValueSpec, type Persistent } from './live-value.ts';

interface SysctlSpec extends Omit<LiveValueSpec, 'live' | 'persistent' | 'absent' | 'fix' | 'requested'> {
  /** As in `sysctl -w`: `kernel.timer_migration`. */
  readonly key: string;
  readonly value: string;
  readonly notAskedFor?: (board: BoardView) => string | null;
  readonly caution?: string;
}

/** A setting that is one sysctl: the live value in /proc/sys, and what the sysctl.d files will set, the last one counting. */
export function sysctl(spec: SysctlSpec): Setting {
  const path = `/proc/sys/${spec.key.replaceAll('.', '/')}`;
  return liveValue({
    ...spec,
    requested: (board) => {
      const reason = spec.notAskedFor?.(board) ?? null;
      return reason === null ? { value: spec.value } : { notAskedFor: reason };
    },
    live: ({ capture }) => ({ value: capture.value(path), evidence: capture.evidence(path) }),
    persistent: ({ capture }) => persistentSysctl(capture, spec.key),
    absent: `This kernel has no ${spec.key}, or it was not read.`,
    fix: (value) => `Set it now (sysctl -w ${spec.key}=${value}) and for every start in a file of /etc/sysctl.d/.${spec.caution ? ` ${spec.caution}` : ''}`,
  });
}

/** Directories in the order systemd-sysctl ranks them: a file name in an earlier one hides the same name in a later one. */
const directories = ['/etc/sysctl.d/', '/run/sysctl.d/', '/usr/local/lib/sysctl.d/', '/usr/lib/sysctl.d/', '/lib/sysctl.d/'];

/** What the files set: sorted by file name over all directories, the last assignment counts; /etc/sysctl.conf comes last. Source: sysctl.d(5). */
export function persistentSysctl(capture: Capture, key: string): Persistent {
  const byName = new Map<string, string>();
  for (const directory of [...directories].reverse()) {
    for (const path of capture.paths(/\.conf$/)) if (path.startsWith(directory) && !path.slice(directory.length).includes('/')) byName.set(path.slice(directory.length), path);
  }
  const files = [...[...byName.keys()].sort().map((name) => byName.get(name) ?? ''), '/etc/sysctl.conf'];
  let found: Persistent = { value: null, evidence: null };
  for (const path of files) {
    for (const line of capture.lines(path) ?? []) {
      const [, name, value] = /^\s*-?([^=#;\s]+)\s*=\s*(.*?)\s*$/.exec(line) ?? [];
      if (name !== undefined && value !== undefined && name.replaceAll('/', '.') === key) found = { value, evidence: `${path}: ${line.trim()}` };
    }
  }
  return found;
}
