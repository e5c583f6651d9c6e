/** The limits a maximum is judged by when the user set no deadline, and where they come from. */
export interface GradeLimits { readonly greatUs: number; readonly goodUs: number; readonly source: string }

/**
 * In a virtual machine under 100 µs is great and under 300 µs good (Intel Edge Controls for Industrial, ECI). On bare
 * metal under 50 µs is great (ECI's reference) and under 100 µs good (our own). Where it is not known which of the two a
 * board is, the stricter ones are applied.
 */
export function gradeLimits(virtualised: boolean | null): GradeLimits {
  if (virtualised === true) return { greatUs: 100, goodUs: 300, source: 'in a virtual machine, a maximum under 100 µs is great and under 300 µs good (ECI)' };
  const rule = 'a maximum under 50 µs is great (ECI) and under 100 µs good (our own limit)';
  return { greatUs: 50, goodUs: 100, source: virtualised === false ? `on bare metal, ${rule}` : `it is not known whether this is a virtual machine, so the limits of bare metal apply: ${rule}` };
}
