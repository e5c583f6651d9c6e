import { randomBytes } from 'node:crypto';
import { stampOf } from '../../../shared/model/stamp.ts';

/** A name for a run that no other run has: when, on which board (shortened), and a few random signs. Sorts by time. */
export function newRunId(boardId: string, now: Date): string {
  return `${stampOf(now).toLowerCase()}-${boardId.slice(0, 36)}-${randomBytes(3).toString('hex')}`;
}
