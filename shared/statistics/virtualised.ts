import type { Snapshot } from '../model/snapshot.ts';

/** Whether the limits for virtual machines apply; null where it is not known: a container does not tell what is below it. */
export function isVirtualised(snapshot: Snapshot | null): boolean | null {
  const kind = snapshot?.virtualisation.kind;
  return kind === 'vm' ? true : kind === 'bare-metal' ? false : null;
}
