import { describe, expect, it } from 'vitest';
import { LaunchTokens } from '../../../electron/hosts/browser-window/launch-tokens.ts';

function newTokens() {
  const clock = { nowMs: 0 };
  return { clock, tokens: new LaunchTokens(() => clock.nowMs) };
}

describe('launch tokens', () => {
  it('are 256 bits and never the same', () => {
    const { tokens } = newTokens();
    const issued = Array.from({ length: 10 }, () => tokens.issue());
    expect(new Set(issued).size).toBe(10);
    for (const token of issued) expect(Buffer.from(token, 'base64url')).toHaveLength(32);
  });

  it('open one session, once', () => {
    const { tokens } = newTokens();
    const token = tokens.issue();
    const session = tokens.redeem(token);
    expect(session).not.toBeNull();
    expect(tokens.isSession(session ?? '')).toBe(true);
    expect(tokens.redeem(token)).toBeNull();
  });

  it('are no use after five minutes', () => {
    const { clock, tokens } = newTokens();
    const token = tokens.issue();
    clock.nowMs = 5 * 60_000;
    expect(tokens.redeem(token)).toBeNull();
  });

  it('are valid just before that', () => {
    const { clock, tokens } = newTokens();
    const token = tokens.issue();
    clock.nowMs = 5 * 60_000 - 1;
    expect(tokens.redeem(token)).not.toBeNull();
  });

  it('give way to newer ones, oldest first', () => {
    const { tokens } = newTokens();
    const first = tokens.issue();
    const others = Array.from({ length: 20 }, () => tokens.issue());
    expect(tokens.redeem(first)).toBeNull();
    expect(tokens.redeem(others[0] ?? '')).not.toBeNull();
  });

  it.each(['', 'x', 'A'.repeat(43), '\0'])('refuse %j', (text) => {
    const { tokens } = newTokens();
    const token = tokens.issue();
    expect(tokens.redeem(text)).toBeNull();
    expect(tokens.isSession(text)).toBe(false);
    expect(tokens.isSession(token)).toBe(false);
  });
});
