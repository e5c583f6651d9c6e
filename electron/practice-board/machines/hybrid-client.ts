import type { CpuSpec, MachineSpec } from '../linux/machine-spec.ts';
import { commonFlags, commonServices, commonSysctls, commonVulnerabilities, kernelConfig, service } from './common.ts';
import { ubuntuVirtualisation } from './virtualisation.ts';

/** Six performance cores with two threads each (CPUs 0-11) and eight efficiency cores (12-19). */
const cpus: readonly CpuSpec[] = [
  ...Array.from({ length: 12 }, (_, cpu): CpuSpec => ({ cpu, socket: 0, node: 0, core: Math.floor(cpu / 2), kind: 'performance' })),
  ...Array.from({ length: 8 }, (_, index): CpuSpec => ({ cpu: 12 + index, socket: 0, node: 0, core: 8 + index, kind: 'efficiency' })),
];

/** An industrial PC as it is delivered: generic Ubuntu kernel, nothing isolated, every saving of power on. */
export const hybridClient: MachineSpec = {
  id: 'hybrid-client',
  title: 'Industrial PC with two kinds of cores',
  description: 'Intel Core i7-1370PE, 6 performance and 8 efficiency cores, Ubuntu 24.04 with its generic kernel. Nothing is prepared for real time.',
  hostname: 'ipc-1370pe',
  messageOfTheDay: 'Practice board: a pretend Ubuntu 24.04. Nothing here is real, nothing can break.\n\n',
  distribution: {
    osRelease: 'PRETTY_NAME="Ubuntu 24.04.2 LTS"\nNAME="Ubuntu"\nVERSION_ID="24.04"\nVERSION="24.04.2 LTS (Noble Numbat)"\nVERSION_CODENAME=noble\nID=ubuntu\nID_LIKE=debian\nHOME_URL="https://www.ubuntu.com/"\n',
    packages: 'dpkg',
  },
  kernel: {
    release: '6.8.0-60-generic', version: '#63-Ubuntu SMP PREEMPT_DYNAMIC Tue Apr 15 19:04:15 UTC 2025', realtime: false, realtimeFile: false,
    builder: '(buildd@lcy02-amd64-054) (x86_64-linux-gnu-gcc-13 (Ubuntu 13.3.0-6ubuntu2~24.04) 13.3.0, GNU ld (GNU Binutils for Ubuntu) 2.42)', config: kernelConfig(false, { NO_HZ_FULL: 'y', HZ: '1000', HZ_1000: 'y', HZ_250: 'n' }),
  },
  dmi: {
    sys_vendor: 'Advantech', product_name: 'AIMB-278', product_serial: 'KSA1023344', product_uuid: '03000200-0400-0500-0006-000700080009', board_vendor: 'Advantech', board_name: 'AIMB-278', board_version: 'A101-1', board_serial: 'KSA1023344',
    bios_vendor: 'American Megatrends International, LLC.', bios_version: 'AIMB-278000U060X013', bios_date: '09/11/2024', bios_release: '5.27', chassis_type: '3', chassis_vendor: 'Advantech',
  },
  cpu: {
    model: '13th Gen Intel(R) Core(TM) i7-1370PE', family: 6, modelNumber: 186, stepping: 2, microcode: '0x4124', minKhz: 400_000, maxKhz: 4_800_000, efficiencyMaxKhz: 3_700_000, baseMhz: 1900, smt: 'on',
    flags: `${commonFlags} hwp_notify avx_vnni umip pku ospke waitpkg gfni vaes vpclmulqdq rdpid movdiri movdir64b fsrm serialize arch_lbr flush_l1d arch_capabilities hfi`, bugs: 'spectre_v1 spectre_v2 spec_store_bypass swapgs eibrs_pbrsb rfds bhi',
    vulnerabilities: { ...commonVulnerabilities, reg_file_data_sampling: 'Mitigation: Clear Register File' },
    idleStates: [{ name: 'POLL', description: 'CPUIDLE CORE POLL IDLE', latencyUs: 0 }, { name: 'C1E', description: 'MWAIT 0x01', latencyUs: 2 }, { name: 'C6', description: 'MWAIT 0x20', latencyUs: 195 }, { name: 'C8', description: 'MWAIT 0x40', latencyUs: 260 }, { name: 'C10', description: 'MWAIT 0x60', latencyUs: 660 }],
  },
  cpus,
  caches: [
    { level: 1, type: 'Data', sizeKib: 48, ways: 12, sharedBy: 'core', kind: 'performance' }, { level: 1, type: 'Instruction', sizeKib: 32, ways: 8, sharedBy: 'core', kind: 'performance' },
    { level: 2, type: 'Unified', sizeKib: 1280, ways: 10, sharedBy: 'core', kind: 'performance' },
    { level: 1, type: 'Data', sizeKib: 32, ways: 8, sharedBy: 'core', kind: 'efficiency' }, { level: 1, type: 'Instruction', sizeKib: 64, ways: 8, sharedBy: 'core', kind: 'efficiency' },
    { level: 2, type: 'Unified', sizeKib: 2048, ways: 16, sharedBy: 'cluster', kind: 'efficiency' }, { level: 3, type: 'Unified', sizeKib: 24_576, ways: 12, sharedBy: 'socket' },
  ],
  nodes: [{ id: 0, memoryKib: 32_611_328, distances: '10' }],
  pci: [
    { address: '00:00.0', classCode: '0600', className: 'Host bridge', vendor: 'Intel Corporation', vendorId: '8086', device: 'Device', deviceId: 'a706' },
    { address: '00:02.0', classCode: '0300', className: 'VGA compatible controller', vendor: 'Intel Corporation', vendorId: '8086', device: 'Raptor Lake-P [Iris Xe Graphics]', deviceId: 'a7a0', driver: 'i915', interrupts: [{ name: 'i915', perSecond: 2 }] },
    { address: '00:14.0', classCode: '0c03', className: 'USB controller', vendor: 'Intel Corporation', vendorId: '8086', device: 'Alder Lake PCH USB 3.2 xHCI Host Controller', deviceId: '51ed', driver: 'xhci_hcd', interrupts: [{ name: 'xhci_hcd', perSecond: 0.5 }] },
    { address: '01:00.0', classCode: '0200', className: 'Ethernet controller', vendor: 'Intel Corporation', vendorId: '8086', device: 'Ethernet Controller I226-LM', deviceId: '125b', driver: 'igc', interrupts: Array.from({ length: 4 }, (_, queue) => ({ name: `enp1s0-TxRx-${queue}`, perSecond: 5 })) },
    { address: '02:00.0', classCode: '0108', className: 'Non-Volatile memory controller', vendor: 'Transcend Information', vendorId: '1d79', device: 'MTE672A NVMe SSD', deviceId: '2263', driver: 'nvme', interrupts: Array.from({ length: 8 }, (_, queue) => ({ name: `nvme0q${queue}`, perSecond: 1.5, cpu: queue * 2 })) },
  ],
  services: [
    ...commonServices, service('irqbalance', 'irqbalance daemon', true, '/usr/sbin/irqbalance'), service('thermald', 'Thermal Daemon Service', true), service('power-profiles-daemon', 'Power Profiles daemon', true, '/usr/libexec/power-profiles-daemon'),
    service('snapd', 'Snap Daemon', true, '/usr/lib/snapd/snapd'), service('unattended-upgrades', 'Unattended Upgrades Shutdown', true),
  ],
  packages: [
    ['rt-tests', '2.6-1'], ['stress-ng', '0.17.06-1build1'], ['util-linux', '2.39.3-9ubuntu6.2'], ['pciutils', '1:3.10.0-2build1'], ['irqbalance', '1.9.3-2ubuntu5'], ['systemd', '255.4-1ubuntu8.6'], ['grub2-common', '2.12-1ubuntu7.3'],
    ['procps', '2:4.0.4-4ubuntu3.2'], ['linux-image-6.8.0-60-generic', '6.8.0-60.63'], ['snapd', '2.67.1+24.04'], ['thermald', '2.5.6-2ubuntu0.24.04.2'], ['power-profiles-daemon', '0.21-1'], ['unattended-upgrades', '2.9.1+nmu4ubuntu1'],
  ],
  archive: ubuntuVirtualisation,
  missingPrograms: ['grubby', 'grub2-reboot', 'grub2-editenv', 'grub2-mkconfig', 'grub2-set-default', 'dracut', 'rpm', 'dnf', 'yum', 'qemu-kvm', 'numactl', 'hwlatdetect'],
  boot: { loader: 'grub', root: 'UUID=2d8c7b54-7f0e-4b07-8a76-1f7e9d0c3b21', efi: true, secureBoot: true, options: 'quiet splash' },
  sysctls: { ...commonSysctls, 'kernel.numa_balancing': '0', 'kernel.apparmor_restrict_unprivileged_userns': '1' },
  bmc: false,
  kernelMessages: ['DMAR: Host address width 39', 'iommu: Default domain type: Translated', 'i915 0000:00:02.0: [drm] GuC firmware i915/adlp_guc_70.bin version 70.20.0', 'mce: CPU0: Thermal monitoring enabled (TM1)'],
  files: {},
  latency: { baseUs: 3.4, spreadUs: 2.4, stallsPerMillion: 60, stallUs: 38 },
  diskKib: 244_506_940,
  diskUsedKib: 15_230_112,
};
