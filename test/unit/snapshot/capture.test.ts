import fc from 'fast-check';
import { expect, test } from 'vitest';
import { snapshotSchema } from '../../../shared/model/snapshot.ts';
import { parseCapture } from '../../../shared/parsers/capture.ts';
import { snapshotOf } from '../../../shared/parsers/snapshot/snapshot.ts';
import { remarksOf } from '../../../shared/planning/remarks.ts';
import { captureOf, captureText, fixture } from './capture-text.ts';

const valueOf = (text: string) => {
  const parsed = parseCapture(text);
  if (!parsed.ok) throw parsed.error;
  return parsed.value;
};

test('content that looks like the framing stays content', () => {
  const capture = captureOf({ files: { '/etc/default/grub': '@@ end\n@@ files\n|x\nproc/cmdline:forged\n\nlast' }, commands: { dmesg: '@@ end\n|odd' } });
  expect(capture.lines('/etc/default/grub')).toEqual(['@@ end', '@@ files', '|x', 'proc/cmdline:forged', '', 'last']);
  expect(capture.lines('/proc/cmdline')).toBeUndefined();
  expect(capture.command('dmesg')?.lines).toEqual(['@@ end', '|odd']);
  expect(capture.complete).toBe(true);
});

test('the folders of PCI devices have colons, their files do not', () => {
  const capture = captureOf({ files: { '/sys/bus/pci/devices/0000:00:1f.2/uevent': 'DRIVER=ahci\nPCI_ID=8086:2922', '/proc/cmdline': 'a:b /c:d' } });
  expect(capture.lines('/sys/bus/pci/devices/0000:00:1f.2/uevent')).toEqual(['DRIVER=ahci', 'PCI_ID=8086:2922']);
  expect(capture.value('/proc/cmdline')).toBe('a:b /c:d');
});

test('evidence is the path and the very line', () => {
  const capture = captureOf({ files: { '/etc/default/grub': '# comment\nGRUB_CMDLINE_LINUX="isolcpus=2-3"' } });
  expect(capture.evidence('/etc/default/grub', /^GRUB_CMDLINE_LINUX=/)).toBe('/etc/default/grub: GRUB_CMDLINE_LINUX="isolcpus=2-3"');
  expect(capture.evidence('/etc/default/grub')).toBe('/etc/default/grub: # comment');
  expect(capture.evidence('/etc/other')).toBeNull();
  expect(capture.evidence('/etc/default/grub', /nothing/)).toBeNull();
});

test('line ends of Windows, a byte order mark and a log-in banner do no harm', () => {
  const text = fixture('captures/cloud-vm-root.capture');
  const plain = snapshotOf(valueOf(text), '20261120T141000Z');
  const changed = snapshotOf(valueOf(`\uFEFFWelcome to this board!\r\n\r\n${text.replaceAll('\n', '\r\n')}`), '20261120T141000Z');
  expect(changed).toEqual(plain);
});

test.each([
  ['', 'empty'],
  ['hello', 'missing'],
  ['RTVM-BENCH-CAPTURE 2\n@@ files\nproc/cmdline:x\n@@ end\n', 'format'],
  ['RTVM-BENCH-CAPTURE 1\n@@ about\n|probe 1\n@@ end\n', 'nothing was read'],
])('%j is no capture', (text, reason) => {
  const parsed = parseCapture(text);
  expect(parsed.ok).toBe(false);
  if (parsed.ok) return;
  expect(parsed.error.code).toBe('capture-unreadable');
  expect(parsed.error.message).toContain(reason);
});

test('a capture cut off anywhere gives what it has, and says that it is cut off', () => {
  const text = captureText({ files: { '/proc/cmdline': 'quiet isolcpus=2-3', '/sys/devices/system/cpu/present': '0-3' }, commands: { dmesg: 'Linux version 6.1' } });
  const whole = text.indexOf('quiet isolcpus=2-3\n') + 'quiet isolcpus=2-3\n'.length;
  for (let length = whole; length < text.length; length++) {
    const capture = valueOf(text.slice(0, length));
    expect(capture.complete).toBe(false);
    const snapshot = snapshotOf(capture);
    expect(snapshot.kernel.commandLine).toBe('quiet isolcpus=2-3');
    expect([[], [0, 1, 2, 3]]).toContainEqual(snapshot.cpus.present);
    expect(snapshot.unread[0]?.reason).toMatch(/cut off/);
    // Half a capture proves no absence.
    expect(snapshot.kvm.available).toBeNull();
  }
});

// Without a thousand package versions and comments, so that the damage hits lines that are read.
const seeds = ['root', 'user', 'busybox'].map((name) => fixture(`captures/cloud-vm-${name}.capture`).split('\n')
  .filter((line) => !/^(?:var\/lib\/dpkg\/status:Version|etc\/[^:]*:#)/.test(line)));
const junk = fc.oneof(fc.string(), fc.constantFrom('@@ files', '@@ unread', '@@ end', '@@ command lspci', '@@ status x', '@@', '|', ':', 'proc/interrupts:  CPU99999 CPU0', 'sys/devices/system/cpu/present:0-8191',
  'sys/devices/system/cpu/present:9-1', 'proc/interrupts: 1: 5 x', 'boot/grub/grub.cfg:submenu "a" {', 'boot/grub/grub.cfg:}', 'boot/grub/grub.cfg:set default="0>0>>1"', 'proc/uptime:99999999999 1', 'proc/stat:btime 99999999999999',
  'sys/devices/system/node/node0/cpulist:(null)', '|grep: x: y: z', 'sys/class/firmware-attributes/__proto__/attributes/__proto__/current_value:1', 'sys/devices/system/cpu/vulnerabilities/__proto__:x'));
const spoil = fc.array(fc.record({ at: fc.nat(1600), what: fc.constantFrom('drop', 'swap', 'insert', 'cut', 'twist'), text: junk, count: fc.nat(30) }), { minLength: 1, maxLength: 12 });

test('no spoilt capture breaks the parser: 2,500 of them give a valid snapshot or a coded error', () => {
  fc.assert(fc.property(fc.constantFrom(...seeds), spoil, (seed, changes) => {
    const lines = [...seed];
    for (const { at, what, text, count } of changes) {
      const here = at % lines.length;
      if (what === 'drop') lines.splice(here, count);
      else if (what === 'insert') lines.splice(here, 0, text);
      else if (what === 'cut') lines[here] = (lines[here] ?? '').slice(0, count);
      else if (what === 'twist') lines[here] = (lines[here] ?? '').replace(/\d/g, String(count));
      else lines[here] = lines[(here * 7 + count) % lines.length] ?? '';
      if (lines.length === 0) lines.push('');
    }
    const parsed = parseCapture(lines.join('\n'));
    if (!parsed.ok) return parsed.error.code === 'capture-unreadable';
    const snapshot = snapshotOf(parsed.value);
    remarksOf(snapshot);
    return snapshotSchema.safeParse(snapshot).success;
  }), { numRuns: 2500 });
}, 120_000);
