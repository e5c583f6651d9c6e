import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { exportAnsible } from '../../../../shared/planning/export/export-ansible.ts';
import { exportShell } from '../../../../shared/planning/export/export-shell.ts';
import { hereDocument, shellQuote } from '../../../../shared/planning/export/shell-words.ts';
import { fromBase64, toBase64, utf8Bytes } from '../../../../shared/planning/export/utf8-bytes.ts';
import { everyKind, file, planOf, sha256, wasAbsent, wasText } from './plan-kit.ts';

const both = [['shell', exportShell], ['ansible', exportAnsible]] as const;

/** What a real shell makes of a text. */
const inShell = (text: string): Buffer => spawnSync('sh', { input: text }).stdout;

describe('quoting', () => {
  it('gives any words back as they were', () => {
    const words = fc.sample(fc.string({ unit: 'binary-ascii' }).map((text) => text.replaceAll('\0', '')), 300);
    expect(inShell(`printf '%s\\0' ${words.map(shellQuote).join(' ')}`).toString()).toBe(words.map((word) => `${word}\0`).join(''));
  });

  it('gives any file back byte for byte, whatever it holds', () => {
    const hostile = ['END_OF_FILE\n', 'a\nEND_OF_FILE\nEND_OF_FILE_2\nrm -rf /\n', '$(reboot) `reboot` \\ \'"\n', 'no newline', '', '\n\n', '\u0000\u001b[2J', 'a\r\nb\r\n', '\u202Eevil\n', '\ud800'];
    const texts = [...hostile, ...fc.sample(fc.string({ unit: 'grapheme', maxLength: 80 }), 150)];
    const digests = inShell(texts.map((data) => {
      const { encoding, text } = hereDocument({ encoding: 'utf8', data });
      return `${encoding === 'base64' ? 'base64 -d' : 'cat'} ${text.replace('\n', ' | sha256sum\n')}`;
    }).join('\n')).toString().trim().split('\n').map((line) => line.slice(0, 64));
    expect(digests).toEqual(texts.map((data) => createHash('sha256').update(Buffer.from(data, 'utf8')).digest('hex')));
  });

  it('encodes as everybody does', () => {
    fc.assert(fc.property(fc.uint8Array({ maxLength: 60 }), (bytes) => {
      expect(toBase64(bytes)).toBe(Buffer.from(bytes).toString('base64'));
      expect([...fromBase64(toBase64(bytes))]).toEqual([...bytes]);
    }));
    fc.assert(fc.property(fc.string({ unit: 'binary' }), (text) => {
      expect(Buffer.from(utf8Bytes(text)).equals(Buffer.from(text, 'utf8'))).toBe(true);
    }));
  });
});

describe('what is exported', () => {
  it('says each step with its reason, in order', () => {
    const { text, leftOut } = exportShell(everyKind, sha256);
    expect(leftOut).toEqual([]);
    const steps = [...text.matchAll(/^step (\d+) /gm)].map(([, number]) => Number(number));
    expect(steps).toEqual(everyKind.steps.map(({ number }) => number));
    expect(text.match(/^# So that nothing disturbs the measured CPUs\.$/gm)).toHaveLength(everyKind.steps.length);
  });

  it('is YAML whose contents are the files of the plan', () => {
    const [play] = parse(exportAnsible(everyKind, sha256).text, { logLevel: 'silent' });
    const copies = play.tasks.flatMap((task: Record<string, { content?: string }>) => (task['ansible.builtin.copy']?.content === undefined ? [] : [task['ansible.builtin.copy'].content]));
    expect(copies).toEqual(everyKind.steps.flatMap(({ action }) => (action.kind === 'file' && action.content?.encoding === 'utf8' ? [action.content.data] : [])));
    expect(play.become).toBe(true);
  });

  it.each(both)('as %s leaves out what needs a secret, and says so', (_name, write) => {
    const plan = planOf([
      file('/etc/apt/apt.conf.d/90proxy', 'Acquire::http::Proxy "http://anna:hunter2@proxy:3128";\n'),
      file('/etc/apt/auth.conf', 'machine eci.intel.com login anna password hunter2\n'),
      { kind: 'redfish', system: '1', attribute: 'C6', value: 'hunter2' },
      { kind: 'firmware-attribute', driver: 'thinklmi', attribute: 'Admin Password', value: 'hunter2' },
      { action: file('/etc/grub.d/40_custom', 'set superusers="root"\npassword_pbkdf2 root hunter2\n'), before: wasText('hunter2') },
      file('/etc/sysctl.d/1.conf', 'vm.swappiness = 1\n'),
    ]);
    const { text, leftOut } = write(plan, sha256);
    expect(leftOut.map(({ step }) => step)).toEqual([1, 2, 3, 4, 5]);
    expect(text).not.toContain('hunter2');
    expect(text).toMatch(/Not in this \w+: step 1, /);
    expect(text).toContain('vm.swappiness');
  });

  it.each(both)('as %s leaves out what has to be read back and judged', (_name, write) => {
    const { text, leftOut } = write(planOf([
      { kind: 'domain', name: 'rt', xml: '<domain><name>rt</name></domain>' }, { kind: 'network', name: 'default', xml: null, active: true, autostart: true },
      { kind: 'schemata', line: 'L3:0=ff' }, { kind: 'group-member', user: 'anna', group: 'libvirt', member: true },
    ]), sha256);
    expect(leftOut.map(({ step }) => step)).toEqual([1, 2, 3]);
    expect(text).not.toContain('<domain>');
    expect(text).toContain('libvirt');
  });

  it.each(both)('as %s keeps hostile titles and reasons in their comments', (_name, write) => {
    const plan = planOf([{ action: file('/etc/a', 'x\n'), before: wasAbsent, title: "it's\nrm -rf /\n{{ lookup('pipe', 'id') }}", why: 'because\nreboot\r\u2028poweroff' }], { boardName: "'; reboot; '\nreboot", notes: ['a\nreboot'] });
    const { text } = write(plan, sha256);
    expect(text.split('\n').filter((line) => /^(?:rm|reboot|poweroff)/.test(line))).toEqual([]);
    expect(text).not.toContain('\u2028');
    expect(text.includes("{{ lookup('pipe'") && !text.startsWith('#!')).toBe(false);
  });

  it('never restarts by itself', () => {
    const { text } = exportShell(everyKind, sha256);
    expect(text.match(/systemctl reboot/g)).toHaveLength(1);
    expect(text).toMatch(/if \[ "\$restart" = yes \]; then restart_now; fi/);
    const [play] = parse(exportAnsible(everyKind, sha256).text, { logLevel: 'silent' });
    for (const task of play.tasks.filter((one: Record<string, unknown>) => 'ansible.builtin.reboot' in one)) expect(task.when).toContain('rtvm_bench_restart | bool');
  });
});
