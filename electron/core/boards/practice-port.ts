import type { PracticeFaults } from '../../../shared/contract/methods.ts';
import type { z } from 'zod';
import type { practiceStateSchema } from '../../../shared/contract/methods.ts';

/** The embedded practice board, as the core needs it. A host makes one and hands it over. */
export interface PracticePort {
  /** Starts the SSH server on a loopback port when it is not running; gives what a session needs to log in. */
  ensure(machine: string): Promise<PracticeLogin>;
  state(): Promise<z.infer<typeof practiceStateSchema>>;
  setFaults(faults: PracticeFaults): Promise<void>;
  setMachine(machine: string): Promise<void>;
  /** Puts the pretend Linux back to its first state: a fresh installation with a new boot id. */
  reset(): Promise<void>;
  stop(): Promise<void>;
}

export interface PracticeLogin {
  readonly port: number;
  readonly user: string;
  readonly password: string;
  /** Public host key of this server: `type` as in known_hosts, `key` base64. */
  readonly hostKey: { readonly type: string; readonly key: string };
}
