import type { RedfishSystem } from '../../model/redfish.ts';

/** Those systems of a controller that can be the board: by UUID, where both sides tell it. */
export const systemsOfBoard = (systems: readonly RedfishSystem[], boardUuid: string | null): readonly RedfishSystem[] => (
  boardUuid === null ? systems : systems.filter(({ uuid }) => uuid === null || isSameMachine(uuid, boardUuid))
);

/** The first three parts of a UUID stand in either byte order, by who reads SMBIOS. Source: SMBIOS 7.2.1, UUID. */
function isSameMachine(one: string, other: string): boolean {
  const [a, b] = [one, other].map((uuid) => uuid.toLowerCase().replaceAll(/[^0-9a-f]/g, ''));
  if (a === undefined || b?.length !== 32) return false;
  const turn = (from: number, to: number) => (b.slice(from, to).match(/../g) ?? []).reverse().join('');
  return a === b || a === `${turn(0, 8)}${turn(8, 12)}${turn(12, 16)}${b.slice(16)}`;
}
