import type { Client } from '../../shared/contract/client.ts';

let current: Client | null = null;

/** Gives the window its core. Called once at the start, and by tests. */
export function setCore(client: Client): void {
  current = client;
}

/** The core this window talks to. Throws when the window has not been started: a fault of the program. */
export function core(): Client {
  if (!current) throw new Error('The window asked its core before it had one.');
  return current;
}
