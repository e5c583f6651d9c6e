import type { Vm, VmCheck, VmHost } from '../../../shared/model/vm.ts';
import type { VmMap } from '../../../shared/model/vm-map.ts';
import { parseVmHost } from '../../../shared/parsers/vm/parse-vm-host.ts';
import { verifyVm } from '../../../shared/planning/vm/verify/verify-vm.ts';
import { domainWith, valueOf } from './vm-kit.ts';

export const uuid = '6695eb01-f6a4-8304-79aa-97f2502e193f';
export const about = { takenAt: '20261121T101500Z', uri: 'qemu:///system' };
const nonce = '4195633e-27d7-4521-a86a-125831a1605a';

/** What vm-read.sh prints, of sections by their headings. */
export const readingOf = (sections: Readonly<Record<string, string>>): string =>
  `RTVM-BENCH-VMS 1 ${nonce}\n${Object.entries(sections).map(([heading, text]) => `@@${nonce} ${heading}\n${text}${text === '' || text.endsWith('\n') ? '' : '\n'}`).join('')}@@${nonce} end\n`;

export const cputune = `<cputune>
    <vcpupin vcpu='0' cpuset='4'/>
    <vcpupin vcpu='1' cpuset='6'/>
    <emulatorpin cpuset='0-1'/>
    <iothreadpin iothread='1' cpuset='1'/>
    <vcpusched vcpus='0' scheduler='fifo' priority='1'/>
    <vcpusched vcpus='1' scheduler='fifo' priority='10'/>
    <cachetune vcpus='1'>
      <cache id='0' level='3' type='both' size='6' unit='MiB'/>
    </cachetune>
  </cputune>`;
const memory = '<memoryBacking><nosharepages/><locked/></memoryBacking>';
export const definition = domainWith(`<iothreads>1</iothreads>${cputune}${memory}`, '<memballoon model=\'none\'/>');
/** As a running VM prints it. */
export const running = definition.replace('<domain type=\'kvm\'>', '<domain type=\'kvm\' id=\'1\'>').replace('<cachetune vcpus=\'1\'>', '<cachetune id=\'vcpus_1\' vcpus=\'1\'>');

export const capabilities = `<capabilities>
  <host>
    <topology><cells num='2'>
      <cell id='0'><cpus num='4'><cpu id='0'/><cpu id='1'/><cpu id='2'/><cpu id='3'/></cpus></cell>
      <cell id='1'><cpus num='4'><cpu id='4'/><cpu id='5'/><cpu id='6'/><cpu id='7'/></cpus></cell>
    </cells></topology>
    <cache>
      <bank id='0' level='3' type='both' size='24' unit='MiB' cpus='0-7'><control granularity='2048' unit='KiB' type='both' maxAllocs='16'/></bank>
    </cache>
  </host>
</capabilities>`;

export const threads = {
  main: 'thread 4711 4711 vm user 0-1 0 0 0 qemu-system-x86',
  vcpu0: 'thread 4711 4720 vm user 4 1 1 4 CPU 0/KVM',
  vcpu1: 'thread 4711 4721 vm user 6 1 10 6 CPU 1/KVM',
  io: 'thread 4711 4718 vm user 1 0 0 1 IO iothread1',
  vhost: 'thread 4711 4730 vm user 0-1 0 0 0 vhost-4711',
  pit: 'thread 4711 4722 vm kernel 0-3 0 0 0 kvm-pit/4711',
};

export const dominfo = `Id:             1
Name:           rt
UUID:           ${uuid}
OS Type:        hvm
State:          running
CPU(s):         2
CPU time:       1234.5s
Max memory:     2097152 KiB
Used memory:    2097152 KiB
Persistent:     yes
Autostart:      disable
Managed save:   no
Security model: apparmor
Security label: libvirt-${uuid} (enforcing)
`;

export const sound: Readonly<Record<string, string>> = {
  version: 'Compiled against library: libvirt 9.0.0\nUsing library: libvirt 9.0.0\nUsing API: QEMU 9.0.0\nRunning hypervisor: QEMU 7.2.22\n',
  networks: ' Name      State    Autostart   Persistent\n--------------------------------------------\n default   active   no          yes\n far end   inactive yes         no\n',
  capabilities,
  [`domain ${uuid}`]: dominfo,
  [`inactive ${uuid}`]: definition,
  [`active ${uuid}`]: running,
  [`addresses ${uuid}`]: ' Name       MAC address          Protocol     Address\n-------------------------------------------------------------------------------\n vnet0      52:54:00:aa:bb:cc    ipv6         fe80::1/64\n -          -                    ipv4         192.168.122.31/24\n vnet0      52:54:00:aa:bb:cc    ipv4         192.168.122.31/0\n',
  said: '',
  room: 'Filesystem     1024-blocks     Used Available Capacity Mounted on\n/dev/vda1         41021672 12000000  26905648      31% /\n',
  images: '655360 /var/lib/libvirt/images/rt image.qcow2\n42 /var/lib/libvirt/images/é.iso\n',
  resctrl: ['schemata:    L3:0=1ff', 'schemata:    MB:0=100', 'cpus_list:0-7', 'mode:shareable', 'qemu-1-rt-vcpus_1/schemata:    L3:0=e00', 'qemu-1-rt-vcpus_1/schemata:    MB:0=100', 'qemu-1-rt-vcpus_1/cpus_list:', 'qemu-1-rt-vcpus_1/mode:shareable', 'qemu-1-rt-vcpus_1/tasks:4721'].map((line) => `/sys/fs/resctrl/${line}`).join('\n'),
  made: ['name rt', 'owner ada@laptop', 'started 2026-11-21T10:00:00Z', 'purpose real-time', 'phase begun', 'file /var/lib/libvirt/images/rt image.qcow2', 'phase ready'].map((line) => `/var/lib/rtvm-bench/vms/rt/made:${line}`).join('\n'),
  processes: `/proc/4711/cmdline:${uuid}\n/proc/9999/cmdline:${uuid}`,
  threads: [...Object.values(threads), 'locked 4711 2400000'].join('\n'),
};

/** A host with one VM, tuned and proven, with other sections in the place of some. */
export const hostWith = (sections: Readonly<Record<string, string>> = {}): VmHost => valueOf(parseVmHost(readingOf({ ...sound, ...sections }), about));

/** The same with other threads. */
export const threadsWith = (changed: Partial<typeof threads>, ...more: string[]): Record<string, string> => ({ threads: [...Object.values({ ...threads, ...changed }), ...more, 'locked 4711 2400000'].join('\n') });

export function vmOf(host: VmHost, name = 'rt'): Vm {
  const vm = host.vms.find((one) => one.name === name);
  if (vm === undefined) throw new Error(`there is no VM ${name}`);
  return vm;
}

export function checkOf(id: string, host: VmHost, map: VmMap | null = null): VmCheck {
  const check = verifyVm(vmOf(host), host, map).find((one) => one.id === id);
  if (check === undefined) throw new Error(`there is no check ${id}`);
  return check;
}
