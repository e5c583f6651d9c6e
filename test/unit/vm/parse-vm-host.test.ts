import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { vmHostSchema } from '../../../shared/model/vm.ts';
import { parseVmHost } from '../../../shared/parsers/vm/parse-vm-host.ts';
import { vmHostReport } from '../../../shared/planning/vm/vm-host-report.ts';
import { vmHostReportSchema } from '../../../shared/planning/vm/vm-report.ts';
import { about, capabilities, definition, hostWith, readingOf, running, sound, threadsWith, uuid, vmOf } from './host-kit.ts';
import { valueOf } from './vm-kit.ts';

describe('a reading of a host’s VMs', () => {
  it('is read whole', () => {
    const host = hostWith();
    expect(host).toMatchObject({
      takenAt: about.takenAt, problem: null, halfMade: [], intruders: [],
      libvirt: { version: '9.0.0', hypervisor: 'QEMU 7.2.22', uri: 'qemu:///system' },
      networks: [{ name: 'default', active: true, autostart: false, persistent: true }, { name: 'far end', active: false, autostart: true, persistent: false }],
      imageDirectory: { path: '/var/lib/libvirt/images', freeBytes: 26_905_648 * 1024 },
      images: [{ path: '/var/lib/libvirt/images/rt image.qcow2', sizeBytes: 655_360 }, { path: '/var/lib/libvirt/images/é.iso', sizeBytes: 42 }],
      cacheGroups: [{ name: '', schemata: ['L3:0=1ff', 'MB:0=100'], cpus: [0, 1, 2, 3, 4, 5, 6, 7], mode: 'shareable' }, { name: 'qemu-1-rt-vcpus_1', schemata: ['L3:0=e00', 'MB:0=100'], cpus: [], mode: 'shareable' }],
    });
    expect(host.capabilitiesXml).toBe(`${capabilities}\n`);
    expect(vmOf(host)).toMatchObject({
      name: 'rt', uuid, state: 'running', autostart: false, persistent: true, inactiveXml: definition, activeXml: running, processId: 4711, lockedBytes: 2_400_000 * 1024, addresses: ['192.168.122.31'],
      made: { name: 'rt', owner: 'ada@laptop', startedAt: '2026-11-21T10:00:00Z', phase: 'ready', purpose: 'real-time', files: ['/var/lib/libvirt/images/rt image.qcow2'] },
    });
    expect(vmOf(host).threads.map(({ role, vcpu, cpus, policy, priority, lastCpu, cacheGroup }) => [role, vcpu, cpus, policy, priority, lastCpu, cacheGroup])).toEqual([
      ['vcpu', 0, [4], 'fifo', 1, 4, ''], ['vcpu', 1, [6], 'fifo', 10, 6, 'qemu-1-rt-vcpus_1'],
      ['emulator', null, [0, 1], 'other', 0, 0, ''], ['iothread', null, [1], 'other', 0, 1, ''], ['other', null, [0, 1, 2, 3], 'other', 0, 0, ''], ['vhost', null, [0, 1], 'other', 0, 0, ''],
    ]);
  });

  it('tells the QEMU of a VM from other processes that name it', () => {
    const host = hostWith(threadsWith({}, 'thread 9999 9999 vm user 0-1 0 0 0 swtpm'));
    expect(vmOf(host).processId).toBe(4711);
    expect(vmOf(host).threads.find(({ name }) => name === 'swtpm')?.role).toBe('other');
  });

  it('takes what else may run on the vCPUs’ CPUs, with names as they are', () => {
    const host = hostWith(threadsWith({}, 'thread 200 200 other user 0-7 0 0 6 a b (c) d', 'thread 33 33 other kernel 6 1 50 6 irq/33-eth0'));
    expect(host.intruders).toEqual([{ threadId: 33, name: 'irq/33-eth0', cpus: [6], lastCpu: 6 }, { threadId: 200, name: 'a b (c) d', cpus: [0, 1, 2, 3, 4, 5, 6, 7], lastCpu: 6 }]);
  });

  it('takes nothing in a definition for a section', () => {
    const description = '<description>\n@@x end\n@@active\nRTVM-BENCH-VMS 1 0\n@@4195 end\n</description>';
    const host = hostWith({ [`inactive ${uuid}`]: definition.replace('<os>', `${description}<os>`) });
    expect(vmOf(host).inactiveXml).toContain(description);
    expect(vmOf(host).activeXml).toBe(running);
  });

  it('keeps names of any spelling, and finds those that are not finished', () => {
    const other = 'ffffffff-f6a4-8304-79aa-97f2502e193f';
    const name = 'Zelle "7": drôle; $(x)';
    const host = hostWith({ [`domain ${other}`]: `Id:             -\nName:           ${name}\nUUID:           ${other}\nState:          shut off\nPersistent:     yes\nAutostart:      enable\n`, [`inactive ${other}`]: definition, made: '/home/ada/.rtvm-bench/vms/half/made:owner ada\n/home/ada/.rtvm-bench/vms/half/made:phase disk\n/home/ada/.rtvm-bench/vms/half/made:file /var/lib/libvirt/images/half.qcow2\n/home/ada/.rtvm-bench/vms/no name/made:phase disk' });
    expect(vmOf(host, name)).toMatchObject({ state: 'shut-off', autostart: true, activeXml: null, processId: null, threads: [], made: null });
    expect(host.halfMade).toEqual([{ name: 'half', owner: 'ada', startedAt: '', phase: 'disk', files: ['/var/lib/libvirt/images/half.qcow2'] }]);
  });

  it('leaves out a VM that was gone before it could be asked', () => {
    expect(hostWith({ [`domain ${uuid}`]: '\n', [`inactive ${uuid}`]: '', [`active ${uuid}`]: '' }).vms).toEqual([]);
  });

  it('has no definition of a transient VM', () => {
    const host = hostWith({ [`domain ${uuid}`]: sound[`domain ${uuid}`]?.replace('Persistent:     yes', 'Persistent:     no') ?? '' });
    expect(vmOf(host)).toMatchObject({ persistent: false, inactiveXml: null, activeXml: running });
  });

  it.each([['nothing', ''], ['another text', 'hello\n'], ['a reading without its end', readingOf(sound).slice(0, -60)], ['a newer form', readingOf(sound).replace('VMS 1', 'VMS 2')]])('refuses %s', (_what, text) => {
    const read = parseVmHost(text, about);
    expect(read.ok ? 'read' : read.error.code).toBe('output-unreadable');
  });

  it('is read behind a log-in banner', () => {
    expect(parseVmHost(`Welcome!\n${readingOf(sound)}`, about).ok).toBe(true);
  });

  it('gives a value or an error for any damage, and a report for any value', () => {
    const text = readingOf({ ...sound, ...threadsWith({}, 'thread 33 33 other kernel 6 1 50 6 irq/33-eth0') });
    const damage = fc.array(fc.record({ at: fc.integer({ min: 60, max: text.length }), length: fc.integer({ min: 0, max: 200 }), put: fc.oneof(fc.string({ maxLength: 20 }), fc.constantFrom('<', '>', '\n', '0', '-1', '99999999999', '\'', ',', '0-9999999')) }), { minLength: 1, maxLength: 6 });
    fc.assert(fc.property(damage, (cuts) => {
      const damaged = cuts.reduce((sofar, { at, length, put }) => `${sofar.slice(0, at)}${put}${sofar.slice(at + length)}`, text);
      const read = parseVmHost(damaged, about);
      if (!read.ok) {
        expect(read.error.code).toBe('output-unreadable');
        return;
      }
      expect(vmHostSchema.parse(read.value)).toEqual(read.value);
      vmHostReportSchema.parse(vmHostReport(read.value, { request: { housekeeping: [0, 1], vms: [], emulator: null, ioThreads: null, measuring: null, stressor: null }, assignments: [{ cpu: 4, claimant: { kind: 'vcpu', vm: 'rt', vcpu: 0 } }] }));
    }), { numRuns: 200 });
  });
});

describe('why libvirt is not reached', () => {
  const unreachable = (facts: string[], said: string) => valueOf(parseVmHost(readingOf({ unreachable: facts.join('\n'), said }), about));
  const noSocket = 'error: failed to connect to the hypervisor\nerror: Failed to connect socket to \'/var/run/libvirt/libvirt-sock-ro\': No such file or directory';
  const denied = 'error: failed to connect to the hypervisor\nerror: Failed to connect socket to \'/var/run/libvirt/libvirt-sock\': Permission denied';
  it.each([
    ['no client', ['user root'], 'virsh: not installed', 'not-installed'],
    ['no daemon', ['user root', 'program virsh'], noSocket, 'not-installed'],
    ['a daemon that is down', ['user root', 'program virsh', 'program libvirtd'], noSocket, 'daemon-down'],
    ['a modular daemon that is down', ['user root', 'program virsh', 'program virtqemud', 'socket virtqemud-sock-ro'], noSocket.replace('No such file or directory', 'Connection refused'), 'daemon-down'],
    ['a user that may not', ['user ada', 'session-groups ada', 'account-groups ada', 'program virsh', 'program libvirtd'], denied, 'not-permitted'],
    ['a membership that is too young', ['user ada', 'session-groups ada', 'account-groups ada libvirt', 'program virsh', 'program libvirtd'], denied, 'log-in-again'],
    ['polkit', ['user ada', 'session-groups ada', 'account-groups ada', 'program virsh'], 'error: authentication unavailable: no polkit agent available to authenticate action \'org.libvirt.unix.manage\'', 'not-permitted'],
    ['QEMU’s driver missing', ['user root', 'program virsh', 'program libvirtd'], 'error: no connection driver available for qemu:///system', 'not-installed'],
    ['something else', ['user root', 'program virsh', 'program libvirtd'], 'error: it rained', 'unknown'],
  ])('%s', (_what, facts, said, cause) => {
    expect(unreachable(facts, said)).toMatchObject({ libvirt: null, vms: [], problem: { code: 'libvirt-unreachable', details: { cause } } });
  });

  it('says how the daemon that is there is started', () => {
    const next = (program: string) => unreachable(['user root', 'program virsh', `program ${program}`], noSocket).problem?.next;
    expect(next('libvirtd')).toContain('enable --now libvirtd');
    expect(next('virtqemud')).toContain('virtqemud.socket');
  });
});
