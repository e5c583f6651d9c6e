import { describe, expect, it } from 'vitest';
import { verifyVm } from '../../../shared/planning/vm/verify/verify-vm.ts';
import { checkOf, definition, dominfo, hostWith, running, sound, threadsWith, uuid, vmOf } from './host-kit.ts';
import { mapOf } from './vm-kit.ts';

const started = (xml: string) => ({ [`active ${uuid}`]: xml, [`inactive ${uuid}`]: xml.replace(' id=\'1\'', '').replace('id=\'vcpus_1\' ', '') });
const groups = (host: string, vm: string) => ({ resctrl: sound['resctrl']?.replace('L3:0=1ff', host).replace('L3:0=e00', vm) ?? '' });

describe('a running VM, proven from its host', () => {
  it('is sound in everything, by its definition and by a map', () => {
    const map = mapOf({ vcpus: [4, 6], emulator: [0, 1], iothreads: { 1: [1] }, cache: { size: '6MiB', vcpus: [1], granularity: '2MiB' } });
    const host = hostWith(threadsWith({ pit: 'thread 4711 4722 vm kernel 0-3 0 0 0 kvm-pit/4711' }));
    for (const checks of [verifyVm(vmOf(host), host, null), verifyVm(vmOf(host), host, map)]) {
      expect(Object.fromEntries(checks.map(({ id, verdict }) => [id, verdict]))).toEqual({
        kvm: 'ok', 'vcpu-places': 'ok', 'vcpu-schedules': 'ok', 'fifo-alone': 'ok', 'emulator-places': 'ok', 'iothread-places': 'ok', 'nothing-else': 'ok', 'memory-locked': 'ok', 'cache-group': 'ok', bandwidth: 'not-applicable', 'definition-current': 'ok',
      });
    }
  });

  it('counts nothing that may also run elsewhere as being on isolated CPUs, unless it was seen there', () => {
    const others = threadsWith({ pit: 'thread 4711 4722 vm kernel 0-7 0 0 0 kvm-pit/4711' }, 'thread 1 1 other user 0-7 0 0 0 systemd', 'thread 90 90 other kernel 0-7 0 0 3 kworker/u16:1');
    const verdictsOf = (isolated: string, sections = others) => {
      const host = hostWith({ ...sections, isolated });
      return Object.fromEntries(verifyVm(vmOf(host), host, null).map(({ id, verdict }) => [id, verdict]));
    };
    const [wide, seen, bound] = [{ 'fifo-alone': 'wrong', 'emulator-places': 'wrong', 'nothing-else': 'wrong' }, { 'nothing-else': 'wrong' }, { 'fifo-alone': 'wrong', 'nothing-else': 'wrong' }];
    expect(verdictsOf('')).toMatchObject(wide);
    expect(verdictsOf('5,7')).toMatchObject(wide);
    expect(verdictsOf('4-7')).toMatchObject({ 'fifo-alone': 'ok', 'emulator-places': 'ok', 'nothing-else': 'ok' });
    expect(verdictsOf('4-7', threadsWith({}, 'thread 1 1 other user 0-7 0 0 6 systemd'))).toMatchObject(seen);
    expect(verdictsOf('4-7', threadsWith({}, 'thread 1 1 other user 6-7 0 0 7 pinned'))).toMatchObject(bound);
  });

  it('shows each vCPU with its host CPU', () => {
    expect(checkOf('vcpu-places', hostWith())).toMatchObject({
      message: '0→4, 1→6 (vCPU→host CPU).',
      evidence: ['vCPU 0 → CPU 4: thread 4720 “CPU 0/KVM” may run on 4, ran last on 4; the definition asks for 4', 'vCPU 1 → CPU 6: thread 4721 “CPU 1/KVM” may run on 6, ran last on 6; the definition asks for 6'],
    });
  });

  it('is silent about a VM that does not run', () => {
    const host = hostWith({ [`domain ${uuid}`]: dominfo.replace('running', 'shut off'), [`active ${uuid}`]: '' });
    expect(verifyVm(vmOf(host), host, null)).toEqual([]);
  });

  it('does not ask of an ordinary VM what nobody asked for', () => {
    const plain = running.replace(/<cputune>[\s\S]*<\/cputune>/, '').replace('<memoryBacking><nosharepages/><locked/></memoryBacking>', '');
    const host = hostWith({ ...started(plain), ...threadsWith({ vcpu0: 'thread 4711 4720 vm user 0-7 0 0 4 CPU 0/KVM', vcpu1: 'thread 4711 4721 vm user 0-7 0 0 6 CPU 1/KVM', main: 'thread 4711 4711 vm user 0-7 0 0 0 qemu-system-x86' }) });
    const verdicts = verifyVm(vmOf(host), host, null).map(({ id, verdict }) => [id, verdict]);
    expect(verdicts.filter(([, verdict]) => verdict !== 'not-applicable')).toEqual([['kvm', 'ok'], ['definition-current', 'ok']]);
  });

  it('knows nothing where threads were not shown', () => {
    const host = hostWith({ threads: '', processes: '' });
    const verdicts = new Map(verifyVm(vmOf(host), host, null).map(({ id, verdict }) => [id, verdict]));
    for (const id of ['kvm', 'vcpu-places', 'vcpu-schedules', 'fifo-alone', 'emulator-places', 'nothing-else', 'memory-locked', 'cache-group']) expect(verdicts.get(id), id).toBe('unknown');
  });

  it.each([
    ['kvm', 'software', threadsWith({ vcpu0: 'thread 4711 4720 vm user 4 1 1 4 CPU 0/TCG' })],
    ['vcpu-places', 'several CPUs', threadsWith({ vcpu1: 'thread 4711 4721 vm user 6-7 1 10 6 CPU 1/KVM' })],
    ['vcpu-places', 'another CPU', threadsWith({ vcpu1: 'thread 4711 4721 vm user 7 1 10 7 CPU 1/KVM' })],
    ['vcpu-schedules', 'another policy', threadsWith({ vcpu1: 'thread 4711 4721 vm user 6 0 0 6 CPU 1/KVM' })],
    ['vcpu-schedules', 'another policy or priority', threadsWith({ vcpu1: 'thread 4711 4721 vm user 6 1 9 6 CPU 1/KVM' })],
    ['fifo-alone', 'deadlock', threadsWith({ vcpu1: 'thread 4711 4721 vm user 4 1 10 4 CPU 1/KVM' })],
    ['fifo-alone', 'deadlock', threadsWith({ io: 'thread 4711 4718 vm user 6 0 0 6 IO iothread1' })],
    ['fifo-alone', 'deadlock', threadsWith({}, 'thread 200 200 other user 0-7 0 0 6 make')],
    ['emulator-places', 'CPU 4,6', threadsWith({ main: 'thread 4711 4711 vm user 0-7 0 0 0 qemu-system-x86' })],
    ['emulator-places', 'beyond', threadsWith({ main: 'thread 4711 4711 vm user 0-2 0 0 0 qemu-system-x86' })],
    ['emulator-places', 'CPU 4', threadsWith({ vhost: 'thread 4711 4730 vm kernel 0-4 0 0 0 vhost-4711' })],
    ['iothread-places', 'CPU 6', threadsWith({ io: 'thread 4711 4718 vm user 6 0 0 6 IO iothread1' })],
    ['iothread-places', 'beyond', threadsWith({ io: 'thread 4711 4718 vm user 0-1 0 0 1 IO iothread1' })],
    ['nothing-else', '2 other threads', threadsWith({}, 'thread 200 200 other user 0-7 0 0 6 make', 'thread 33 33 other kernel 6 1 50 0 irq/33-eth0')],
    ['memory-locked', 'None of it', { threads: sound['threads']?.replace('locked 4711 2400000', 'locked 4711 0') ?? '' }],
    ['memory-locked', 'part', { threads: sound['threads']?.replace('locked 4711 2400000', 'locked 4711 1000000') ?? '' }],
    ['cache-group', 'narrowed: 2 of 3', groups('L3:0=1ff', 'L3:0=600')],
    ['cache-group', 'wider', groups('L3:0=ff', 'L3:0=f00')],
    ['cache-group', '1 of its ways are also those of the host’s own group', groups('L3:0=3ff', 'L3:0=e00')],
    ['cache-group', 'not in a cache group', { resctrl: sound['resctrl']?.replace(':4721', ':99') ?? '' }],
    ['definition-current', 'changed since the start', { [`inactive ${uuid}`]: definition.replace('priority=\'10\'', 'priority=\'20\'') }],
    ['definition-current', 'changed since the start', { [`inactive ${uuid}`]: definition.replace('<memballoon model=\'none\'/>', '<memballoon model=\'virtio\'/>') }],
  ])('finds %s wrong: %s', (id, words, sections) => {
    const check = checkOf(id, hostWith(sections));
    expect(check.verdict).toBe('wrong');
    expect(`${check.message} ${check.evidence.join(' ')}`).toContain(words);
    expect(check.fix).not.toBeNull();
  });

  it('names a resctrl that is not mounted', () => {
    const withoutCache = Object.fromEntries(Object.entries(sound).filter(([name]) => name !== 'resctrl'));
    const host = { ...hostWith(withoutCache), cacheGroups: null };
    expect(checkOf('cache-group', host)).toMatchObject({ verdict: 'wrong', message: expect.stringContaining('no resctrl') });
  });

  it('judges by the map where there is one, also a definition that is otherwise', () => {
    const check = checkOf('vcpu-places', hostWith(), mapOf({ vcpus: [5, 6] }));
    expect(check).toMatchObject({ verdict: 'wrong', message: '1 of 2 vCPUs are on another CPU than asked.' });
    expect(check.fix).toContain('Tune');
    const priorities = mapOf({ vcpus: [4, 6], scheduler: { policy: 'fifo', priorities: { 1: 50 } } });
    expect(checkOf('vcpu-schedules', hostWith(), priorities).verdict).toBe('wrong');
  });

  it('takes back by hand what was moved by hand', () => {
    const moved = checkOf('vcpu-places', hostWith(threadsWith({ vcpu1: 'thread 4711 4721 vm user 7 1 10 7 CPU 1/KVM' })));
    expect(moved.fix).toContain('virsh vcpupin');
  });

  it('leaves a load under ordinary scheduling where its map says so', () => {
    const host = hostWith(threadsWith({ vcpu0: 'thread 4711 4720 vm user 4 0 0 4 CPU 0/KVM', vcpu1: 'thread 4711 4721 vm user 6 0 0 6 CPU 1/KVM' }));
    expect(checkOf('vcpu-schedules', host, mapOf({ vcpus: [4, 6], scheduler: 'other' })).verdict).toBe('ok');
  });

  it('counts hugepages as locked when QEMU’s own memory is', () => {
    const huge = running.replace('<locked/>', '<locked/><hugepages/>');
    const host = hostWith({ ...started(huge), threads: sound['threads']?.replace('locked 4711 2400000', 'locked 4711 300000') ?? '' });
    expect(checkOf('memory-locked', host).verdict).toBe('ok');
  });

  it('leaves the interrupts of devices that the VM has for itself where its vCPUs are', () => {
    expect(checkOf('nothing-else', hostWith(threadsWith({}, 'thread 33 33 other kernel 6 1 50 6 irq/33-vfio-msi'))).verdict).toBe('ok');
  });

  it('compares what a start fills in with nothing', () => {
    const live = running.replace('<vcpu placement=\'static\'>2</vcpu>', '<vcpu>2</vcpu>').replace('<features>', '<clock offset=\'variable\' adjustment=\'3\' basis=\'utc\'/><cpu mode=\'custom\' match=\'exact\' check=\'full\'><model fallback=\'forbid\'>Haswell</model><feature policy=\'require\' name=\'x2apic\'/></cpu><features><kvm/>');
    const defined = definition.replace('<features>', '<clock offset=\'variable\' adjustment=\'0\' basis=\'utc\'/><cpu mode=\'host-model\' check=\'partial\'/><features>');
    expect(checkOf('definition-current', hostWith({ [`active ${uuid}`]: live, [`inactive ${uuid}`]: defined })).verdict).toBe('ok');
  });

  it('sees threads of another VM on its CPU', () => {
    const other = 'ffffffff-f6a4-8304-79aa-97f2502e193f';
    const host = hostWith({
      [`domain ${other}`]: dominfo.replaceAll(uuid, other).replace('Name:           rt', 'Name:           load'), [`inactive ${other}`]: definition, [`active ${other}`]: running,
      processes: `${sound['processes'] ?? ''}\n/proc/5000/cmdline:${other}`, ...threadsWith({}, 'thread 5000 5000 vm user 0-1 0 0 0 qemu-system-x86', 'thread 5000 5001 vm user 6 0 0 6 CPU 0/KVM'),
    });
    expect(checkOf('fifo-alone', host)).toMatchObject({ verdict: 'wrong', evidence: ['vCPU 1 (FIFO 10) and thread 5001, VM load: “CPU 0/KVM”: CPU 6'] });
  });

  it('has a definition that stays only where there is one', () => {
    expect(checkOf('definition-current', hostWith({ [`domain ${uuid}`]: dominfo.replace('Persistent:     yes', 'Persistent:     no') })).verdict).toBe('not-applicable');
  });

  it('compares bandwidth with what was asked, and says that 100 % limits nothing', () => {
    const withMemory = (percent: number) => started(running.replace('</cputune>', `<memorytune vcpus='1'><node id='0' bandwidth='${percent}'/></memorytune></cputune>`));
    expect(checkOf('bandwidth', hostWith(withMemory(100)))).toMatchObject({ verdict: 'ok', message: expect.stringContaining('limits nothing') });
    expect(checkOf('bandwidth', hostWith(withMemory(60))).verdict).toBe('wrong');
  });

  it('is unknown where what it was started with cannot be read', () => {
    const host = hostWith({ [`active ${uuid}`]: '<domain>' });
    expect(verifyVm(vmOf(host), host, null)).toMatchObject([{ id: 'definition-current', verdict: 'unknown' }]);
  });
});
