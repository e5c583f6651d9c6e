import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createPackageLog, holderWords } from '../../../../shared/planning/packages/package-log.ts';
import { fixture } from '../../snapshot/capture-text.ts';

const log = fixture('packages/worker-hello.log');

describe('the log of work on packages', () => {
  test('a real installation with apt, from beginning to end', () => {
    const reader = createPackageLog();
    const progress = reader.take(log);
    expect(reader.outcome()).toMatchObject({ exitStatus: 0, phase: 'install', lockHolder: null, wouldRemove: [], lost: [], runningKernel: null });
    const messages = progress.map(({ message }) => message);
    for (const wanted of ['Reading the package sources', 'Fetching packages', 'Unpacking hello (amd64)', 'Configuring hello (amd64)']) expect(messages).toContain(wanted);
    expect(progress.map(({ fraction }) => fraction)).toEqual(progress.map(({ fraction }) => fraction).sort((a, b) => a - b));
    expect(progress.at(-1)?.fraction).toBeGreaterThan(0.85);
  });

  test('cut anywhere, it says the same', () => {
    const whole = createPackageLog();
    const all = whole.take(log);
    fc.assert(fc.property(fc.array(fc.integer({ min: 0, max: log.length }), { maxLength: 12 }), (cuts) => {
      const reader = createPackageLog();
      const places = [0, ...cuts.sort((a, b) => a - b), log.length];
      const progress = places.slice(1).flatMap((end, at) => reader.take(log.slice(places[at], end)));
      expect(progress).toEqual(all);
      expect(reader.outcome()).toEqual(whole.outcome());
    }));
  });

  test('who holds the lock, what would go, what is lost, what runs', () => {
    const reader = createPackageLog();
    const [waiting] = reader.take('@@ phase download\nE: Could not get lock /var/lib/dpkg/lock-frontend. It is held by process 812 (unattended-upgr)\n@@ locked 812 unattended-upgr\n').slice(-1);
    expect(waiting?.message).toBe('Waiting: unattended-upgrades (automatic updates), process 812, is using the package manager');
    expect(reader.outcome().said.get('download')).toContain('held by process 812');
    reader.take('@@ again\n@@ removes libvirt-daemon qemu-system-x86\n@@ lost a=1 b=2\n@@ running linux-image-6.1.0-50-rt-amd64\n@@ exit 92\n');
    expect(reader.outcome()).toMatchObject({ exitStatus: 92, lockHolder: '812 unattended-upgr', wouldRemove: ['libvirt-daemon', 'qemu-system-x86'], lost: ['a=1', 'b=2'], runningKernel: 'linux-image-6.1.0-50-rt-amd64' });
    expect(reader.outcome().said.get('download')).toBe(undefined);
    expect(holderWords('')).toBe('another program');
  });

  test('counters of dnf', () => {
    const reader = createPackageLog();
    const progress = reader.take('@@ phase download\n(2/4): kernel-rt-core-5.14.0-570.el9.x86_64.rpm     12 MB/s |  18 MB     00:01    \n@@ phase install\n  Installing       : kernel-rt-core-5.14.0-570.el9.x86_64                  2/4 \n');
    expect(progress).toEqual([
      { fraction: 0.12, message: 'Fetching packages' }, { fraction: 0.31, message: 'Fetched kernel-rt-core-5.14.0-570.el9.x86_64.rpm' },
      { fraction: 0.5, message: 'Installing' }, { fraction: 0.75, message: 'Installing kernel-rt-core-5.14.0-570.el9.x86_64' },
    ]);
  });

  test('any text: fractions between 0 and 1, never going back; what is kept has an end', () => {
    const piece = fc.constantFrom('@@ phase install\n', '@@ phase update\n', 'pmstatus:a:50.0:x\n', 'dlstatus:1:999:y\n', 'pmstatus::::\n', '@@ exit x\n', '@@ \n', 'http://u:hunter2@p/\n', '\r', '@@ again\n');
    fc.assert(fc.property(fc.array(fc.oneof(piece, fc.string()), { maxLength: 60 }), (pieces) => {
      const reader = createPackageLog();
      const fractions = pieces.flatMap((text) => reader.take(text)).map(({ fraction }) => fraction);
      expect(fractions.every((fraction, at) => fraction >= (fractions[at - 1] ?? 0) && fraction <= 1)).toBe(true);
      expect(JSON.stringify([...reader.outcome().said])).not.toContain('hunter2');
    }));
    const reader = createPackageLog();
    for (let line = 0; line < 20_000; line += 1) reader.take('a line that says nothing at all\n');
    expect([...reader.outcome().said.values()].join('').length).toBeLessThanOrEqual(40_000);
  });
});
