/** How long a session waits for what, in milliseconds. Time in which a person is being asked does not count. */
export interface Timings {
  /** TCP connection to the first hop. */
  readonly connectMs: number;
  /** Silence of the server during key exchange and log-in. */
  readonly handshakeMs: number;
  readonly pingEveryMs: number;
  /** An unanswered ping makes the link slow after this … */
  readonly slowAfterMs: number;
  /** … and dead after this, if not one byte came meanwhile. */
  readonly deadAfterMs: number;
  readonly firstRetryMs: number;
  readonly longestRetryMs: number;
  /** sudo was started and neither asks for a password nor starts the script. */
  readonly sudoSilenceMs: number;
  /** Pause before an only channel that was refused is tried again: the server may still be closing the one before. */
  readonly channelRetryMs: number;
}

export const defaultTimings: Timings = {
  connectMs: 15_000,
  handshakeMs: 25_000,
  pingEveryMs: 10_000,
  slowAfterMs: 4_000,
  deadAfterMs: 30_000,
  firstRetryMs: 1_000,
  longestRetryMs: 30_000,
  sudoSilenceMs: 25_000,
  channelRetryMs: 150,
};
