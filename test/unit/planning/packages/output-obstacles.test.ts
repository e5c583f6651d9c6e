import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { obstaclesOfSteps, outputObstacles } from '../../../../shared/planning/packages/output-obstacles.ts';
import { fixture } from '../../snapshot/capture-text.ts';

const said = (name: string): string => fixture(`packages/${name}.txt`);

describe('what stopped a package manager, from what apt and dpkg really said', () => {
  test.each([
    ['apt-locked', 'package-lock', 'python3, process'],
    ['apt-not-valid-yet', 'clock-wrong', 'behind'],
    ['apt-expired', 'release-expired', 'http://mirror.example.invalid'],
    ['apt-proxy-407', 'proxy', 'proxy'],
    ['apt-proxy-dead', 'no-network', '127.0.0.1:3999'],
    ['apt-no-name-server', 'no-network', 'packages.nowhere.invalid'],
    ['apt-no-room', 'disk-full', '/var/cache/apt/archives/'],
    ['apt-no-key', 'not-authenticated', '6ED0E7B82643E131'],
    ['apt-unsigned', 'not-authenticated', 'http://mirror.example.invalid'],
    ['apt-no-package', 'not-found', 'linux-image-rt-amd46'],
    ['apt-no-version', 'not-found', '9.9'],
    ['apt-unmet', 'broken', 'do not fit'],
    ['apt-held', 'held', 'on hold'],
    ['dpkg-script-failed', 'script-failed', 'rtvm-bench-bad'],
  ])('%s: %s', (name, rule, words) => {
    const [first] = outputObstacles(said(name));
    expect(first).toMatchObject({ rule, severity: 'error' });
    expect(first?.message).toContain(words);
    expect(first?.fix?.length).toBeGreaterThan(20);
    expect(said(name)).toContain(first?.element);
  });

  // Texts as printed by dkms 3.0, dnf 4.14, rpm 4.16, subscription-manager 1.29 and the kernel's initramfs hooks.
  test.each([
    ['Error! Bad return status for module build on kernel: 6.1.0-50-rt-amd64 (x86_64)\nConsult /var/lib/dkms/nvidia-current/535.261.03/build/make.log for more information.', 'modules-not-built', '6.1.0-50-rt-amd64'],
    ['Error: Unable to find a match: kernel-rt', 'not-found', 'kernel-rt'],
    ['This system is not registered with an entitlement server. You can use subscription-manager to register.', 'rhel-subscription', 'Red Hat'],
    ['E: Failed to fetch https://esm.ubuntu.com/realtime/ubuntu/pool/main/l/linux.deb  401  Unauthorized [IP: 185.125.188.88 443]', 'ubuntu-pro', 'Ubuntu Pro'],
    ['E: dpkg was interrupted, you must manually run \'sudo dpkg --configure -a\' to correct the problem.', 'interrupted', 'interrupted'],
    ['dpkg: error processing archive /var/cache/apt/archives/x.deb (--unpack):\n unable to create \'/boot/vmlinuz.dpkg-new\': Read-only file system', 'read-only-root', 'read-only'],
    ['update-initramfs: failed for /boot/initrd.img-6.1.0-50-rt-amd64 with 1.\ngzip: stdout: No space left on device', 'disk-full', 'room'],
    ['Error Summary\n-------------\nDisk Requirements:\n   At least 57MB more space needed on the /boot filesystem.', 'disk-full', '57MB'],
    ['Curl error (60): SSL peer certificate or SSH remote key was not OK for https://cdn.redhat.com [SSL certificate problem: certificate is not yet valid]', 'clock-wrong', 'behind'],
    ['Public key for kernel-rt-core-5.14.0.rpm is not installed', 'not-authenticated', 'kernel-rt-core'],
    ['Curl error (6): Couldn\'t resolve host name for https://mirrors.example.invalid/list [Could not resolve host: mirrors.example.invalid]', 'no-network', 'mirrors.example.invalid'],
    ['Waiting for process with pid 4242 to finish.', 'package-lock', '4242'],
  ])('%s', (text, rule, words) => {
    const found = outputObstacles(text);
    expect(found[0]?.rule).toBe(rule);
    expect(found[0]?.message).toContain(words);
  });

  test('nothing is made up of an output that went well', () => {
    expect(outputObstacles('Reading package lists...\nSetting up hello (2.10-3) ...\nProcessing triggers for man-db (2.11.2-2) ...\n')).toEqual([]);
  });

  test('a package that is not found is explained by sources that could not be read', () => {
    const steps = new Map([['update', said('apt-no-name-server')], ['simulate', said('apt-no-package')]]);
    expect(obstaclesOfSteps(steps, 'simulate').map(({ rule }) => rule)).toEqual(['no-network', 'not-found']);
    const other = new Map([['update', said('apt-no-key')], ['install', said('dpkg-script-failed')]]);
    expect(obstaclesOfSteps(other, 'install').map(({ rule }) => rule)).toEqual(['script-failed', 'not-authenticated']);
  });

  test('any text gives obstacles without a password in them, in little time', () => {
    const word = fc.constantFrom('Could not get lock', 'held by process', '407', 'NO_PUBKEY', 'Failed to fetch', 'http://a:hunter2@proxy/', '\n', ' ', 'Release file for', 'dkms', 'E:', '\u0000');
    fc.assert(fc.property(fc.array(fc.oneof(word, fc.string()), { maxLength: 200 }), (words) => {
      const found = outputObstacles(words.join(''));
      expect(JSON.stringify(found)).not.toContain('hunter2');
      expect(new Set(found.map(({ rule }) => rule)).size).toBe(found.length);
    }));
    const started = performance.now();
    outputObstacles(`dkms${'a'.repeat(100_000)} Could not get lock ${'b'.repeat(100_000)}`);
    outputObstacles('signature dkms ERROR '.repeat(10_000));
    expect(performance.now() - started).toBeLessThan(2000);
  });
});
