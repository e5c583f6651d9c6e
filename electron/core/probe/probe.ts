import { CodedError } from '../../../shared/contract/errors.ts';
import type { Snapshot } from '../../../shared/model/snapshot.ts';
import { parseCapture, type Capture } from '../../../shared/parsers/capture.ts';
import { snapshotOf } from '../../../shared/parsers/snapshot/snapshot.ts';
import probeText from '../../board-scripts/probe.sh?raw';
import type { BoardScript, BoardSession, ExecOptions } from '../ssh/board-session.ts';

/** The script that reads a board. It takes no arguments. */
export const probeScript: BoardScript = { name: 'probe.sh', text: probeText };

/** Version the script writes into its captures. */
export const probeVersion: string = /^probe_version=(\S+)$/m.exec(probeText)?.[1] ?? 'unknown';

/** The script for a person to carry to a board: `sh probe.sh > board.capture`. */
export const captureScriptText = (): string => probeText;

interface Inspection {
  /** What the board printed, as it is kept in the project. */
  readonly captureText: string;
  readonly snapshot: Snapshot;
}

interface InspectOptions {
  readonly signal?: AbortSignal;
  readonly timeoutMs?: number;
  /** `required` asks for the sudo password where one is needed; the usual `if-possible` never asks. */
  readonly root?: NonNullable<ExecOptions['root']>;
  /** The laptop's clock; replaced in tests. */
  readonly now?: () => Date;
}

/**
 * Reads a board once, with one exec. A capture whose end is missing although the script ended is used as far as it goes. Errors: those of the session, `not-linux`,
 * `capture-unreadable` when what came back is no capture (a forced command, a broken shell), `connection-lost` when it
 * came back cut off.
 */
export async function inspect(session: BoardSession, options: InspectOptions = {}): Promise<Inspection> {
  const { signal, timeoutMs = 60_000, root = 'if-possible', now = () => new Date() } = options;
  const result = await session.exec(probeScript, { root, reason: 'to read firmware data, boot files and PCI capabilities', timeoutMs, ...(signal === undefined ? {} : { signal }) });
  const captureText = result.stdout.toString('utf8');
  const parsed = parseCapture(captureText);
  if (!parsed.ok) throw unreadable(session.boardId, parsed.error, result.exitCode, result.stderr);
  refuseOthers(session.boardId, parsed.value);
  if (!parsed.value.complete && result.exitCode === null) {
    throw new CodedError('connection-lost', 'The board stopped answering while it was being read; only part of the capture came back.', {
      board: session.boardId, state: 'Nothing was changed on the board.', next: 'Inspect it again.',
    });
  }
  return { captureText, snapshot: snapshotOf(parsed.value, stampOf(now())) };
}

const stampOf = (time: Date) => time.toISOString().replace(/[-:]|\.\d+/g, '');

/** The kernel's name is in /proc on Linux; elsewhere the probe asks uname. */
function refuseOthers(board: string, capture: Capture): void {
  const name = capture.value('/proc/sys/kernel/ostype') ?? capture.command('uname')?.lines[0]?.trim() ?? null;
  if (name === null || name.startsWith('Linux')) return;
  throw new CodedError('not-linux', `This machine says it runs “${name.slice(0, 120)}”, not Linux.`, {
    board, state: 'Nothing was changed on it.', next: 'Check the address: RTVM Bench works with Linux boards only.',
  });
}

/** A shell that is none (Windows, network gear) answers a script with something of its own. */
function unreadable(board: string, error: CodedError, exitCode: number | null, stderr: string): CodedError {
  const said = stderr.trim().split('\n').slice(0, 5).join('\n').slice(0, 500);
  return new CodedError('capture-unreadable', `The board did not answer as a Linux shell does. ${error.message}`, {
    board, state: 'Nothing was changed on the board.',
    next: 'See whether “sh -c true” works for this user on the board: a forced command, a restricted shell or a system other than Linux stands in the way.',
    details: { exitCode, said },
  });
}
