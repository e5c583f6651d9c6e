import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { utils } from 'ssh2';
import type { ParsedKey } from 'ssh2';
import { CodedError } from '../../../shared/contract/errors.ts';
import { blobType } from './host-keys.ts';

/** What can be said about a key file without its passphrase. */
export type KeyFileKind =
  | { readonly kind: 'private'; readonly encrypted: boolean }
  | { readonly kind: 'unusable'; readonly what: string; readonly next: string };

const CONVERT = 'Convert a copy of it with "ssh-keygen -p -o -a 16 -f COPY" (or PuTTYgen: Conversions, Export OpenSSH key) and use that.';
const OTHER_KEY = 'Use an ed25519, ECDSA or RSA key, or log in with a password.';

/** Tells what a key file is. Key types and forms that cannot be used are named, with what to do. */
export const inspectKeyFile = (data: Buffer): KeyFileKind => {
  const text = data.toString('latin1');
  const publicType = /^\s*(\S+) AAAA/.exec(text)?.[1];
  if (publicType !== undefined) {
    return publicType.includes('-cert-v01@openssh.com')
      ? { kind: 'unusable', what: `a certificate (${publicType})`, next: `Certificates are not supported. ${OTHER_KEY}` }
      : { kind: 'unusable', what: `a public key (${publicType})`, next: 'Give the private key file: the one without .pub.' };
  }
  if (text.includes('-----BEGIN OPENSSH PRIVATE KEY-----')) return inspectOpenSshKey(text);
  if (text.includes('-----BEGIN ENCRYPTED PRIVATE KEY-----') || text.includes('-----BEGIN PRIVATE KEY-----')) {
    return { kind: 'unusable', what: 'a PKCS#8 key', next: CONVERT };
  }
  if (/-----BEGIN (RSA|EC|DSA) PRIVATE KEY-----/.test(text)) return { kind: 'private', encrypted: text.includes('ENCRYPTED') };
  if (text.startsWith('PuTTY-User-Key-File-3')) return { kind: 'unusable', what: 'a PuTTY key of version 3', next: CONVERT };
  if (text.startsWith('PuTTY-User-Key-File-2')) return { kind: 'private', encrypted: !/^Encryption: none\r?$/m.test(text) };
  return { kind: 'unusable', what: 'not a private key in a form known here', next: 'Give an OpenSSH or PEM private key file.' };
};

/** The head of an OpenSSH private key is not encrypted: cipher, key derivation, and the public key with its type (PROTOCOL.key). */
const inspectOpenSshKey = (text: string): KeyFileKind => {
  const body = /-----BEGIN OPENSSH PRIVATE KEY-----([\s\S]*?)-----END/.exec(text)?.[1] ?? '';
  const blob = Buffer.from(body, 'base64');
  let at = 'openssh-key-v1\0'.length;
  const field = (): Buffer | null => {
    if (blob.length < at + 4) return null;
    const length = blob.readUInt32BE(at);
    if (blob.length < at + 4 + length) return null;
    const value = blob.subarray(at + 4, at + 4 + length);
    at += 4 + length;
    return value;
  };
  const cipher = field()?.toString('latin1');
  field();
  field();
  at += 4;
  const type = blobType(field() ?? Buffer.alloc(0));
  if (cipher === undefined || type === null) return { kind: 'unusable', what: 'a damaged OpenSSH key', next: 'Copy the file again from where it was made.' };
  if (type.startsWith('sk-')) return { kind: 'unusable', what: `a key on a security token (${type})`, next: `Such keys are not supported. ${OTHER_KEY}` };
  if (!/^(ssh-ed25519|ssh-rsa|ecdsa-sha2-nistp(256|384|521))$/.test(type)) return { kind: 'unusable', what: `a key of type ${type}`, next: OTHER_KEY };
  if (!['none', 'aes128-ctr', 'aes192-ctr', 'aes256-ctr', 'aes128-cbc', 'aes192-cbc', 'aes256-cbc', 'aes128-gcm@openssh.com', 'aes256-gcm@openssh.com', '3des-cbc'].includes(cipher)) {
    return { kind: 'unusable', what: `a key encrypted with ${cipher}`, next: 'Change its cipher in a copy with "ssh-keygen -p -Z aes256-ctr -f COPY" and use that.' };
  }
  return { kind: 'private', encrypted: cipher !== 'none' };
};

/**
 * Reads a private key. `askPassphrase(attempt)` is called for an encrypted one, again after a wrong passphrase, three
 * times at most. Errors: file-unreadable, key-unusable, key-needs-passphrase.
 */
export const loadPrivateKey = async (file: string, askPassphrase: (attempt: number) => Promise<string>): Promise<ParsedKey> => {
  const path = file.startsWith('~/') ? join(homedir(), file.slice(2)) : file;
  const data = await readFile(path).catch((error: unknown) => {
    throw new CodedError('file-unreadable', `The key file ${file} cannot be read: ${error instanceof Error ? error.message : String(error)}.`, { next: 'Check the path and that you may read it.' });
  });
  const kind = inspectKeyFile(data);
  if (kind.kind === 'unusable') throw new CodedError('key-unusable', `${file} cannot be used to log in: it is ${kind.what}.`, { next: kind.next });
  for (let attempt = 1; ; attempt += 1) {
    const passphrase = kind.encrypted ? await askPassphrase(attempt) : undefined;
    const key = parse(data, passphrase);
    if (!(key instanceof Error)) return key;
    if (!kind.encrypted) throw new CodedError('key-unusable', `${file} cannot be used to log in: ${key.message}.`, { next: CONVERT });
    if (attempt >= 3) throw new CodedError('key-needs-passphrase', `None of the ${String(attempt)} passphrases opens ${file}.`, { next: 'Try again with the right passphrase, or use another key.' });
  }
};

const parse = (data: Buffer, passphrase: string | undefined): ParsedKey | Error => {
  const key = passphrase === undefined ? utils.parseKey(data) : utils.parseKey(data, passphrase);
  const first: unknown = Array.isArray(key) ? key[0] : key;
  if (first instanceof Error) return first;
  return !(key instanceof Error) && key.isPrivateKey() ? key : new Error('it holds no private key');
};

/** The certificate OpenSSH would use with this key, which cannot be used here; null when there is none. */
export const certificateBeside = (keyFile: string): string | null => {
  const file = `${keyFile}-cert.pub`;
  return existsSync(file) ? file : null;
};
