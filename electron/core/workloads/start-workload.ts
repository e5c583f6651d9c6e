import { CodedError } from '../../../shared/contract/errors.ts';
import type { Workload, WorkloadKind } from '../../../shared/model/vm.ts';
import { missingForWorkload } from '../../../shared/planning/workloads/missing-packages.ts';
import { workloadProfiles } from '../../../shared/planning/workloads/workload-profiles.ts';
import { inOneLine } from '../owner-name.ts';
import { boardBusy, holderOf, unexpected } from '../runs/run-answers.ts';
import type { BoardSession } from '../ssh/board-session.ts';
import { readWorkload } from './read-workload.ts';
import { startWorkloadScript } from './workload-scripts.ts';

interface Request {
  readonly session: BoardSession;
  readonly boardName: string;
  readonly kind: WorkloadKind;
  readonly seconds: number;
  readonly owner: string;
  readonly signal?: AbortSignal;
}

/**
 * Starts a load, detached: it goes on until its time is over or somebody stops it. Gives it as it works.
 * Errors: `board-busy` (another load, a run or a change), `board-tool-missing`, `board-disk-full`, `board-command-failed`, and
 * what the session rejects with.
 */
export async function startWorkload({ session, boardName, kind, seconds, owner, signal }: Request): Promise<Workload> {
  const { command, needBytes, title } = workloadProfiles[kind];
  const args = [kind, String(seconds), inOneLine(owner), String(Math.ceil(needBytes / 1024)), ...command];
  const result = await session.exec(startWorkloadScript, { args, root: 'if-possible', timeoutMs: 60_000, ...(signal === undefined ? {} : { signal }) });
  const [word, ...words] = (result.stdout.toString('utf8').trimEnd().split('\n').at(-1) ?? '').split(' ');
  const state = 'Nothing was started.';
  if (word === 'busy') throw boardBusy(boardName, holderOf(words));
  if (word === 'exists') {
    const { since, owner: other } = holderOf(words);
    throw new CodedError('board-busy', `A load (${words[0] ?? 'unknown'}) is on ${boardName} already, started by ${other === '' ? 'someone' : other}${since === null ? '' : ` at ${since.toISOString().replace('T', ' ').slice(0, 16)} UTC`}.`, { board: boardName, state, next: 'Stop it first, or leave it as it is.' });
  }
  if (word === 'refused') throw refusal(boardName, kind, words, state);
  if (word !== 'started' || result.exitCode !== 0) throw unexpected(startWorkloadScript, result);
  const workload = await readWorkload(session, signal);
  if (workload === null || (!workload.running && workload.ending?.why !== 'time')) {
    throw new CodedError('board-command-failed', `The load “${title}” ended on ${boardName} as soon as it was started. ${workload?.ending?.message ?? ''}`.trim(), {
      board: boardName, state: 'No load is on.', next: 'Look at what its programs said.', details: { said: workload?.said ?? '' },
    });
  }
  return workload;
}

function refusal(boardName: string, kind: WorkloadKind, [why = '', ...detail]: readonly string[], state: string): CodedError {
  const more = { board: boardName, state };
  if (why === 'no-tool') {
    return new CodedError('board-tool-missing', `${boardName} lacks what this load needs: ${detail.join(', ')}.`, { ...more, next: `Install there: ${missingForWorkload(detail)}.`, details: { missing: detail } });
  }
  if (why === 'no-source') {
    return new CodedError('board-tool-missing', `${boardName} has no kernel source to compile.`, { ...more, next: `Install linux-source there (Debian, Ubuntu), or copy a linux-*.tar.xz from kernel.org to /usr/src or ${detail.join(' ')} on it.` });
  }
  if (why === 'disk-full') {
    return new CodedError('board-disk-full', `${boardName} has too little room for this load: ${(workloadProfiles[kind].needBytes / 1024 ** 3).toFixed(1)} GiB are needed.`, { ...more, next: 'Free some space there, or choose a load that writes nothing.', details: { freeKiB: Number(detail[0]) } });
  }
  return new CodedError('board-command-failed', `${boardName} could not start the load (${[why, ...detail].join(' ')}).`, { ...more, next: 'Look at the owner and permissions of what is named.' });
}
