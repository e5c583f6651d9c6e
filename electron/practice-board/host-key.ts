import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import ssh2 from 'ssh2';

export interface HostKey {
  readonly privateKey: string;
  /** As in known_hosts. */
  readonly type: string;
  readonly publicKey: string;
}

/** The practice board's own ed25519 key: made once and kept in `stateDir`, so that it stays the same machine to its visitors. */
export async function loadHostKey(stateDir: string): Promise<HostKey> {
  const path = join(stateDir, 'practice-host-key');
  const existing = await readFile(path, 'utf8').catch(() => undefined);
  const kept = existing === undefined ? undefined : parsed(existing);
  if (kept !== undefined) return kept;
  const { private: privateKey } = ssh2.utils.generateKeyPairSync('ed25519');
  await mkdir(stateDir, { recursive: true });
  await writeFile(`${path}.new`, privateKey, { mode: 0o600 });
  await rename(`${path}.new`, path);
  const made = parsed(privateKey);
  if (made === undefined) throw new Error('the key just made cannot be read');
  return made;
}

function parsed(privateKey: string): HostKey | undefined {
  const key = ssh2.utils.parseKey(privateKey);
  const one = Array.isArray(key) ? key[0] : key;
  return one === undefined || one instanceof Error ? undefined : { privateKey, type: one.type, publicKey: one.getPublicSSH().toString('base64') };
}
