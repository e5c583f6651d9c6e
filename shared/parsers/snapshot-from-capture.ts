import type { Snapshot } from '../model/snapshot.ts';
import { parseCapture } from './capture.ts';
import { snapshotOf } from './snapshot/snapshot.ts';

/** Reads a capture that was taken by hand; it is as old as the board's own clock says. Throws CodedError `capture-unreadable`. */
export function snapshotFromCapture(text: string): Snapshot {
  const capture = parseCapture(text);
  if (!capture.ok) throw capture.error;
  return snapshotOf(capture.value);
}
