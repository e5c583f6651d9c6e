import type { CampaignOrder } from '../../model/campaign.ts';

/** Numbers from 0 up to 1 that the same seed always gives again (mulberry32; its author put it in the public domain). */
export function seededRandom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

/** Fisher and Yates: every order is as likely as any other. */
function shuffled<T>(values: readonly T[], random: () => number): T[] {
  const mixed = [...values];
  for (let last = mixed.length - 1; last > 0; last -= 1) {
    const chosen = Math.floor(random() * (last + 1));
    const [a, b] = [mixed[last], mixed[chosen]];
    if (a !== undefined && b !== undefined) [mixed[last], mixed[chosen]] = [b, a];
  }
  return mixed;
}

/**
 * All repeats of all conditions in the order wished for: each pair once. A shuffled order is shuffled round by round, so that
 * every condition is met early, in the middle and late (a randomised complete block design).
 */
export function orderedRepeats<T extends object>(conditions: readonly T[], repeats: number, order: CampaignOrder): Array<{ condition: T; repeat: number }> {
  const rounds = Array.from({ length: Math.max(0, Math.floor(repeats)) }, (_, at) => at + 1);
  if (order.kind === 'blocks') return conditions.flatMap((condition) => rounds.map((repeat) => ({ condition, repeat })));
  const random = order.kind === 'random' ? seededRandom(order.seed) : null;
  return rounds.flatMap((repeat) => (random === null ? conditions : shuffled(conditions, random)).map((condition) => ({ condition, repeat })));
}
