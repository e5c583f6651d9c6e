import { OpenSSHAgent, createAgent } from 'ssh2';
import type { BaseAgent, ParsedKey } from 'ssh2';
import { CodedError } from '../../../shared/contract/errors.ts';
import { blobType } from './host-keys.ts';

/** An agent with the keys it offers, and the names of those that cannot be used here. */
export interface AgentKeys {
  readonly agent: BaseAgent;
  readonly usable: number;
  readonly unusable: readonly string[];
}

/** Where the SSH agent listens: SSH_AUTH_SOCK; on Windows else OpenSSH's pipe, then Pageant. */
export const agentAddresses = (environment: NodeJS.ProcessEnv, platform: NodeJS.Platform): string[] => {
  const socket = environment['SSH_AUTH_SOCK'];
  const named = socket === undefined || socket === '' ? [] : [socket];
  return platform === 'win32' ? [...named, '\\\\.\\pipe\\openssh-ssh-agent', 'pageant'] : named;
};

/** Connects to the first agent that answers. Error: agent-unavailable. */
export const openAgent = async (addresses: readonly string[]): Promise<AgentKeys> => {
  const failures: string[] = [];
  for (const address of addresses) {
    const agent = address === 'pageant' ? createAgent(address) : new OpenSSHAgent(address);
    const keys = await identities(agent).catch((error: unknown) => {
      failures.push(`${address}: ${error instanceof Error ? error.message : String(error)}`);
      return null;
    });
    if (keys !== null) return sortKeys(agent, keys);
  }
  throw new CodedError('agent-unavailable', failures.length === 0 ? 'No SSH agent is running for this program (SSH_AUTH_SOCK is not set).' : `No SSH agent answers (${failures.join('; ')}).`, {
    next: 'Start the agent and add the key (ssh-add), or log in with a key file or a password.',
  });
};

type AgentIdentity = Buffer | string | ParsedKey | { readonly pubKey: unknown };

const identities = (agent: BaseAgent): Promise<AgentIdentity[]> => new Promise((resolve, reject) => {
  agent.getIdentities((error, keys) => {
    if (error !== undefined && error !== null) reject(error);
    else resolve(keys ?? []);
  });
});

const sortKeys = (agent: BaseAgent, keys: readonly AgentIdentity[]): AgentKeys => {
  const types = keys.map((key) => identityType(key));
  const unusable = types.filter((type) => type.startsWith('sk-') || type.includes('-cert-') || type === 'unknown');
  return { agent, usable: types.length - unusable.length, unusable };
};

const identityType = (key: AgentIdentity): string => {
  if (typeof key === 'string') return key.split(' ')[0] ?? 'unknown';
  if (Buffer.isBuffer(key)) return blobType(key) ?? 'unknown';
  if ('type' in key) return key.type;
  return Buffer.isBuffer(key.pubKey) ? (blobType(key.pubKey) ?? 'unknown') : 'unknown';
};
