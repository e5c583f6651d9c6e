import type { Board } from '../model/board.ts';
import type { GuideId } from '../model/setting.ts';

/** The guides that a board of each role is judged by. */
export const guidesOfRole: Readonly<Record<Board['role'], readonly GuideId[]>> = { host: ['firmware', 'kvm-host'], guest: ['kvm-guest'], bare: ['firmware', 'bare-metal'] };
