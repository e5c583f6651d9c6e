import type { ErrorCode } from '../../../shared/contract/errors.ts';

/** Failures in which the board itself, or its management controller, could not do what was asked. All others keep us from asking. */
export const ofTheBoard: ReadonlySet<ErrorCode> = new Set<ErrorCode>([
  'step-failed', 'step-without-effect', 'board-moved', 'try-fell-back', 'board-command-failed', 'board-disk-full', 'board-tool-missing',
  'packages-failed', 'packages-locked', 'packages-unreachable', 'forwarding-refused', 'file-unreadable', 'bmc-refused', 'bmc-unknown',
]);
