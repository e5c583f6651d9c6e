import { z } from 'zod';

/** Every expected failure, by code. Nobody parses message text; scripts and screens branch on these. */
export const errorCodes = [
  // calls
  'bad-request', 'unknown-method', 'too-large', 'link-lost', 'not-allowed', 'internal', 'cancelled', 'bad-usage', 'question-unanswered',
  // reaching a board
  'host-not-found', 'connection-refused', 'connection-timeout', 'connection-lost', 'not-ssh', 'host-key-unknown', 'host-key-changed',
  'host-key-revoked', 'auth-failed', 'key-unusable', 'key-needs-passphrase', 'agent-unavailable', 'jump-forwarding-refused', 'forwarding-refused', 'channel-refused', 'sftp-refused',
  'sudo-refused', 'sudo-needs-terminal', 'not-linux', 'board-unknown', 'board-command-failed', 'board-disk-full', 'board-tool-missing', 'board-timeout',
  // captures and outputs
  'capture-unreadable', 'output-unreadable', 'format-unknown', 'file-unreadable',
  // plans
  'cpu-map-refused',
  // virtual machines
  'domain-unreadable', 'vm-map-unreadable', 'vm-map-impossible', 'libvirt-unreachable', 'libvirt-refused', 'vm-unknown', 'vm-exists', 'vm-refused', 'vm-image-unusable', 'vm-not-answering', 'resctrl-unavailable',
  // runs
  'run-refused', 'run-unknown', 'board-busy', 'run-exists', 'rt-priority-not-permitted', 'run-output-mismatch',
  // campaigns
  'campaign-unknown', 'campaign-exists', 'campaign-refused', 'campaign-running',
  // A/B tests
  'ab-unknown', 'ab-exists', 'ab-interrupted',
  // changes
  'plan-unknown', 'plan-refused', 'plan-for-other-board', 'board-moved', 'change-unknown', 'change-ended', 'undo-refused', 'step-failed', 'step-without-effect',
  'restart-ends-work', 'board-not-back', 'try-fell-back', 'bmc-unknown',
  // management controllers
  'bmc-unreachable', 'bmc-certificate-unknown', 'bmc-certificate-changed', 'bmc-login-refused', 'bmc-refused', 'bmc-unreadable',
  // packages
  'packages-failed', 'packages-locked', 'packages-unreachable',
  // projects
  'project-unreadable', 'project-newer', 'project-locked', 'project-exists', 'project-none', 'disk-full', 'practice-only',
  // reports
  'pdf-unavailable',
] as const;

export const errorCodeSchema = z.enum(errorCodes);
export type ErrorCode = z.infer<typeof errorCodeSchema>;

/** How an expected failure travels between core and UI: what happened, on which board, what state it is left in, the next step. */
export const codedErrorSchema = z.object({
  code: errorCodeSchema,
  message: z.string(),
  board: z.string().optional(),
  state: z.string().optional(),
  next: z.string().optional(),
  details: z.record(z.string(), z.json()).optional(),
});
export type CodedErrorData = z.infer<typeof codedErrorSchema>;

export type CodedErrorExtras = Omit<Partial<CodedErrorData>, 'code' | 'message'>;

/** An expected failure. `message` says what happened; `next` what to do about it. */
export class CodedError extends Error {
  readonly code: ErrorCode;
  readonly extras: CodedErrorExtras;

  constructor(code: ErrorCode, message: string, extras: CodedErrorExtras = {}, options?: { cause?: unknown }) {
    super(message, options);
    this.name = 'CodedError';
    this.code = code;
    this.extras = extras;
  }

  toData(): CodedErrorData {
    return { code: this.code, message: this.message, ...this.extras };
  }

  static fromData(data: CodedErrorData): CodedError {
    const { code, message, ...extras } = data;
    return new CodedError(code, message, extras);
  }

  /** Turns anything thrown into a coded error; what was not expected becomes `internal`. */
  static from(thrown: unknown): CodedError {
    if (thrown instanceof CodedError) return thrown;
    const message = thrown instanceof Error ? thrown.message : String(thrown);
    return new CodedError('internal', message, { next: 'This is a fault of RTVM Bench: please report it with what you did.' }, { cause: thrown });
  }
}
