import { describe, expect, it } from 'vitest';
import { auditDomain } from '../../../shared/planning/vm/tune-domain.ts';
import { domainWith, eciMap, fixture, mapOf, tuned, twoVcpus, valueOf } from './vm-kit.ts';

const audit = (xml: string) => valueOf(auditDomain(xml)).findings;
const rules = (xml: string, severity?: string) => audit(xml).filter((finding) => severity === undefined || finding.severity === severity).map(({ rule }) => rule);

/** A domain in which nothing is left to say, and one thing more. */
const tunedWith = (tune = '', parts = '', devices = '') => {
  const { xml } = tuned(domainWith(), mapOf({ ...twoVcpus, cache: { size: '4MiB' }, memory: { hugepages: '1GiB', nodes: [0] } }));
  return xml.replace('</cputune>', `${tune}</cputune>`).replace('<devices>', `${parts}<devices>`).replace('</devices>', `${devices}</devices>`);
};

describe('what of a domain is not real-time', () => {
  it('a domain as virt-install leaves it', () => {
    const findings = audit(fixture('eci/as-installed.xml'));
    expect(findings.filter(({ severity }) => severity === 'error').map(({ rule }) => rule)).toEqual(['vcpu-pins', 'vcpu-scheduler']);
    expect(new Set(findings.map(({ rule }) => rule))).toEqual(new Set([
      'vcpu-pins', 'vcpu-scheduler', 'emulator-pin', 'memory-locked', 'memory-not-shared', 'pmu', 'cpu-model', 'cpu-topology', 'tsc-deadline',
      'graphics', 'sound', 'usb', 'balloon', 'cache-shares', 'hugepages', 'memory-node',
    ]));
    const weights = findings.map(({ severity }) => ['error', 'warning', 'note'].indexOf(severity));
    expect(weights).toEqual([...weights].sort((a, b) => a - b));
  });

  it('each finding says what was found, why it matters and what to do', () => {
    expect(audit(fixture('eci/as-installed.xml'))).toContainEqual({
      rule: 'cpu-model', severity: 'warning', element: 'cpu',
      message: 'Found <cpu mode=\'host-model\' check=\'partial\'/>; it should be otherwise. The guest sees the host’s CPU as it is, with its constant TSC, and pays for no emulated feature; such a VM does not migrate.',
      fix: 'Write <cpu mode=\'host-passthrough\' check=\'none\' migratable=\'off\'/>.',
    });
    for (const { message, fix } of audit(fixture('eci/as-installed.xml'))) expect(message.length * (fix ?? '').length).toBeGreaterThan(0);
  });

  it('a tuned domain with all it can have leaves nothing to say', () => {
    expect(audit(tunedWith())).toEqual([]);
  });

  it('any priorities and any isolated CPUs are right without a map; with one, only its own', () => {
    const xml = tunedWith().replace('priority=\'10\'', 'priority=\'50\'').replace('cpuset=\'4\'', 'cpuset=\'9\'');
    expect(audit(xml)).toEqual([]);
    expect(valueOf(auditDomain(xml, mapOf(twoVcpus))).findings.map(({ message }) => message)).toEqual([
      expect.stringContaining('Found <vcpupin vcpu=\'0\' cpuset=\'9\'/>; it should be otherwise.'), expect.stringContaining('Found <vcpusched vcpus=\'0\''), expect.stringContaining('Found <vcpusched vcpus=\'1\''),
      expect.stringContaining('There is no <vcpusched vcpus=\'0\''), expect.stringContaining('There is no <vcpusched vcpus=\'1\''),
    ]);
  });

  it.each([
    ['a pin that libvirt drops', tunedWith('<vcpupin vcpu=\'7\' cpuset=\'9\'/>'), 'vcpu-missing', 'error'],
    ['a vCPU on several CPUs', tunedWith().replace('cpuset=\'4\'', 'cpuset=\'4,8-9\''), 'vcpu-pins', 'warning'],
    ['a list libvirt cannot read', tunedWith().replace('cpuset=\'4\'', 'cpuset=\'4-7:2\''), 'vcpu-pins', 'error'],
    ['two vCPUs on one CPU', tunedWith().replace('cpuset=\'6\'', 'cpuset=\'4\''), 'overcommit', 'error'],
    ['the emulator on vCPUs’ CPUs too', tunedWith().replace('cpuset=\'2-3\'', 'cpuset=\'2-4\''), 'emulator-pin', 'warning'],
    ['the emulator on vCPUs’ CPUs only', tunedWith().replace('cpuset=\'2-3\'', 'cpuset=\'4\''), 'emulator-pin', 'error'],
    ['an I/O thread anywhere', tunedWith('', '<iothreads>1</iothreads>'), 'iothread-pins', 'warning'],
    ['an I/O thread on a vCPU’s CPU', tunedWith('<iothreadpin iothread=\'1\' cpuset=\'0-4\'/>', '<iothreads>1</iothreads>'), 'iothread-pins', 'warning'],
    ['a priority the kernel refuses', tunedWith().replace('priority=\'10\'', 'priority=\'100\''), 'vcpu-scheduler', 'error'],
    ['batch scheduling', tunedWith().replace('\'fifo\' priority=\'10\'', '\'batch\''), 'vcpu-scheduler', 'error'],
    ['a quota', tunedWith('<quota>50000</quota>'), 'cpu-quota', 'warning'],
    ['groups that overlap', tunedWith('<memorytune vcpus=\'0-1\'><node id=\'0\' bandwidth=\'60\'/></memorytune>'), 'shares-overlap', 'error'],
    ['a share of a vCPU that is not there', tunedWith('<memorytune vcpus=\'5\'><node id=\'0\' bandwidth=\'60\'/></memorytune>'), 'vcpu-missing', 'error'],
    ['a bandwidth of 100 %', tunedWith('<memorytune vcpus=\'1\'><node id=\'0\' bandwidth=\'100\'/></memorytune>'), 'bandwidth-without-limit', 'note'],
    ['a limit below the locked memory', tunedWith('', '<memtune><hard_limit unit=\'GiB\'>2</hard_limit></memtune>'), 'memory-limit', 'error'],
    ['a limit with no room beside', tunedWith('', '<memtune><hard_limit unit=\'MiB\'>2500</hard_limit></memtune>'), 'memory-limit', 'warning'],
    ['an emulated disk', tunedWith('', '', '<disk type=\'file\' device=\'disk\'><target dev=\'sda\' bus=\'sata\'/></disk>'), 'emulated-disk', 'warning'],
    ['a CD drive', tunedWith('', '', '<disk type=\'file\' device=\'cdrom\'><target dev=\'hda\' bus=\'ide\'/></disk>'), 'emulated-disk', 'note'],
    ['an emulated network card', tunedWith('', '', '<interface type=\'user\'><model type=\'e1000\'/></interface>'), 'emulated-network', 'warning'],
    ['a network card of no model', tunedWith('', '', '<interface type=\'user\'/>'), 'emulated-network', 'warning'],
    ['a TPM', tunedWith('', '', '<tpm model=\'tpm-crb\'><backend type=\'emulator\' version=\'2.0\'/></tpm>'), 'slow-device', 'note'],
    ['a passed-through device', tunedWith('', '', '<hostdev mode=\'subsystem\' type=\'pci\' managed=\'yes\'/>'), 'pci-passed-through', 'note'],
    ['arguments past libvirt', tunedWith('', '<qemu:commandline xmlns:qemu=\'http://libvirt.org/schemas/domain/qemu/1.0\'><qemu:arg value=\'-cpu\'/></qemu:commandline>'), 'qemu-arguments', 'note'],
    ['no APIC', tunedWith().replace('<apic/>', ''), 'apic', 'warning'],
    ['memory on demand', tunedWith().replace('<locked/>', '<allocation mode=\'ondemand\'/>'), 'memory-locked', 'warning'],
    ['a memory size a balloon would have to reach', tunedWith('', '<currentMemory unit=\'KiB\'>1048576</currentMemory>'), 'memory-size', 'warning'],
    ['vCPUs that come later', tunedWith().replace('placement=\'static\'', 'placement=\'static\' current=\'1\''), 'vcpu-count', 'warning'],
    ['software emulation', tunedWith().replace('type=\'kvm\'', 'type=\'qemu\''), 'kvm', 'error'],
    ['the domain of a running VM', tunedWith().replace('type=\'kvm\'', 'type=\'kvm\' id=\'3\''), 'live-dump', 'note'],
  ])('%s', (_what, xml, rule, severity) => {
    expect(audit(xml)).toEqual([expect.objectContaining({ rule, severity })]);
  });

  it('virtio and virtual functions are what a real-time VM has', () => {
    expect(rules(tunedWith('', '', '<interface type=\'hostdev\'/><interface type=\'network\'><model type=\'virtio-non-transitional\'/></interface><disk type=\'file\'><target dev=\'vda\' bus=\'virtio\'/></disk>'))).toEqual([]);
  });

  it('one vCPU has to do both', () => {
    expect(rules(tuned(domainWith(), mapOf({ vcpus: [4], emulator: 2, cache: { size: '4MiB' }, memory: { hugepages: true, nodes: 0 } })).xml)).toEqual(['one-vcpu']);
  });

  it('vCPUs on CPUs that are not isolated are warned of where the map knows', () => {
    const map = mapOf({ ...twoVcpus, isolated: '6-9' });
    expect(tuned(domainWith(), map).findings).toContainEqual(expect.objectContaining({ rule: 'not-isolated', message: expect.stringContaining('CPU 4 is not isolated') }));
  });

  it('a VM that is only load needs no priority', () => {
    const stressor = mapOf({ ...twoVcpus, scheduler: 'none' });
    const { xml, findings } = tuned(tunedWith(), stressor);
    expect(xml).not.toContain('vcpusched');
    expect(findings.map(({ rule }) => rule)).not.toContain('vcpu-scheduler');
    expect(eciMap().scheduler.policy).toBe('fifo');
  });
});
