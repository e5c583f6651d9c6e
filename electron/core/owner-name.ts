import { hostname, userInfo } from 'node:os';

/** Who works from this computer, for the colleague who finds a board in use: `user@laptop`. */
export const ownerName = (): string => `${userInfo().username}@${hostname()}`;

/** A name as it may stand in a line of a lock file: no line breaks, no control characters, not endless. */
export const inOneLine = (owner: string): string => owner.replaceAll(/[\p{Cc}\p{Zl}\p{Zp}\p{Cs}]/gu, ' ').trim().slice(0, 200);
