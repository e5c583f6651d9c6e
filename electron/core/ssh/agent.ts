import { OpenSSHAgent, createAgent } from 'ssh2';
import type { BaseAgent } from 'ssh2';
import { CodedError } from '../../../shared/contract/errors.ts';

/** An agent that answers, and how many keys it offers of those that can be used here. */
export interface OpenAgent {
  readonly agent: BaseAgent;
  readonly keys: number;
}

/** Where the SSH agent listens: SSH_AUTH_SOCK; on Windows else OpenSSH's pipe, then Pageant. */
export const agentAddresses = (environment: NodeJS.ProcessEnv, platform: NodeJS.Platform): string[] => {
  const socket = environment['SSH_AUTH_SOCK'];
  const named = socket === undefined || socket === '' ? [] : [socket];
  return platform === 'win32' ? [...named, '\\\\.\\pipe\\openssh-ssh-agent', 'pageant'] : named;
};

/** Connects to the first agent that answers and has a usable key. Error: agent-unavailable. */
export const openAgent = async (addresses: readonly string[]): Promise<OpenAgent> => {
  const failures: string[] = [];
  for (const address of addresses) {
    const agent = address === 'pageant' ? createAgent(address) : new OpenSSHAgent(address);
    try {
      const keys = await countKeys(agent);
      if (keys > 0) return { agent, keys };
      failures.push(`${address} has no key that can be used here; keys on security tokens and certificates cannot`);
    } catch (error) {
      failures.push(`${address}: ${error instanceof Error ? error.message : String(error)}`);
    }
  }
  throw new CodedError('agent-unavailable', failures.length === 0 ? 'No SSH agent is running for this program (SSH_AUTH_SOCK is not set).' : `No SSH agent can be used (${failures.join('; ')}).`, {
    next: 'Start the agent and add the key (ssh-add), or log in with a key file or a password.',
  });
};

const countKeys = (agent: BaseAgent): Promise<number> => new Promise((resolve, reject) => {
  agent.getIdentities((error, keys) => {
    if (error !== undefined && error !== null) reject(error);
    else resolve(keys?.length ?? 0);
  });
});
