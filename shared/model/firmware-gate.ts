import { z } from 'zod';
import { stampSchema } from './board.ts';

export const gateVerdictSchema = z.enum(['quiet', 'firmware-limited', 'not suitable for real-time', 'not-measured']);
/** `not-measured` is no verdict: what would give one is said in `next`. */
export type GateVerdict = z.infer<typeof gateVerdictSchema>;

/** What was measured of a board's firmware, and what it means for everything above it. */
export const storedGateSchema = z.object({
  schema: z.literal(1),
  measuredAt: stampSchema,
  seconds: z.number().int(),
  verdict: gateVerdictSchema,
  evidence: z.array(z.string()),
  next: z.string(),
  /** The firmware it was measured under: another version has to be measured again. */
  firmware: z.object({ version: z.string().nullable(), date: z.string().nullable() }),
  /** What the board printed, whole. */
  raw: z.string(),
});
export type StoredGate = z.infer<typeof storedGateSchema>;

/** What a result taken on such a board has to state; null when the firmware did not get in the way, or was not measured. */
export function firmwareLimit(gate: StoredGate | null, firmware: StoredGate['firmware']): string | null {
  if (gate === null || (gate.verdict !== 'firmware-limited' && gate.verdict !== 'not suitable for real-time')) return null;
  const same = gate.firmware.version === firmware.version && gate.firmware.date === firmware.date;
  const words = gate.verdict === 'firmware-limited' ? 'Firmware-limited: the worst case cannot be better than what the firmware takes' : 'This board’s firmware is not suitable for real time';
  return `${words} (${gate.evidence.join(' ')} Measured ${gate.measuredAt}${same ? '' : ', under another version of the firmware: measure again'}).`;
}
