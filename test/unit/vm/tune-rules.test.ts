import { describe, expect, it } from 'vitest';
import { domainWith, fixture, mapOf, tuned, twoVcpus } from './vm-kit.ts';

const tune = (parts: string, devices = '', more: Record<string, unknown> = {}) => tuned(domainWith(parts, devices), mapOf({ ...twoVcpus, ...more }));
const rulesOf = ({ changes }: ReturnType<typeof tune>, rule: string) => changes.filter((change) => change.rule === rule).map(({ from, to }) => `${from ?? 'nothing'} → ${to ?? 'nothing'}`);

describe('vCPUs', () => {
  it('their number follows the map; those that would come later are there from the start', () => {
    const xml = domainWith('<vcpus><vcpu id=\'0\' enabled=\'yes\' hotpluggable=\'no\'/><vcpu id=\'1\' enabled=\'no\' hotpluggable=\'yes\'/></vcpus>').replace('<vcpu placement=\'static\'>', '<vcpu placement=\'auto\' current=\'1\'>');
    const result = tuned(xml, mapOf({ vcpus: [4, 5, 6] }));
    expect(result.xml).toContain('<vcpu placement=\'static\'>3</vcpu>');
    expect(result.xml).not.toContain('<vcpus>');
  });

  it('pins of vCPUs that are gone go with them, and second pins too', () => {
    const result = tune('<cputune><vcpupin vcpu=\'0\' cpuset=\'4\'/><vcpupin vcpu=\'0\' cpuset=\'5\'/><vcpupin vcpu=\'1\' cpuset=\'2-8,^3\'/><vcpupin vcpu=\'3\' cpuset=\'7\'/></cputune>');
    expect(rulesOf(result, 'vcpu-pins')).toEqual(['<vcpupin vcpu=\'0\' cpuset=\'5\'/> → nothing', '<vcpupin vcpu=\'3\' cpuset=\'7\'/> → nothing', '<vcpupin vcpu=\'1\' cpuset=\'2-8,^3\'/> → <vcpupin vcpu=\'1\' cpuset=\'6\'/>']);
  });

  it('priorities that are so already are left as they are written', () => {
    const written = '<vcpusched vcpus=\'1\' priority=\'10\' scheduler=\'fifo\'/><vcpusched vcpus=\'0\' scheduler=\'fifo\' priority=\'1\'/>';
    expect(rulesOf(tune(`<cputune>${written}</cputune>`), 'vcpu-scheduler')).toEqual([]);
    expect(rulesOf(tune('<cputune><vcpusched vcpus=\'0-1\' scheduler=\'fifo\' priority=\'7\'/></cputune>', '', { scheduler: { priorities: { '0-1': 7 } } }), 'vcpu-scheduler')).toEqual([]);
    expect(rulesOf(tune('<cputune><vcpusched scheduler=\'fifo\' priority=\'7\'/></cputune>', '', { scheduler: { priorities: { '0-1': 7 } } }), 'vcpu-scheduler')).toEqual([]);
  });

  it('one vCPU alone is the real-time one', () => {
    expect(tuned(domainWith(), mapOf({ vcpus: [4] })).xml).toContain('<vcpusched vcpus=\'0\' scheduler=\'fifo\' priority=\'10\'/>');
  });
});

describe('emulator and I/O threads', () => {
  it('I/O threads that float or sit on a vCPU’s CPU go beside the emulator; others stay', () => {
    const result = tune('<iothreads>3</iothreads><cputune><iothreadpin iothread=\'1\' cpuset=\'4\'/><iothreadpin iothread=\'2\' cpuset=\'9\'/></cputune>');
    expect(rulesOf(result, 'iothread-pins')).toEqual(['<iothreadpin iothread=\'1\' cpuset=\'4\'/> → <iothreadpin iothread=\'1\' cpuset=\'2-3\'/>', 'nothing → <iothreadpin iothread=\'3\' cpuset=\'2-3\'/>']);
  });

  it('an I/O thread the map places is made', () => {
    expect(tune('', '', { iothreads: { 1: 8 } }).xml).toContain('<iothreads>1</iothreads>');
    const named = tune('<iothreads>1</iothreads><iothreadids><iothread id=\'7\'/></iothreadids>', '', { iothreads: { 2: 8 } }).xml;
    expect(named).toContain('<iothreads>2</iothreads>');
    expect(named).toMatch(/<iothread id='7'\/>\s*<iothread id='2'\/>/);
  });

  it('real-time priorities of their own only where the map says so', () => {
    expect(tune('').xml).not.toMatch(/emulatorsched|iothreadsched/);
    const { xml } = tune('<iothreads>2</iothreads>', '', { scheduler: { emulator: 1, iothreads: 2 } });
    expect(xml).toContain('<emulatorsched scheduler=\'fifo\' priority=\'1\'/>');
    expect(xml).toContain('<iothreadsched iothreads=\'1-2\' scheduler=\'fifo\' priority=\'2\'/>');
  });
});

describe('cache and bandwidth', () => {
  it('a share is whole ways where their size is known', () => {
    const { xml, changes } = tune('', '', { cache: { size: '8MiB', granularity: 6_815_744 } });
    expect(xml).toContain('<cache id=\'0\' level=\'3\' type=\'both\' size=\'13\' unit=\'MiB\'/>');
    expect(tune('', '', { cache: { size: '4MiB', granularity: 6_815_744 } }).xml).toContain('size=\'6656\' unit=\'KiB\'/>');
    expect(changes.find(({ element }) => element === 'cputune/cachetune/cache')?.why).toContain('8388608 bytes were asked for; a share is whole ways of 6815744 bytes');
  });

  it('a share that is so is left; another size, cache or group is brought to the map; monitors stay', () => {
    const found = '<cputune><cachetune vcpus=\'1\'><cache id=\'0\' level=\'3\' type=\'both\' size=\'4096\'/><cache id=\'1\' level=\'3\' type=\'both\' size=\'1\' unit=\'MiB\'/><monitor level=\'3\' vcpus=\'1\'/></cachetune><cachetune vcpus=\'0\'><cache id=\'0\' level=\'3\' type=\'both\' size=\'1\' unit=\'MiB\'/></cachetune></cputune>';
    const result = tune(found, '', { cache: { vcpus: 1, size: '4MiB' } });
    expect(result.changes.filter(({ rule }) => rule === 'cache-shares').map(({ element, to }) => [element, to])).toEqual([['cputune/cachetune', null], ['cputune/cachetune/cache', null]]);
    expect(result.xml).toContain('<cachetune vcpus=\'1\'><cache id=\'0\' level=\'3\' type=\'both\' size=\'4096\'/><monitor level=\'3\' vcpus=\'1\'/></cachetune>');
  });

  it('what the map does not mention stays, unless libvirt would drop or refuse it', () => {
    const kept = '<memorytune vcpus=\'1\'><node id=\'0\' bandwidth=\'60\'/></memorytune>';
    expect(tune(`<cputune>${kept}</cputune>`, '', { cache: { size: '4MiB' } }).xml).toContain(kept);
    const gone = tune('<cputune><memorytune vcpus=\'0-1\'><node id=\'0\' bandwidth=\'60\'/></memorytune><memorytune vcpus=\'3\'><node id=\'0\' bandwidth=\'60\'/></memorytune></cputune>', '', { cache: { size: '4MiB' } });
    expect(rulesOf(gone, 'stale-shares')).toHaveLength(2);
  });
});

describe('memory', () => {
  it('size and current size are one', () => {
    const { xml } = tune('<currentMemory unit=\'GiB\'>1</currentMemory>', '', { memory: '4GiB' });
    expect(xml).toContain('<memory unit=\'KiB\'>4194304</memory>');
    expect(xml).toContain('<currentMemory unit=\'KiB\'>4194304</currentMemory>');
    expect(rulesOf(tune('<currentMemory unit=\'GiB\'>2</currentMemory>'), 'memory-size')).toEqual([]);
  });

  it('a domain that leaves its size to the guest’s nodes is left so', () => {
    const xml = domainWith('<cpu><numa><cell id=\'0\' cpus=\'0-1\' memory=\'2\' unit=\'GiB\'/></numa></cpu>').replace(/ *<memory .*\n/, '');
    expect(tuned(xml, mapOf(twoVcpus)).xml).not.toContain('<memory unit');
  });

  it('page size, node and lock', () => {
    const { xml } = tune('<memoryBacking><hugepages><page size=\'2048\' unit=\'KiB\'/></hugepages><source type=\'memfd\'/></memoryBacking>', '', { memory: { hugepages: '1GiB', nodes: '0-1', mode: 'preferred' } });
    expect(xml).toMatch(/<memoryBacking><hugepages><page size='1' unit='GiB'\/><\/hugepages><nosharepages\/><locked\/><source type='memfd'\/><\/memoryBacking>/);
    expect(xml).toContain('<memory mode=\'preferred\' nodeset=\'0-1\'/>');
    expect(rulesOf(tune('<memoryBacking><hugepages><page size=\'2048\'/></hugepages></memoryBacking>', '', { hugepages: '2MiB' }), 'hugepages')).toEqual([]);
    expect(tune('', '', { memory: { locked: false } }).xml).toMatch(/<memoryBacking>\s*<nosharepages\/>\s*<\/memoryBacking>/);
    expect(tune('', '', { memory: { locked: false, nosharepages: false } }).xml).not.toContain('memoryBacking');
  });

  it('a node that libvirt would choose is chosen by the map', () => {
    expect(tune('<numatune><memory placement=\'auto\'/><memnode cellid=\'0\' mode=\'strict\' nodeset=\'1\'/></numatune>', '', { numa: 1 }).xml).toContain('<numatune><memory mode=\'strict\' nodeset=\'1\'/><memnode cellid=\'0\' mode=\'strict\' nodeset=\'1\'/></numatune>');
  });
});

describe('CPU', () => {
  it('a disabled TSC deadline is required; features the domain asks for stay', () => {
    const { xml } = tune('<cpu mode=\'custom\' match=\'exact\'><model>Skylake-Client</model><vendor>Intel</vendor><feature policy=\'disable\' name=\'tsc-deadline\'/><feature policy=\'require\' name=\'invtsc\'/><feature policy=\'require\' name=\'tsc-deadline\'/></cpu>');
    expect(xml).toMatch(/<cpu mode='host-passthrough' check='none' migratable='off'><topology [^>]*\/><feature policy='require' name='tsc-deadline'\/><feature policy='require' name='invtsc'\/><\/cpu>/);
  });

  it('a topology that fits is left, also one of a newer libvirt', () => {
    expect(rulesOf(tune('<cpu><topology sockets=\'1\' dies=\'1\' clusters=\'1\' cores=\'2\' threads=\'1\'/></cpu>'), 'cpu-topology')).toEqual([]);
    expect(tune('<cpu><topology sockets=\'2\' dies=\'1\' clusters=\'2\' cores=\'1\' threads=\'1\'/></cpu>').xml).toContain('<topology sockets=\'1\' dies=\'1\' clusters=\'1\' cores=\'2\' threads=\'1\'/>');
    expect(tune('', '', { topology: { cores: 1, threads: 2 } }).xml).toContain('<topology sockets=\'1\' dies=\'1\' cores=\'1\' threads=\'2\'/>');
  });
});

describe('devices', () => {
  const display = '<graphics type=\'vnc\' port=\'-1\'/><video><model type=\'virtio\'/></video><input type=\'tablet\' bus=\'usb\'/>';

  it('without a display there is a serial console', () => {
    const { xml } = tune('', display);
    expect(xml).toMatch(/<serial type='pty'\/>\s*<console type='pty'\/>/);
    expect(xml).toContain('<controller type=\'usb\' index=\'0\' model=\'none\'/>');
    expect(tune('', `${display}<console type='pty'/>`).xml).not.toContain('<serial');
    expect(tune('', '').xml).not.toContain('<console');
  });

  it('a display that is kept keeps its pointer, and USB with it', () => {
    const result = tune('', display, { options: { graphics: 'keep' } });
    expect(result.xml).toContain(display);
    expect(rulesOf(result, 'usb')).toEqual([]);
    expect(result.findings.filter(({ rule }) => rule === 'slow-device').map(({ element }) => element)).toEqual(['devices/graphics', 'devices/video']);
  });

  it('a shared graphics card that draws on the display keeps it', () => {
    expect(rulesOf(tune('', `${display}<hostdev mode='subsystem' type='mdev' model='vfio-pci' display='on'/>`), 'graphics')).toEqual([]);
  });

  it.each([
    '<hostdev mode=\'subsystem\' type=\'usb\'/>', '<disk type=\'file\' device=\'disk\'><target dev=\'sda\' bus=\'usb\'/></disk>', '<smartcard mode=\'host\'/>', '<interface type=\'user\'><model type=\'usb-net\'/></interface>', '<serial type=\'pty\'><target type=\'usb-serial\'/></serial>',
  ])('USB that is used stays: %s', (device) => {
    expect(tune('', `<controller type='usb' model='qemu-xhci'/>${device}`).xml).toContain('<controller type=\'usb\' model=\'qemu-xhci\'/>');
  });

  it('several USB controllers become none, and a balloon no balloon', () => {
    const { xml } = tune('', '<controller type=\'usb\' index=\'0\' model=\'ich9-ehci1\'><alias name=\'ua-u\'/></controller><controller type=\'usb\' model=\'ich9-uhci1\'><master startport=\'0\'/></controller><memballoon model=\'virtio\' autodeflate=\'on\'><stats period=\'5\'/></memballoon>');
    expect(xml).toMatch(/<controller type='usb' index='0' model='none'\/>\s*<memballoon model='none'\/>/);
    expect(xml.match(/type='usb'/g)).toHaveLength(1);
  });

  it('options keep what they name', () => {
    const keep = { options: { usb: 'keep', graphics: 'keep', sound: 'keep', balloon: 'keep', pmu: 'keep', vmport: 'keep', hpet: 'keep', suspend: 'keep', cpuModel: 'keep' } };
    const parts = tuned(fixture('eci/as-installed.xml'), mapOf({ ...twoVcpus, ...keep }));
    expect(new Set(parts.changes.map(({ rule }) => rule))).toEqual(new Set(['vcpu-pins', 'emulator-pin', 'vcpu-scheduler', 'memory-locked', 'memory-not-shared']));
  });

  it('a CPU that is kept still gets a topology that holds its vCPUs', () => {
    const kept = { options: { cpuModel: 'keep' } };
    const cpu = (topology: string) => tune(`<cpu mode='host-model'>${topology}</cpu>`, '', kept);
    expect(cpu('<topology sockets=\'1\' dies=\'1\' cores=\'4\' threads=\'2\'/>').xml).toContain('<cpu mode=\'host-model\'><topology sockets=\'1\' dies=\'1\' cores=\'2\' threads=\'1\'/></cpu>');
    const fitting = '<topology sockets=\'2\' dies=\'1\' cores=\'1\' threads=\'1\'/>';
    expect(cpu(fitting).xml).toContain(`<cpu mode='host-model'>${fitting}</cpu>`);
  });

  it('PCI functions of the map are handed over, once', () => {
    const found = '<hostdev mode=\'subsystem\' type=\'pci\' managed=\'yes\'><source><address bus=\'3\' slot=\'0x0\' function=\'0x0\'/></source></hostdev><interface type=\'hostdev\'><source><address type=\'pci\' domain=\'0x0000\' bus=\'0x05\' slot=\'0x10\' function=\'0x1\'/></source></interface>';
    const result = tune('', found, { passthrough: ['0000:03:00.0', '05:10.1', '0001:af:1f.7'] });
    expect(rulesOf(result, 'passthrough')).toEqual(['nothing → <hostdev mode=\'subsystem\' type=\'pci\' managed=\'yes\'><source><address domain=\'0x0001\' bus=\'0xaf\' slot=\'0x1f\' function=\'0x7\'/></source></hostdev>']);
  });

  it('an HPET that is there is switched off where it stands', () => {
    expect(tune('<clock offset=\'localtime\'><timer name="hpet" present="yes"/></clock>').xml).toContain('<clock offset=\'localtime\'><timer name="hpet" present="no"/></clock>');
  });
});
