import { stringify } from 'yaml';
import { z } from 'zod';
import { CodedError } from '../../contract/errors.ts';
import { failed, ok, type Result } from '../../contract/result.ts';

const publicKey = /^(?:ssh-(?:ed25519|rsa)|ecdsa-sha2-nistp(?:256|384|521)|sk-(?:ssh-ed25519|ecdsa-sha2-nistp256)@openssh\.com) [A-Za-z0-9+/]{40,}={0,2}(?: [^\r\n]{0,200})?$/;

/** What a new VM is told at its first boot. Secrets come as hashes, keys as public keys: all of it may be shown. */
export const cloudInitRequestSchema = z.strictObject({
  hostName: z.string().regex(/^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/i, 'must be letters, digits and hyphens, at most 63'),
  user: z.strictObject({
    name: z.string().regex(/^[a-z_][a-z0-9_-]{0,31}$/, 'must be lower-case letters, digits, hyphens and underscores, at most 32').refine((name) => name !== 'root', 'must be an ordinary user; it becomes root by sudo'),
    /** SHA-512 crypt; null where the user logs in by key alone. */
    passwordHash: z.string().regex(/^\$6\$(?:rounds=\d{4,9}\$)?[./0-9A-Za-z]{1,16}\$[./0-9A-Za-z]{86}$/, 'must be a hash in the form of SHA-512 crypt ($6$…), never a password').nullable(),
    sshKeys: z.array(z.string().trim().regex(publicKey, 'must be a public key in one line, as in id_ed25519.pub')).max(50),
    /** Whose members may become root: `sudo` on Debian and Ubuntu, `wheel` on systems like RHEL. */
    adminGroup: z.enum(['sudo', 'wheel']),
  }),
  packages: z.array(z.string().regex(/^[A-Za-z0-9][A-Za-z0-9.+_~:-]{0,120}$/, 'must be a name of a package')).max(200),
});
export type CloudInitRequest = z.infer<typeof cloudInitRequestSchema>;

/**
 * Writes cloud-init's user-data: the user of Intel's guide (“Real-Time VM Image Creation”, step 11), with keys and packages.
 * Logging in by password over SSH is allowed only where there is no key. Errors: `bad-usage`, which names the field.
 */
export function cloudInitUserData(request: unknown): Result<string> {
  const read = readRequest(request);
  if (!read.ok) return read;
  const { hostName, user, packages } = read.value;
  const document = {
    hostname: hostName,
    users: [{
      name: user.name,
      ...(user.passwordHash === null ? {} : { passwd: user.passwordHash }),
      sudo: ['ALL=(ALL) NOPASSWD:ALL'], groups: [user.adminGroup], shell: '/bin/bash',
      lock_passwd: user.passwordHash === null,
      ...(user.sshKeys.length === 0 ? {} : { ssh_authorized_keys: user.sshKeys }),
    }],
    ssh_pwauth: user.sshKeys.length === 0,
    ...(packages.length === 0 ? {} : { package_update: true, packages }),
  };
  return ok(`#cloud-config\n${stringify(document, { lineWidth: 0, defaultStringType: 'PLAIN', defaultKeyType: 'PLAIN' })}`);
}

/** cloud-init's meta-data. Another `instanceId` makes cloud-init begin anew, the same one never. */
export function cloudInitMetaData(instanceId: string, hostName: string): Result<string> {
  const name = cloudInitRequestSchema.shape.hostName.safeParse(hostName);
  if (!name.success || !/^[A-Za-z0-9][A-Za-z0-9._-]{0,100}$/.test(instanceId)) return bad(name.success ? 'instanceId' : 'hostName', 'must be letters, digits and hyphens');
  return ok(stringify({ 'instance-id': instanceId, 'local-hostname': hostName }, { lineWidth: 0 }));
}

function readRequest(request: unknown): Result<CloudInitRequest> {
  const read = cloudInitRequestSchema.safeParse(request);
  if (!read.success) {
    const issue = read.error.issues[0];
    return bad(issue?.path.map(String).join('.') ?? '', issue?.message ?? 'cannot be used');
  }
  const { passwordHash, sshKeys } = read.data.user;
  return passwordHash === null && sshKeys.length === 0 ? bad('user', 'has neither a password nor a key: nobody could log in') : ok(read.data);
}

const bad = (field: string, message: string): Result<never> => failed(new CodedError('bad-usage', `The VM cannot be told this: ${field} ${message}.`, { details: { field } }));
