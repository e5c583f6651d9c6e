import type { AnyAuthMethod, AuthHandlerMiddleware, ParsedKey, Prompt } from 'ssh2';
import { CodedError } from '../../../shared/contract/errors.ts';
import type { Hop, Login } from '../../../shared/model/board.ts';
import type { OpenAgent } from './agent.ts';
import type { BoardAsker } from './ask.ts';
import { certificateBeside, loadPrivateKey } from './key-file.ts';
import type { SecretKeeper } from './secret-keeper.ts';
import type { Peer } from './connect-errors.ts';

export interface AuthContext {
  readonly peer: Peer;
  readonly login: Login;
  readonly openAgent: () => Promise<OpenAgent>;
  readonly asker: BoardAsker;
  readonly secrets: SecretKeeper;
  /** Ends the attempt with this error. */
  fail(error: CodedError): void;
}

export interface Authentication {
  readonly handler: AuthHandlerMiddleware;
  /** What the attempt failed of when the server itself ends it ("Too many authentication failures"). */
  refused(detail?: string): CodedError;
}

export const passwordName = (hop: Pick<Hop, 'user' | 'address' | 'port'>): string => `password ${hop.user}@${hop.address}:${String(hop.port)}`;

const MAX_TRIES = 3;

/**
 * Decides what is sent to the server to log in, one method at a time and never more than needed. The first request is
 * "none", which tells what the server offers and is not counted by sshd's MaxAuthTries.
 */
export const createAuthentication = (context: AuthContext): Authentication => {
  const { peer, login, asker, secrets, fail } = context;
  const secretName = passwordName(peer);
  let offered: readonly string[] = [];
  let passwordsSent = 0;
  let keySent = false;
  let interactiveTries = 0;
  let fromMemory = false;
  let agentKeys = 0;

  const password = async (): Promise<string> => {
    const kept = secrets.get(secretName);
    if (kept !== undefined && passwordsSent === 0) {
      fromMemory = true;
      passwordsSent += 1;
      return kept;
    }
    secrets.forget(secretName);
    passwordsSent += 1;
    const attempt = fromMemory ? passwordsSent - 1 : passwordsSent;
    const [answer = ''] = await asker.answers({ kind: 'password', user: peer.user, host: peer.address, attempt }, 'auth-failed');
    secrets.keep(secretName, answer);
    return answer;
  };

  const interactive = (): AnyAuthMethod => {
    interactiveTries += 1;
    let rounds = 0;
    return {
      type: 'keyboard-interactive',
      username: peer.user,
      prompt: (name, instructions, _language, prompts, finish) => {
        rounds += 1;
        const answers = async (): Promise<readonly string[]> => {
          const forPassword = isOnlyPassword(prompts);
          const kept = rounds === 1 && interactiveTries === 1 && secrets.get(secretName) !== undefined;
          if (forPassword && (login.method !== 'keyboard-interactive' || kept)) return [await password()];
          const given = await asker.answers({
            kind: 'keyboard-interactive', host: peer.address, user: peer.user, name, instructions,
            prompts: prompts.map((prompt) => ({ prompt: prompt.prompt, echo: prompt.echo === true })),
          }, 'auth-failed');
          if (forPassword) secrets.keep(secretName, given[0] ?? '');
          return prompts.map((_, index) => given[index] ?? '');
        };
        answers().then((given) => { finish([...given]); }, (error: unknown) => { fail(CodedError.from(error)); });
      },
    };
  };

  const keyMethod = async (): Promise<AnyAuthMethod | null> => {
    if (login.method === 'agent') {
      const { agent, keys } = await context.openAgent();
      agentKeys = keys;
      return { type: 'agent', username: peer.user, agent };
    }
    return login.method === 'key' ? { type: 'publickey', username: peer.user, key: await loadKey(login.keyFile, asker, secrets) } : null;
  };

  const refused = (detail?: string): CodedError => authFailed(context, offered, agentKeys, detail);

  const nextMethod = async (partial: boolean): Promise<AnyAuthMethod> => {
    const offers = (method: string): boolean => offered.includes(method);
    if (!keySent) {
      keySent = true;
      const method = await keyMethod();
      if (method !== null) {
        if (!offers('publickey')) throw refused();
        return method;
      }
    }
    const keyOnly = login.method === 'key' || login.method === 'agent';
    if (keyOnly && !partial && passwordsSent === 0 && interactiveTries === 0) throw refused();
    if (passwordsSent >= MAX_TRIES + (fromMemory ? 1 : 0) || interactiveTries >= MAX_TRIES) throw refused();
    if (login.method !== 'keyboard-interactive' && offers('password')) return { type: 'password', username: peer.user, password: await password() };
    if (offers('keyboard-interactive')) return interactive();
    throw refused();
  };

  const handler: AuthHandlerMiddleware = (methods, partialSuccess, next) => {
    // The first call comes before the server has said anything: both are null then, whatever the declared types are.
    const left: readonly string[] | null = methods;
    if (left === null) {
      next({ type: 'none', username: peer.user });
      return;
    }
    offered = left;
    nextMethod(partialSuccess).then(next, (error: unknown) => { fail(CodedError.from(error)); });
  };
  return { handler, refused };
};

/** OpenSSH's PAM puts "(user@host) " before the prompt. "New password:" is not asking for the password we know. */
const isOnlyPassword = (prompts: readonly Prompt[]): boolean => {
  const [only] = prompts;
  return only !== undefined && prompts.length === 1 && only.echo !== true && only.prompt.length < 300
    && /^(\([^)]*\) )?(\S+'s )?password( for \S+)?: *$/i.test(only.prompt);
};

const loadKey = async (keyFile: string, asker: BoardAsker, secrets: SecretKeeper): Promise<ParsedKey> => {
  const name = `passphrase ${keyFile}`;
  return loadPrivateKey(keyFile, async (attempt) => {
    const kept = secrets.get(name);
    if (kept !== undefined && attempt === 1) return kept;
    const [passphrase = ''] = await asker.answers({ kind: 'passphrase', keyFile, attempt }, 'key-needs-passphrase');
    secrets.keep(name, passphrase);
    return passphrase;
  }).catch((error: unknown) => {
    secrets.forget(name);
    throw error;
  });
};

const TRIED: Record<Login['method'], { readonly what: string; readonly needs: readonly string[] }> = {
  password: { what: 'this password', needs: ['password', 'keyboard-interactive'] },
  'keyboard-interactive': { what: 'these answers', needs: ['keyboard-interactive'] },
  key: { what: 'this key', needs: ['publickey'] },
  agent: { what: 'the keys of the agent', needs: ['publickey'] },
};

const authFailed = ({ peer, login, secrets }: AuthContext, offered: readonly string[], agentKeys: number, detail?: string): CodedError => {
  secrets.forget(passwordName(peer));
  const list = offered.length === 0 ? 'nothing' : offered.join(', ');
  const { what, needs } = TRIED[login.method];
  const possible = offered.length === 0 || needs.some((method) => offered.includes(method));
  const certificate = login.method === 'key' ? certificateBeside(login.keyFile) : null;
  const next = possible ? [HINT[login.method]] : [`Choose a way to log in that it offers: ${list}.`];
  if (certificate !== null) next.push(`There is a certificate beside the key (${certificate}): certificates cannot be used here, so the public key itself must be in authorized_keys.`);
  if (possible && agentKeys > 5) next.push(`The agent offers ${String(agentKeys)} keys, and a server allows 6 attempts unless configured: choose the key file instead.`);
  const said = detail === undefined ? '' : ` (it says "${detail}")`;
  return new CodedError('auth-failed', `${peer.board}: ${peer.address} does not let ${peer.user} in with ${what}${said}. It offers: ${list}.`, {
    board: peer.board, next: next.join(' '), details: { offered: [...offered], hop: peer.hop },
  });
};

const HINT: Record<Login['method'], string> = {
  password: 'Check the user name and the password, and try again.',
  'keyboard-interactive': 'Check the user name and try again.',
  key: 'Check the user name, and that the public key is in ~/.ssh/authorized_keys on the board (ssh-copy-id puts it there).',
  agent: 'Check the user name, and that one of the keys (ssh-add -l) is in ~/.ssh/authorized_keys on the board.',
};
