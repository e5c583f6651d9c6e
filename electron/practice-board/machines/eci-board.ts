import type { MachineSpec } from '../linux/machine-spec.ts';
import { commonFlags, commonServices, commonSysctls, commonVulnerabilities, kernelConfig, service } from './common.ts';
import { debianArchive } from './debian-archive.ts';
import { hybridClient } from './hybrid-client.ts';

const release = '6.1.83-rt28-intel-ese-standard-lts-rt+';

/** The script that Edge Controls for Industrial puts before the distribution's own: its entry is the one that boots. */
const eciScript = [
  '#!/bin/sh', 'exec tail -n +3 $0', '# ECI kernel: edit isolcpus below to choose the CPUs of the real-time application.',
  `menuentry 'ECI real-time kernel' --class debian --class gnu-linux $menuentry_id_option 'eci-rt' {`,
  '\tset isolcpus="1,3"', `\tlinux\t/boot/vmlinuz-${release} root=PARTUUID=9f1c2a77-02 ro quiet splash nmi_watchdog=0 irqaffinity=0 isolcpus=1,3 rcu_nocbs=1,3 nohz_full=1,3 intel_pstate=disable intel_idle.max_cstate=0 processor.max_cstate=0 tsc=reliable hugepages=1024 noht`,
  `\tinitrd\t/boot/initrd.img-${release}`, '}', '',
].join('\n');

/** A board set up with Intel's Edge Controls for Industrial: real-time kernel and its own boot entry. */
export const eciBoard: MachineSpec = {
  id: 'eci-board',
  title: 'Board with Edge Controls for Industrial',
  description: 'Intel Core i5-1345URE-like board, 4 CPUs, Debian 12 with the ECI real-time kernel and its 09_eci boot entry. Close to ready.',
  hostname: 'eci-intel',
  messageOfTheDay: 'Practice board: a pretend Debian 12 with ECI. Nothing here is real, nothing can break.\n\n',
  distribution: {
    osRelease: 'PRETTY_NAME="Debian GNU/Linux 12 (bookworm)"\nNAME="Debian GNU/Linux"\nVERSION_ID="12"\nVERSION="12 (bookworm)"\nVERSION_CODENAME=bookworm\nID=debian\n',
    packages: 'dpkg', debianVersion: '12.8',
  },
  kernel: {
    release, version: '#1 SMP PREEMPT_RT Wed Jul 24 02:28:04 UTC 2024', realtime: true, realtimeFile: true,
    builder: '(eci@build) (gcc-12 (Debian 12.2.0-14) 12.2.0, GNU ld (GNU Binutils for Debian) 2.40)', config: kernelConfig(true, { HZ: '250', CMDLINE_BOOL: 'n' }),
  },
  dmi: {
    sys_vendor: 'AAEON Technology Inc.', product_name: 'UP-RPL01', product_serial: 'B2310220045', product_uuid: '8c9d1c20-7f5a-11ee-b962-0242ac120002', board_vendor: 'AAEON Technology Inc.', board_name: 'UP-RPL01', board_version: 'V1.0',
    bios_vendor: 'American Megatrends International, LLC.', bios_version: 'UPRPAM14', bios_date: '05/20/2024', bios_release: '5.27', chassis_type: '3', chassis_vendor: 'AAEON',
  },
  cpu: {
    ...hybridClient.cpu, model: '13th Gen Intel(R) Core(TM) i5-1345URE', maxKhz: 4_600_000, smt: 'off', flags: commonFlags, vulnerabilities: commonVulnerabilities,
  },
  cpus: Array.from({ length: 4 }, (_, cpu) => ({ cpu, socket: 0, node: 0, core: cpu })),
  caches: [
    { level: 1, type: 'Data', sizeKib: 48, ways: 12, sharedBy: 'core' }, { level: 1, type: 'Instruction', sizeKib: 32, ways: 8, sharedBy: 'core' },
    { level: 2, type: 'Unified', sizeKib: 1280, ways: 10, sharedBy: 'core' }, { level: 3, type: 'Unified', sizeKib: 12_288, ways: 12, sharedBy: 'socket' },
  ],
  nodes: [{ id: 0, memoryKib: 16_203_776, distances: '10' }],
  pci: hybridClient.pci.map((device) => (device.driver === 'nvme' ? { ...device, interrupts: Array.from({ length: 4 }, (_, queue) => ({ name: `nvme0q${queue + 1}`, perSecond: 1, cpu: queue })) } : device)),
  services: [...commonServices, service('irqbalance', 'irqbalance daemon', false, '/usr/sbin/irqbalance'), service('unattended-upgrades', 'Unattended Upgrades Shutdown', false)],
  packages: [
    ['rt-tests', '2.4-1'], ['stress-ng', '0.15.06-2'], ['util-linux', '2.38.1-5+deb12u2'], ['pciutils', '1:3.9.0-4'], ['systemd', '252.31-1~deb12u1'], ['grub2-common', '2.06-13+deb12u1'], ['procps', '2:4.0.2-3'],
    ['linux-intel-rt', '6.1.83-rt28'], ['eci-customizations', '1.0'], ['eci-process-automation', '3.2'],
  ],
  archive: debianArchive,
  missingPrograms: ['grubby', 'grub2-reboot', 'grub2-editenv', 'grub2-mkconfig', 'grub2-set-default', 'dracut', 'rpm', 'dnf', 'yum', 'qemu-kvm'],
  boot: { loader: 'grub', root: 'PARTUUID=9f1c2a77-02', efi: true, secureBoot: false, options: 'quiet', submenuScripts: { '09_eci': eciScript } },
  sysctls: { ...commonSysctls, 'kernel.sched_rt_runtime_us': '-1', 'kernel.nmi_watchdog': '0' },
  bmc: false,
  kernelMessages: ['DMAR: Host address width 39', 'iommu: Default domain type: Translated'],
  files: { '/etc/apt/preferences.d/isar': 'Package: *\nPin: origin "eci.intel.com"\nPin-Priority: 1000\n' },
  latency: { baseUs: 2.9, spreadUs: 1.7, stallsPerMillion: 6, stallUs: 12 },
  diskKib: 61_252_480,
  diskUsedKib: 7_020_544,
};
