import { applyPatch } from 'diff';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { execFileSync } from 'node:child_process';
import type { Action, TargetState } from '../../../shared/model/plan.ts';
import { describeStep } from '../../../shared/planning/describe-step.ts';

const file = (data: string | null): Action => ({ kind: 'file', path: '/etc/default/grub.d/zz-rtvm-bench.cfg', content: data === null ? null : { encoding: 'utf8', data }, mode: '644' });
const was = (data: string | null): TargetState => ({ kind: 'file', is: data === null ? 'absent' : 'regular', content: data === null ? null : { encoding: 'utf8', data }, mode: null, owner: null });

test.each<[Action, string]>([
  [file('a\n'), 'install -m 644 NEW /etc/default/grub.d/zz-rtvm-bench.cfg'],
  [file(null), 'rm /etc/default/grub.d/zz-rtvm-bench.cfg'],
  [{ kind: 'value', path: '/proc/sys/kernel/timer_migration', value: '0', readsAs: [] }, 'sysctl -w kernel.timer_migration=0'],
  [{ kind: 'value', path: '/proc/sys/net/ipv4/conf/eth0.5/rp_filter', value: '1', readsAs: [] }, 'sysctl -w net/ipv4/conf/eth0.5/rp_filter=1'],
  [{ kind: 'value', path: '/sys/kernel/mm/ksm/run', value: '2', readsAs: [] }, 'echo 2 > /sys/kernel/mm/ksm/run'],
  [{ kind: 'unit', unit: 'irqbalance.service', enabled: false, active: false }, 'systemctl disable --now irqbalance.service'],
  [{ kind: 'unit', unit: 'a.service', enabled: true, active: null }, 'systemctl enable a.service'],
  [{ kind: 'unit', unit: 'a.service', enabled: true, active: false }, 'systemctl enable a.service && systemctl stop a.service'],
  [{ kind: 'module', module: 'msr', loaded: true }, 'modprobe msr'],
  [{ kind: 'module', module: 'msr', loaded: false }, 'modprobe -r msr'],
  [{ kind: 'generate', generator: 'update-grub' }, 'update-grub'],
  [{ kind: 'packages', install: ['linux-image-rt-amd64'], remove: ['irqbalance'], source: { kind: 'board' } }, 'apt-get install linux-image-rt-amd64 && apt-get remove irqbalance'],
  [{ kind: 'kernel-arguments', remove: ['isolcpus=1'], add: ['isolcpus=2-3', 'quiet'] }, "grubby --update-kernel=ALL --remove-args=isolcpus=1 --args='isolcpus=2-3 quiet'"],
  [{ kind: 'boot-once', entry: 'gnulinux-a>b' }, "grub-reboot 'gnulinux-a>b'"],
  [{ kind: 'boot-once', entry: null }, 'grub-editenv - unset next_entry'],
  [{ kind: 'firmware-attribute', driver: 'dell-wmi-sysman', attribute: 'CStatesCtrl', value: 'Disabled' }, 'echo Disabled > /sys/class/firmware-attributes/dell-wmi-sysman/attributes/CStatesCtrl/current_value'],
  [{ kind: 'redfish', system: '/redfish/v1/Systems/1', attribute: 'ProcCStates', value: 'Disabled' }, `curl -X PATCH https://BMC/redfish/v1/Systems/1/Bios/Settings -d '{"Attributes":{"ProcCStates":"Disabled"}}'`],
  [{ kind: 'domain', name: 'rt', xml: '<domain/>' }, 'virsh define --validate NEW.xml'],
  [{ kind: 'domain', name: 'it\'s mine', xml: null }, `virsh undefine --keep-nvram -- 'it'\\''s mine'`],
  [{ kind: 'network', name: 'default', xml: null, active: true, autostart: true }, 'virsh net-autostart default && virsh net-start default'],
  [{ kind: 'network', name: 'default', xml: '<network/>', active: false, autostart: false }, 'virsh net-define --validate NEW.xml && virsh net-autostart --disable default && virsh net-destroy default'],
  [{ kind: 'network', name: 'default', xml: null, active: false, autostart: false, undefine: true }, 'virsh net-destroy default; virsh net-undefine default'],
  [{ kind: 'group-member', user: 'anna', group: 'libvirt', member: true }, 'gpasswd -a anna libvirt'],
  [{ kind: 'group-member', user: 'anna', group: 'libvirt', member: false }, 'gpasswd -d anna libvirt'],
  [{ kind: 'schemata', line: 'L3:0=ff;1=ff' }, "echo 'L3:0=ff;1=ff' > /sys/fs/resctrl/schemata"],
  [{ kind: 'restart', expects: { words: [], kernelRelease: null } }, 'systemctl reboot'],
])('the command people know: %j', (action, command) => { expect(describeStep(action, null).command).toBe(command); });

describe('diffs', () => {
  test('a changed file, a new one, a removed one', () => {
    expect(describeStep(file('a\nB\nc\n'), was('a\nb\nc\n')).diff).toBe('--- /etc/default/grub.d/zz-rtvm-bench.cfg\n+++ /etc/default/grub.d/zz-rtvm-bench.cfg\n@@ -1,3 +1,3 @@\n a\n-b\n+B\n c\n');
    expect(describeStep(file('a\n'), was(null)).diff).toBe('--- /dev/null\n+++ /etc/default/grub.d/zz-rtvm-bench.cfg\n@@ -0,0 +1,1 @@\n+a\n');
    expect(describeStep(file(null), was('a\n')).diff).toContain('+++ /dev/null');
    expect(describeStep(file('a\n'), was('a\n')).diff).toBeNull();
  });

  test('a definition that changes, comes or goes; none where it stays', () => {
    const domain = (xml: string | null): Action => ({ kind: 'domain', name: 'rt', xml });
    expect(describeStep(domain('a\nB\n'), { kind: 'domain', xml: 'a\nb\n' }).diff).toBe('--- rt.xml\n+++ rt.xml\n@@ -1,2 +1,2 @@\n a\n-b\n+B\n');
    expect(describeStep(domain('a\n'), { kind: 'domain', xml: null }).diff).toContain('--- /dev/null\n+++ rt.xml');
    expect(describeStep(domain(null), { kind: 'domain', xml: 'a\n' }).diff).toContain('--- rt.xml\n+++ /dev/null');
    const network = { kind: 'network' as const, name: 'n', active: true, autostart: true };
    const before: TargetState = { kind: 'network', xml: 'a\n', active: false, autostart: false };
    expect(describeStep({ ...network, xml: null }, before).diff).toBeNull();
    expect(describeStep({ ...network, xml: 'b\n' }, before).diff).toContain('-a\n+b\n');
    expect(describeStep({ ...network, xml: null, undefine: true }, before).diff).toContain('+++ /dev/null');
  });

  test('applied to the file as it was, a diff gives the file as it will be', () => {
    const text = fc.array(fc.constantFrom('a', 'b', '', ' c', '-', '+x', '@@'), { maxLength: 12 }).map((lines) => lines.map((line) => `${line}\n`).join(''));
    fc.assert(fc.property(text, text, (before, after) => {
      const { diff } = describeStep(file(after), was(before));
      expect(diff === null ? before : applyPatch(before, diff)).toBe(after);
    }));
  });

  test('bytes that are no text have none', () => {
    expect(describeStep({ kind: 'file', path: '/x', content: { encoding: 'base64', data: 'AAEC' }, mode: '644' }, was('a\n')).diff).toBeNull();
  });
});

test('a shell would read back what the command shows: values of any kind are one word', () => {
  fc.assert(fc.property(fc.string({ maxLength: 20 }).filter((text) => !text.includes('\0')), (value) => {
    const { command } = describeStep({ kind: 'value', path: '/sys/x', value, readsAs: [] }, null);
    const shown = command.slice('echo '.length, command.lastIndexOf(' > '));
    expect(execFileSync('sh', ['-c', `printf '%s' ${shown}`], { encoding: 'utf8' })).toBe(value);
  }), { numRuns: 30 });
});
