import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';

const secretBytes = 32;
const lifetimeMs = 5 * 60_000;
const maximumOutstanding = 20;

interface Outstanding { readonly digest: Buffer; readonly expiresMs: number }

/** The secrets that open a window: launch tokens (256 bits, used once, five minutes) and the session secrets given for them. */
export class LaunchTokens {
  readonly #nowMs: () => number;
  #outstanding: Outstanding[] = [];
  readonly #sessions: Buffer[] = [];

  /** `nowMs` is a clock that never goes back, in milliseconds. */
  constructor(nowMs: () => number = () => performance.now()) {
    this.#nowMs = nowMs;
  }

  /** A fresh launch token. Only so many wait at once: the oldest gives way. */
  issue(): string {
    const token = newSecret();
    this.#outstanding = [...this.#alive(), { digest: digestOf(token), expiresMs: this.#nowMs() + lifetimeMs }].slice(-maximumOutstanding);
    return token;
  }

  /** Exchanges a launch token for a session secret; null when it is unknown, used or too old. */
  redeem(token: string): string | null {
    const shown = digestOf(token);
    const alive = this.#alive();
    const match = alive.find((candidate) => timingSafeEqual(candidate.digest, shown));
    this.#outstanding = alive.filter((candidate) => candidate !== match);
    if (!match) return null;
    const session = newSecret();
    this.#sessions.push(digestOf(session));
    return session;
  }

  isSession(secret: string): boolean {
    const shown = digestOf(secret);
    return this.#sessions.some((digest) => timingSafeEqual(digest, shown));
  }

  #alive(): Outstanding[] {
    return this.#outstanding.filter((candidate) => candidate.expiresMs > this.#nowMs());
  }
}

const newSecret = () => randomBytes(secretBytes).toString('base64url');

/** Digests have one length, so that a comparison takes the same time whatever was shown. */
const digestOf = (secret: string) => createHash('sha256').update(secret).digest();
