import fc from 'fast-check';
import { parse } from 'yaml';
import { describe, expect, it } from 'vitest';
import { hashPassword } from '../../../electron/core/vms/password-hash.ts';
import { cloudInitMetaData, cloudInitUserData } from '../../../shared/planning/vm/cloud-init.ts';
import { valueOf } from './vm-kit.ts';

const guideHash = '$6$banana123$wQ1IqKwmt6fbNfzB31o0JC1PTG/TdbxTMkB5gx0RyzujPINAifkV1shcE7HW7d.jnVTs5QyuFZBid8NmYf2oq.';
const key = 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIGZvb2JhcmZvb2JhcmZvb2JhcmZvb2JhcmZvb2JhcmZv engineer@bench';
const user = { name: 'debian', passwordHash: guideHash, sshKeys: [key], adminGroup: 'sudo' };
const request = { hostName: 'debian12-rt', user, packages: ['rt-tests', 'stress-ng'] };

describe('passwords', () => {
  it('the example of Intel’s guide', () => {
    expect(hashPassword('apple', 'banana123')).toBe(guideHash);
  });

  // Test vectors of the specification: Ulrich Drepper, “Unix crypt using SHA-256 and SHA-512”.
  it.each([
    ['Hello world!', 'saltstring', '$6$saltstring$svn8UoSVapNtMuq1ukKS4tPQd8iKwSMHWjl/O817G3uBnIFNjnQJuesI68u4OTLiBFdcbYEdFCoEOfaS35inz1'],
  ])('%s', (password, salt, hash) => {
    expect(hashPassword(password, salt)).toBe(hash);
  });

  it('another salt every time, and a hash that cloud-init takes', () => {
    const hashes = Array.from({ length: 8 }, () => hashPassword('grün ✓'));
    expect(new Set(hashes).size).toBe(8);
    for (const passwordHash of hashes) expect(cloudInitUserData({ ...request, user: { ...user, passwordHash } })).toMatchObject({ ok: true });
  });

  it.each(['', 'two\nlines', 'nul\0', 'x'.repeat(300)])('no password: %j', (password) => {
    expect(() => hashPassword(password)).toThrow(expect.objectContaining({ code: 'bad-usage' }));
  });

  it.each(['', 'a$b', 'x'.repeat(17)])('no salt: %j', (salt) => {
    expect(() => hashPassword('apple', salt)).toThrow(expect.objectContaining({ code: 'bad-usage' }));
  });
});

describe('what a new VM is told', () => {
  it('the user of Intel’s guide, with a key and packages', () => {
    const text = valueOf(cloudInitUserData(request));
    expect(text.split('\n')[0]).toBe('#cloud-config');
    expect(parse(text)).toEqual({
      hostname: 'debian12-rt',
      users: [{ name: 'debian', passwd: guideHash, sudo: ['ALL=(ALL) NOPASSWD:ALL'], groups: ['sudo'], shell: '/bin/bash', lock_passwd: false, ssh_authorized_keys: [key] }],
      ssh_pwauth: false, package_update: true, packages: ['rt-tests', 'stress-ng'],
    });
  });

  it('a password opens SSH only where there is no key, and is locked where there is none', () => {
    expect(parse(valueOf(cloudInitUserData({ ...request, user: { ...user, sshKeys: [] } })))).toMatchObject({ ssh_pwauth: true, users: [{ lock_passwd: false }] });
    const keyOnly: unknown = parse(valueOf(cloudInitUserData({ ...request, user: { ...user, passwordHash: null }, packages: [] })));
    expect(keyOnly).toMatchObject({ ssh_pwauth: false, users: [{ lock_passwd: true }] });
    expect(keyOnly).not.toHaveProperty('packages');
  });

  it.each([
    [{ ...request, hostName: 'a b' }, 'hostName'], [{ ...request, user: { ...user, name: 'root' } }, 'user.name'], [{ ...request, user: { ...user, name: 'x\nruncmd: [reboot]' } }, 'user.name'],
    [{ ...request, user: { ...user, passwordHash: 'apple' } }, 'user.passwordHash'], [{ ...request, user: { ...user, sshKeys: ['-----BEGIN OPENSSH PRIVATE KEY-----'] } }, 'user.sshKeys.0'],
    [{ ...request, user: { ...user, sshKeys: [`${key}\nruncmd: [reboot]`] } }, 'user.sshKeys.0'], [{ ...request, user: { ...user, sshKeys: [], passwordHash: null } }, 'user'],
    [{ ...request, packages: ['a; reboot'] }, 'packages.0'], [null, ''],
  ])('refused: %j', (bad, field) => {
    expect(cloudInitUserData(bad)).toMatchObject({ ok: false, error: { code: 'bad-usage', extras: { details: { field } } } });
  });

  it('whatever is accepted says what was asked for, and nothing more', () => {
    const name = fc.stringMatching(/^[a-z_][a-z0-9_-]{0,31}$/).filter((text) => text !== 'root');
    const packages = fc.array(fc.oneof(fc.stringMatching(/^[A-Za-z0-9][A-Za-z0-9.+_~:-]{0,20}$/), fc.constantFrom('no', 'null', '1e3', '0x1', '~', '1:2')), { maxLength: 4 });
    fc.assert(fc.property(name, packages, fc.stringMatching(/^[ -~]{0,40}$/), (userName, wanted, comment) => {
      const text = cloudInitUserData({ hostName: 'rt', user: { ...user, name: userName, sshKeys: [`${key.split(' ').slice(0, 2).join(' ')} ${comment}`.trim()] }, packages: wanted });
      if (!text.ok) return;
      const told: unknown = parse(text.value);
      expect(told).toMatchObject({ users: [{ name: userName, passwd: guideHash }], ...(wanted.length > 0 ? { packages: wanted } : {}) });
      expect(Object.keys(Object(told)).every((field) => ['hostname', 'users', 'ssh_pwauth', 'package_update', 'packages'].includes(field))).toBe(true);
    }));
  });

  it('meta-data', () => {
    expect(parse(valueOf(cloudInitMetaData('rt-20261121', 'rt')))).toEqual({ 'instance-id': 'rt-20261121', 'local-hostname': 'rt' });
    expect(cloudInitMetaData('a b', 'rt')).toMatchObject({ ok: false, error: { extras: { details: { field: 'instanceId' } } } });
  });
});
