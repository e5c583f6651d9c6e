import { CodedError } from '../../../shared/contract/errors.ts';
import type { ErrorCode } from '../../../shared/contract/errors.ts';
import type { PackagesOutcome } from '../../../shared/planning/packages/package-log.ts';
import { obstaclesOfSteps } from '../../../shared/planning/packages/output-obstacles.ts';
import { redactProxy } from '../../../shared/planning/packages/redact-proxy.ts';

const codes: Readonly<Record<string, ErrorCode>> = {
  'package-lock': 'packages-locked', 'disk-full': 'board-disk-full', 'no-network': 'packages-unreachable', proxy: 'packages-unreachable',
};

const untouched = 'Nothing was installed or removed.';

/**
 * What work on packages that did not end well was stopped by: `packages-locked`, `packages-unreachable`, `board-disk-full`
 * or `packages-failed`. `details.rule` names the obstacle, `details.said` holds the end of what the package manager said.
 */
export function packagesError(outcome: PackagesOutcome, boardName: string, refusedHosts: readonly string[] = []): CodedError {
  const state = outcome.phase === 'install' ? 'Some packages may be installed and others not: what is installed now is read again.' : untouched;
  const saidLast = (outcome.said.get(outcome.phase) ?? '').trim().slice(-3000);
  const failed = (rule: string, message: string, next = 'Look at what it said.', details: Record<string, string | string[]> = {}): CodedError =>
    new CodedError(codes[rule] ?? 'packages-failed', `${boardName}: ${redactProxy(message)}`, { board: boardName, state, next, details: { rule, said: saidLast, ...details } });

  if (outcome.lost.length > 0) {
    return failed('version-gone', `These versions cannot be had any more: ${outcome.lost.join(', ')}.`, 'Leave them out, or put their files in a folder and install from there.', { lost: [...outcome.lost] });
  }
  if (outcome.wouldRemove.length > 0) {
    return failed('would-remove', `The package manager would also remove ${outcome.wouldRemove.join(', ')}, which was not asked for.`, 'Look at what depends on what (apt-get -s, dnf --assumeno on the board), and plan those packages too if they may go.', { wouldRemove: [...outcome.wouldRemove] });
  }
  if (outcome.runningKernel !== null) {
    return failed('running-kernel', `${outcome.runningKernel} is the kernel that is running: without its modules the board would soon stop working.`, 'Start the board with another kernel first, then remove this one.');
  }
  const [first, ...others] = obstaclesOfSteps(outcome.said, outcome.phase);
  if (refusedHosts.length > 0 && first?.rule !== 'package-lock') {
    return failed('host-refused', `The package manager asked for ${refusedHosts.join(', ')}, which is not among the board’s package sources.`, 'Add it to the board’s sources if it belongs there, or install from a folder of packages.', { hosts: [...refusedHosts] });
  }
  if (first) return failed(first.rule, first.message, first.fix, { line: first.element, also: others.map(({ rule }) => rule) });
  return failed('unknown', `The package manager ended with status ${String(outcome.exitStatus ?? 'unknown')}.`);
}

/** The work ended without a word: the board was restarted, or ran out of memory. */
export const packagesKilled = (boardName: string): CodedError => new CodedError('packages-failed', `${boardName}: the work on packages was ended from outside, by a restart of the board or for lack of memory.`, {
  board: boardName, state: 'Packages may be half configured.', next: 'On the board: sudo dpkg --configure -a (RHEL: sudo dnf history redo last). Then try again.', details: { rule: 'interrupted' },
});

export const packagesCancelled = (boardName: string, stopped: boolean): CodedError => new CodedError('cancelled', `${boardName}: the work on packages was cancelled.`, {
  board: boardName,
  state: stopped ? untouched : 'Packages were being unpacked already: that is left to end on the board, so that none is left half installed.',
  next: stopped ? 'Start it again when you want to.' : 'Wait a minute, then read the board again.',
});
