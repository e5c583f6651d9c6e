import { unexpected } from '../runs/run-answers.ts';
import type { BoardSession } from '../ssh/board-session.ts';
import { packagesScript } from './packages-script.ts';

const reason = 'to install and remove packages';

/** Root, and what a person asked for the sudo password is told. */
export const packagesRoot = { root: 'required', reason } as const;

/** The words of one answer of change-packages.sh. Errors: `board-command-failed`, and what the session rejects with. */
export async function callPackages(session: BoardSession, args: readonly string[], signal?: AbortSignal): Promise<string[]> {
  const result = await session.exec(packagesScript, { ...packagesRoot, args, timeoutMs: 180_000, ...(signal ? { signal } : {}) });
  const line = result.stdout.toString('utf8').trimEnd().split('\n').at(-1) ?? '';
  if (result.exitCode !== 0 || line === '') throw unexpected(packagesScript, result);
  return line.split(' ');
}
