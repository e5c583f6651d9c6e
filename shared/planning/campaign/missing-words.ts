import type { QueueState } from '../../model/campaign.ts';

/** Why a cell has no measurement: a board’s words, as its scripts answer, in plain ones. */
export function missingWords(boardName: string, words: string): string {
  const [kind = '', first = '', ...rest] = words.split(' ');
  switch (kind) {
    case 'busy': case 'exists': {
      const owner = rest.slice(1).join(' ');
      return `${boardName} was in use${owner === '' ? '' : ` by ${owner}`} (${kind === 'busy' ? `run ${first}` : `load ${first}`}).`;
    }
    case 'foreign': return `Another ${rest[0] ?? 'measurement'} ran on ${boardName} (process ${first}), not started by RTVM Bench.`;
    case 'late': return `${boardName} was still busy with the cell before when this one should have begun.`;
    case 'cancelled': return 'The campaign was cancelled.';
    case 'load-idle': return `The load on ${boardName} was started and did no work.`;
    case 'load-ended': return `The load on ${boardName} ended as soon as it was started.`;
    case 'load-killed': case 'load-none': return `The load on ${boardName} was ended by something else.`;
    case 'refused': return refusedWords(boardName, first, rest.join(' '));
    default: return `${boardName} could not begin it${words === '' ? '' : ` (${words})`}.`;
  }
}

function refusedWords(boardName: string, why: string, detail: string): string {
  switch (why) {
    case 'no-program': return `${boardName} has no ${detail}: install it there.`;
    case 'needs-root': return `It needs root on ${boardName}.`;
    case 'no-tool': return `${boardName} lacks ${detail}.`;
    case 'no-source': return `${boardName} has no kernel source to compile.`;
    case 'disk-full': return `${boardName} has too little free space.`;
    case 'rt-priority': return `Real-time priority ${detail} is not permitted on ${boardName}.`;
    case 'cpu-offline': return `CPU ${detail} of ${boardName} is not online.`;
    case 'locked': return `${boardName} was in use.`;
    default: return `${boardName} refused it (${[why, detail].filter((word) => word !== '').join(' ')}).`;
  }
}

/** Why the cells that a board did not come to are missing. */
export function queueWords(boardName: string, state: QueueState, end: string | null): string {
  switch (state) {
    case 'rebooted': return `${boardName} was restarted; what was to be done on it ended with that.`;
    case 'killed': return `What carried out the campaign on ${boardName} was killed there.`;
    case 'gone': return `${boardName} no longer has its part of the campaign.`;
    case 'laid': return `The campaign never began on ${boardName}.`;
    case 'running': case 'ended': break;
  }
  switch (end) {
    case 'cancelled': return 'The campaign was cancelled.';
    case 'terminated': return `${boardName} was shutting down, or someone there ended what carried out the campaign.`;
    case 'disk-full': return `The disk of ${boardName} became full.`;
    default: return `${boardName} did not come to it.`;
  }
}
