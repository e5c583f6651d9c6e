import type { Client } from 'ssh2';
import type { Socket } from 'node:net';
import type { Timings } from './timings.ts';

export interface LinkMonitor {
  roundTripMs(): number | null;
  stop(): void;
}

export interface LinkListener {
  /** The state or the round trip changed. */
  onChange(state: 'connected' | 'slow'): void;
  onDead(): void;
}

/**
 * Tells a slow link from a dead one. A ping is a global request that every server answers, if only with "failure":
 * taking back a port forwarding that was never made. Any byte that comes shows that the link lives.
 */
export const monitorLink = (client: Client, socket: Socket, timings: Timings, listener: LinkListener): LinkMonitor => {
  let roundTripMs: number | null = null;
  let state: 'connected' | 'slow' = 'connected';
  let pingSent: number | null = null;
  let lastByte = performance.now();
  let timer: NodeJS.Timeout | undefined;
  let stopped = false;

  const enter = (next: 'connected' | 'slow'): void => {
    if (state === next) return;
    state = next;
    listener.onChange(state);
  };
  const plan = (afterMs: number): void => {
    clearTimeout(timer);
    if (!stopped) timer = setTimeout(tick, Math.max(1, afterMs));
  };
  const ping = (): void => {
    if (!socket.writable) return;
    const sent = performance.now();
    pingSent = sent;
    client.unforwardIn('127.0.0.1', 9, () => {
      if (stopped) return;
      pingSent = null;
      const before = roundTripMs;
      roundTripMs = Math.round((performance.now() - sent) * 10) / 10;
      if (state === 'slow') enter('connected');
      else if (before === null) listener.onChange(state);
      plan(timings.pingEveryMs);
    });
  };
  const tick = (): void => {
    if (pingSent === null) {
      ping();
      plan(timings.slowAfterMs);
      return;
    }
    const silentMs = performance.now() - Math.max(lastByte, pingSent);
    if (silentMs >= timings.deadAfterMs) {
      stop();
      listener.onDead();
      return;
    }
    if (silentMs >= timings.slowAfterMs) enter('slow');
    plan(Math.min(timings.slowAfterMs, timings.deadAfterMs - silentMs));
  };
  const onData = (): void => {
    lastByte = performance.now();
    enter('connected');
  };
  const stop = (): void => {
    stopped = true;
    clearTimeout(timer);
    socket.off('data', onData);
  };
  socket.on('data', onData);
  ping();
  plan(timings.slowAfterMs);
  return { roundTripMs: () => roundTripMs, stop };
};
