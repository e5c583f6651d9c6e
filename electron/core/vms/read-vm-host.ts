import commonText from '../../board-scripts/run-common.sh?raw';
import vmCommonText from '../../board-scripts/vm-common.sh?raw';
import readText from '../../board-scripts/vm-read.sh?raw';
import type { VmHost } from '../../../shared/model/vm.ts';
import { stampOf } from '../../../shared/model/stamp.ts';
import { parseVmHost } from '../../../shared/parsers/vm/parse-vm-host.ts';
import { unexpected } from '../runs/run-answers.ts';
import type { BoardScript, BoardSession } from '../ssh/board-session.ts';

const readScript: BoardScript = { name: 'vm-read', text: [commonText, vmCommonText, readText].join('\n') };

/** The libvirt that manages a whole machine; a user's own (qemu:///session) may neither lock memory nor set priorities. */
export const systemUri = 'qemu:///system';

interface Request {
  readonly session: BoardSession;
  readonly signal?: AbortSignal;
  readonly uri?: string;
}

/**
 * Reads everything about the virtual machines of a host, changing nothing there. A libvirt that does not answer is no error:
 * the reading's `problem` says why. Errors: `output-unreadable`, `board-command-failed`, `board-timeout`, and those of the session.
 */
export async function readVmHost({ session, signal, uri = systemUri }: Request): Promise<VmHost> {
  const result = await session.exec(readScript, { args: [uri], root: 'if-possible', reason: 'to read its virtual machines', timeoutMs: 60_000, ...(signal ? { signal } : {}) });
  if (result.exitCode !== 0) throw unexpected(readScript, result);
  const host = parseVmHost(result.stdout.toString('utf8'), { takenAt: stampOf(new Date()), uri });
  if (!host.ok) throw host.error;
  return host.value;
}
