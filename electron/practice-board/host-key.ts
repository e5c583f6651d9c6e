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
  const made = newKey();
  await mkdir(stateDir, { recursive: true });
  await writeFile(`${path}.new`, made.privateKey, { mode: 0o600 });
  await rename(`${path}.new`, path);
  return made;
}

/** ssh2 now and then writes an ed25519 key that it cannot read itself; such a one is thrown away. */
function newKey(): HostKey {
  for (let attempt = 0; attempt < 20; attempt += 1) {
    const made = parsed(ssh2.utils.generateKeyPairSync('ed25519').private);
    if (made !== undefined) return made;
  }
  throw new Error('ssh2 made no readable host key');
}

function parsed(privateKey: string): HostKey | undefined {
  const key = ssh2.utils.parseKey(privateKey);
  const one = Array.isArray(key) ? key[0] : key;
  return one === undefined || one instanceof Error ? undefined : { privateKey, type: one.type, publicKey: one.getPublicSSH().toString('base64') };
}
