import type { Timings } from './timings.ts';

/** Tries again and again with growing pauses (doubling, with jitter) until an attempt says it is done. */
export interface Reconnector {
  start(): void;
  stop(): void;
  running(): boolean;
}

export const createReconnector = (
  timings: Pick<Timings, 'firstRetryMs' | 'longestRetryMs'>,
  attempt: (signal: AbortSignal) => Promise<'done' | 'again'>,
  random: () => number = Math.random,
): Reconnector => {
  let stopping: AbortController | null = null;
  let timer: NodeJS.Timeout | undefined;
  const stop = (): void => {
    clearTimeout(timer);
    stopping?.abort();
    stopping = null;
  };
  const plan = (controller: AbortController, pauseMs: number): void => {
    timer = setTimeout(() => {
      void attempt(controller.signal).then((outcome) => {
        if (controller.signal.aborted) return;
        if (outcome === 'done') stopping = null;
        else plan(controller, Math.min(timings.longestRetryMs, pauseMs * 2));
      });
    }, pauseMs * (0.75 + random() * 0.5));
  };
  return {
    start: () => {
      stop();
      stopping = new AbortController();
      plan(stopping, timings.firstRetryMs);
    },
    stop,
    running: () => stopping !== null,
  };
};
