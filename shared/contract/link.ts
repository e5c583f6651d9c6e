import { z } from 'zod';
import { codedErrorSchema } from './errors.ts';

/** A message of at most this many UTF-16 units is taken; a longer one is refused unread. */
export const maximumMessageLength = 32_000_000;

/** The whole protocol between UI and core: send text, hear text, learn of the end. */
export interface Link {
  send(message: string): void;
  onMessage(listener: (message: string) => void): void;
  onClose(listener: () => void): void;
  close(): void;
}

export const requestSchema = z.strictObject({ id: z.number().int().min(0), method: z.string().max(100), input: z.unknown() });
export type Request = z.infer<typeof requestSchema>;

export const replySchema = z.union([
  z.object({ id: z.number().int(), ok: z.literal(true), output: z.unknown() }),
  z.object({ id: z.number().int().nullable(), ok: z.literal(false), error: codedErrorSchema }),
]);
export type Reply = z.infer<typeof replySchema>;

export const eventMessageSchema = z.object({ event: z.string(), payload: z.unknown() });
export type EventMessage = z.infer<typeof eventMessageSchema>;

/** Two ends of a link within one process: what the command line and the tests use. */
export function linkPair(): [Link, Link] {
  const ends = [newEnd(), newEnd()] as const;
  let open = true;
  const close = () => {
    if (!open) return;
    open = false;
    for (const end of ends) for (const listener of end.closed) listener();
  };
  const make = (mine: End, other: End): Link => ({
    send: (message) => {
      if (!open) return;
      void Promise.resolve().then(() => { if (open) for (const listener of other.heard) listener(message); });
    },
    onMessage: (listener) => { mine.heard.push(listener); },
    onClose: (listener) => { mine.closed.push(listener); },
    close,
  });
  return [make(ends[0], ends[1]), make(ends[1], ends[0])];
}

interface End { heard: Array<(message: string) => void>; closed: Array<() => void> }
const newEnd = (): End => ({ heard: [], closed: [] });
