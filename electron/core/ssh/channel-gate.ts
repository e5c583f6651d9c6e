/**
 * Lets so many channels be open at a time, the rest wait their turn. sshd's MaxSessions is 10 unless configured; what it
 * really is shows only when an open is refused.
 */
export interface ChannelGate {
  /** Resolves when there is room; what it gives must be called once when the channel is closed. */
  enter(signal?: AbortSignal): Promise<() => void>;
  /**
   * The server refused one more channel: the limit is what is open beside it. Gives how many that is; the caller leaves
   * and enters again.
   */
  refused(): number;
  limit(): number;
}

export const createChannelGate = (maxSessions = 10): ChannelGate => {
  let limit = maxSessions;
  let inside = 0;
  const waiting: Array<() => void> = [];
  const admit = (): void => {
    while (inside < limit) {
      const next = waiting.shift();
      if (next === undefined) return;
      next();
    }
  };
  return {
    enter: (signal) => new Promise((resolve, reject) => {
      const onAbort = (): void => {
        waiting.splice(waiting.indexOf(go), 1);
        reject(signal?.reason instanceof Error ? signal.reason : new Error('aborted'));
      };
      const go = (): void => {
        signal?.removeEventListener('abort', onAbort);
        inside += 1;
        let left = false;
        resolve(() => {
          if (left) return;
          left = true;
          inside -= 1;
          admit();
        });
      };
      if (signal?.aborted === true) { reject(signal.reason instanceof Error ? signal.reason : new Error('aborted')); return; }
      signal?.addEventListener('abort', onAbort, { once: true });
      waiting.push(go);
      admit();
    }),
    refused: () => {
      const others = inside - 1;
      limit = Math.max(1, Math.min(limit, others));
      return others;
    },
    limit: () => limit,
  };
};
