import { describe, expect, it } from 'vitest';
import { auditDomain } from '../../../shared/planning/vm/tune-domain.ts';
import { eciMap, fixture, tuned, valueOf } from './vm-kit.ts';

/** Every element that Intel's guide adds or sets, as it writes them (“Real-Time VM Configuration”, steps 5 to 14 and the complete XML). */
const ofTheGuide = [
  '<vcpu placement=\'static\'>8</vcpu>',
  '<vcpupin vcpu=\'0\' cpuset=\'4\'/>', '<vcpupin vcpu=\'1\' cpuset=\'6\'/>', '<vcpupin vcpu=\'2\' cpuset=\'8\'/>', '<vcpupin vcpu=\'3\' cpuset=\'10\'/>',
  '<vcpupin vcpu=\'4\' cpuset=\'12\'/>', '<vcpupin vcpu=\'5\' cpuset=\'14\'/>', '<vcpupin vcpu=\'6\' cpuset=\'16\'/>', '<vcpupin vcpu=\'7\' cpuset=\'18\'/>',
  '<emulatorpin cpuset=\'56,58,60,62\'/>',
  '<vcpusched vcpus=\'0\' scheduler=\'fifo\' priority=\'1\'/>',
  ...[1, 2, 3, 4, 5, 6, 7].map((vcpu) => `<vcpusched vcpus='${vcpu}' scheduler='fifo' priority='10'/>`),
  '<cachetune vcpus=\'1-7\'>', '<cache id=\'0\' level=\'3\' type=\'both\' size=\'8\' unit=\'MiB\'/>',
  '<memorytune vcpus=\'1-7\'>', '<node id=\'0\' bandwidth=\'100\'/>', '<node id=\'1\' bandwidth=\'100\'/>',
  '<nosharepages/>', '<locked/>',
  '<cpu mode=\'host-passthrough\' check=\'none\' migratable=\'off\'>', '<topology sockets=\'1\' dies=\'1\' cores=\'8\' threads=\'1\'/>', '<feature policy=\'require\' name=\'tsc-deadline\'/>',
  '<pmu state=\'off\'/>', '<vmport state=\'off\'/>', '<timer name=\'hpet\' present=\'no\'/>',
  '<suspend-to-mem enabled=\'no\'/>', '<suspend-to-disk enabled=\'no\'/>',
  '<controller type=\'usb\' index=\'0\' model=\'none\'/>', '<audio id=\'1\' type=\'none\'/>', '<memballoon model=\'none\'/>',
];

describe('the VM of Intel’s guide', () => {
  it.each(['eci/as-installed.xml', 'qemu/case_plain.xml'])('every tuning element comes out of its inputs, from %s', (name) => {
    const { xml } = tuned(fixture(name));
    const lines = name.startsWith('eci') ? ofTheGuide : ofTheGuide.filter((line) => !line.startsWith('<audio'));
    for (const line of lines) expect(xml).toContain(line);
  });

  it('nothing slow is left: no display, sound, USB, viewer channel', () => {
    const { xml, findings } = tuned(fixture('eci/as-installed.xml'));
    expect(xml).not.toMatch(/<(?:graphics|video|sound|redirdev)|spice|bus='usb'|qemu-xhci/);
    expect(findings.filter(({ severity }) => severity !== 'note')).toEqual([]);
  });

  it('its complete XML, a dump of the running VM, needs nothing but to be known for what it is', () => {
    const running = fixture('eci/running.xml');
    const { xml, changes } = tuned(running);
    expect(changes.map(({ rule, element }) => `${rule} ${element}`)).toEqual(['live-dump cputune/cachetune', 'live-dump cputune/memorytune']);
    expect(xml).toBe(running.replaceAll(' id=\'vcpus_1-7\'', ''));
    const audit = valueOf(auditDomain(running, eciMap()));
    expect(audit.live).toBe(true);
    expect(audit.findings.map(({ rule }) => rule).sort()).toEqual(['bandwidth-without-limit', 'hugepages', 'live-dump', 'live-dump', 'live-dump', 'memory-node']);
  });

  it('what is no tuning stays: the disk, the network card, the console, the guest agent, the watchdog', () => {
    const before = fixture('eci/as-installed.xml').replace('<memballoon', '<watchdog model=\'i6300esb\' action=\'reset\'/>\n    <memballoon');
    const { xml } = tuned(before);
    for (const kept of [/<disk[\s\S]*?<\/disk>/, /<interface[\s\S]*?<\/interface>/, /<serial[\s\S]*?<\/serial>/, /<channel type='unix'[\s\S]*?<\/channel>/, /<watchdog.*>/, /<metadata>[\s\S]*<\/metadata>/, /<rng[\s\S]*<\/rng>/]) {
      expect(xml).toContain(kept.exec(before)?.[0] ?? 'nothing in the fixture');
    }
  });

  it('each change says where, from what, to what, why, and by whom it is told', () => {
    const { changes } = tuned(fixture('eci/as-installed.xml'));
    expect(changes).toContainEqual(expect.objectContaining({ rule: 'vcpu-count', element: 'vcpu', from: '<vcpu placement=\'static\'>2</vcpu>', to: '<vcpu placement=\'static\'>8</vcpu>' }));
    for (const { from, to, why, source } of changes) {
      expect(from).not.toBe(to);
      expect(why.length * source.length).toBeGreaterThan(0);
    }
  });
});
