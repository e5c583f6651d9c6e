import type { RunLoad } from '../model/run.ts';

/** Below this share of what it used at the start a load is no longer the load it was. */
const aliveShare = 0.25;

export interface LoadWords { readonly conditions: string[]; readonly notComparable: string[] }

/**
 * What a result has to say of the loads it was taken under. A load that was not at work when the run ended makes a run that is
 * compared with nothing: for some part of it, nobody knows which, the machine was idle. Pure.
 */
export function wordsOfLoads(loads: readonly RunLoad[]): LoadWords {
  const conditions: string[] = [];
  const notComparable: string[] = [];
  for (const { boardName, kind, command, busyAtStart, atEnd } of loads) {
    const name = `Load ${kind} on ${boardName} (${command})`;
    const started = busyAtStart === null ? 'at work when the run began' : `${busyAtStart.toFixed(2)} CPUs busy when the run began`;
    if (atEnd === null) {
      conditions.push(`${name}: ${started}; nobody looked when it ended.`);
    } else if (!atEnd.running || (busyAtStart !== null && atEnd.busyCpus !== null && atEnd.busyCpus < busyAtStart * aliveShare)) {
      notComparable.push(`${name} was ${started}, but not at work when it ended.`);
    } else {
      conditions.push(`${name}: ${started}, ${atEnd.busyCpus === null ? 'at work' : `${atEnd.busyCpus.toFixed(2)}`} when it ended.`);
    }
  }
  return { conditions, notComparable };
}
