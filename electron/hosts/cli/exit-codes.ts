import type { ErrorCode } from '../../../shared/contract/errors.ts';

export const exitCodes = { done: 0, failed: 1, usage: 2, unreachable: 3, projectUnreadable: 4 } as const;

const usage: readonly ErrorCode[] = ['bad-request', 'bad-usage', 'unknown-method', 'format-unknown', 'board-unknown', 'run-unknown', 'campaign-unknown', 'ab-unknown', 'too-large', 'vm-map-unreadable', 'plan-unknown', 'change-unknown', 'vm-unknown'];
const unreachable: readonly ErrorCode[] = [
  'host-not-found', 'connection-refused', 'connection-timeout', 'connection-lost', 'not-ssh', 'host-key-unknown', 'host-key-changed', 'host-key-revoked',
  'auth-failed', 'key-unusable', 'key-needs-passphrase', 'agent-unavailable', 'jump-forwarding-refused', 'channel-refused', 'sudo-refused',
  'sudo-needs-terminal', 'not-linux', 'question-unanswered', 'board-timeout',
  'bmc-unreachable', 'bmc-certificate-unknown', 'bmc-certificate-changed', 'bmc-login-refused', 'bmc-refused', 'board-not-back',
  'libvirt-unreachable', 'vm-not-answering',
];
const project: readonly ErrorCode[] = ['project-unreadable', 'project-newer', 'project-locked', 'project-exists', 'project-none'];

/** 1 a check or verdict failed, 2 wrong usage, 3 board unreachable or refused, 4 project unreadable. */
export function exitCodeFor(code: ErrorCode): number {
  if (usage.includes(code)) return exitCodes.usage;
  if (unreachable.includes(code)) return exitCodes.unreachable;
  return project.includes(code) ? exitCodes.projectUnreadable : exitCodes.failed;
}
