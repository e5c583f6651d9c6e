import { describe, expect, it } from 'vitest';
import type { CpuMapDraft } from '../../../shared/model/cpu-map.ts';
import { hostCapabilities } from '../../../shared/planning/vm/host-capabilities.ts';
import { mapOfBoard } from '../../../shared/planning/vm/map-of-board.ts';
import { vmHostReport } from '../../../shared/planning/vm/vm-host-report.ts';
import { capabilities, definition, dominfo, hostWith, sound, threadsWith, uuid } from './host-kit.ts';
import { domainWith, fixture } from './vm-kit.ts';

const cpuMap: CpuMapDraft = {
  request: { housekeeping: [0, 1], vms: [{ name: 'rt', count: 2, node: 1 }], emulator: { count: 1, node: 0 }, ioThreads: null, measuring: null, stressor: null },
  assignments: [
    { cpu: 0, claimant: { kind: 'housekeeping' } }, { cpu: 1, claimant: { kind: 'housekeeping' } }, { cpu: 2, claimant: { kind: 'emulator' } }, { cpu: 3, claimant: { kind: 'ioThreads' } },
    { cpu: 4, claimant: { kind: 'vcpu', vm: 'rt', vcpu: 0 } }, { cpu: 6, claimant: { kind: 'vcpu', vm: 'rt', vcpu: 1 } }, { cpu: 7, claimant: { kind: 'vcpu', vm: 'other', vcpu: 0 } },
  ],
};
const reportOf = (host = hostWith(), map: CpuMapDraft | null = null) => {
  const [report] = vmHostReport(host, map).vms;
  if (report === undefined) throw new Error('there is no VM');
  return report;
};
const off = { [`domain ${uuid}`]: dominfo.replace('running', 'shut off'), [`active ${uuid}`]: '', processes: '', threads: '' };

describe('the map of a VM on a board’s CPU map', () => {
  const facts = { capabilitiesXml: capabilities, definitionXml: definition };

  it('has its CPUs, its pools, its node, and the shares of its definition as whole ways', () => {
    expect(mapOfBoard(cpuMap, 'rt', facts)).toMatchObject({
      name: 'rt', vcpus: [{ vcpu: 0, cpu: 4 }, { vcpu: 1, cpu: 6 }], emulator: [2], ioThreadCpus: [3], isolated: [2, 3, 4, 5, 6, 7],
      memory: { nodes: [1], mode: 'strict', locked: true }, cache: [{ vcpus: [1], id: 0, level: 3, type: 'both', sizeBytes: 6 * 2 ** 20, granularityBytes: 2 ** 21 }], scheduler: { policy: 'fifo', priorities: [] },
    });
  });

  it('is none for a VM that is not on it, also when another is the only one', () => {
    expect(mapOfBoard(cpuMap, 'rt', { ...facts, purpose: 'stressor' })?.scheduler.policy).toBe('other');
    expect(mapOfBoard(cpuMap, 'someone', facts)).toBeNull();
    expect(mapOfBoard(null, 'rt', facts)).toBeNull();
  });

  it('leaves open what the host does not tell', () => {
    expect(mapOfBoard(cpuMap, 'rt', { capabilitiesXml: null, definitionXml: null })).toMatchObject({ isolated: null, memory: { nodes: null }, cache: [] });
  });

  it('reads the capabilities of a real host', () => {
    expect(hostCapabilities(fixture('qemu/capabilities.txt'))).toMatchObject({ nodes: [{ id: 0, cpus: [0, 1] }], caches: [{ id: 0, level: 3, sizeBytes: 32 * 2 ** 20, cpus: [0, 1], controls: [] }] });
    expect(hostCapabilities('<capabilities')).toBeNull();
  });
});

describe('what is concluded of a VM', () => {
  it('is said in one line while it runs, from its threads', () => {
    expect(reportOf().summary).toBe('real-time: pinned, FIFO, memory locked, cache share');
    const host = hostWith({ ...threadsWith({ vcpu1: 'thread 4711 4721 vm user 6-7 0 0 6 CPU 1/KVM' }), resctrl: sound['resctrl']?.replace(':4721', ':99') ?? '' });
    expect(reportOf(host).summary).toBe('real-time: memory locked; not: not pinned, ordinary scheduling, cache share not its own');
  });

  it('is said of its definition while it does not', () => {
    expect(reportOf(hostWith({ ...off, [`inactive ${uuid}`]: definition.replace('model=\'none\'', 'model=\'virtio\'').replace(/<cachetune[\s\S]*<\/cachetune>/, '') })).summary).toBe('real-time by its definition: pinned, FIFO, memory locked; not: no cache share, balloon');
    const plain = domainWith('', '<memballoon model=\'virtio\'/><graphics type=\'vnc\'/><video><model type=\'qxl\'/></video><sound model=\'ich9\'/>');
    expect(reportOf(hostWith({ ...off, [`inactive ${uuid}`]: plain })).summary).toBe('not real-time: not pinned, ordinary scheduling, memory not locked, no cache share, balloon, display, sound');
  });

  it('is audited without a map, and tuned by the one it has', () => {
    const without = reportOf();
    expect([without.map, without.tuned, without.problem]).toEqual([null, null, null]);
    expect(without.audit?.findings.map(({ rule }) => rule)).toContain('cpu-model');
    const tuned = reportOf(hostWith(), cpuMap);
    expect(tuned.tuned?.changes.map(({ element, to }) => [element, to])).toContainEqual(['cputune/emulatorpin', '<emulatorpin cpuset=\'2\'/>']);
    expect(tuned.checks.find(({ id }) => id === 'emulator-places')?.verdict).toBe('wrong');
  });

  it('names a map that does not fit, and still audits', () => {
    const three = { ...cpuMap, assignments: [...cpuMap.assignments, { cpu: 5, claimant: { kind: 'vcpu' as const, vm: 'rt', vcpu: 9 } }] };
    const report = reportOf(hostWith(), three);
    expect(report).toMatchObject({ tuned: null, problem: { code: 'vm-map-impossible' } });
    expect(report.audit).not.toBeNull();
  });

  it('names a definition that cannot be read', () => {
    const report = reportOf(hostWith({ ...off, [`inactive ${uuid}`]: '<domain type=\'xen\'><name>rt</name></domain>' }), cpuMap);
    expect(report).toMatchObject({ audit: null, tuned: null, problem: { code: 'domain-unreadable' }, checks: [] });
    expect(report.summary).toContain('cannot be read');
  });
});
