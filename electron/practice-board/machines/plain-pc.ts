import type { MachineSpec } from '../linux/machine-spec.ts';
import { commonFlags, commonServices, commonSysctls, commonVulnerabilities, service } from './common.ts';
import { debianArchive, debianKernel } from './debian-archive.ts';

/** A PC somebody has just put Debian on: the ordinary kernel, nothing installed, nothing set. The whole way is still to go. */
export const plainPc: MachineSpec = {
  id: 'plain-pc',
  title: 'PC with a fresh Debian',
  description: 'Intel Core i7-9700TE, 8 CPUs, Debian 12 with its ordinary kernel and no real-time tools. For the whole way: packages, kernel, command line, runtime.',
  hostname: 'bench-pc',
  messageOfTheDay: 'Practice board: a pretend Debian 12. Nothing here is real, nothing can break.\n\n',
  distribution: {
    osRelease: 'PRETTY_NAME="Debian GNU/Linux 12 (bookworm)"\nNAME="Debian GNU/Linux"\nVERSION_ID="12"\nVERSION="12 (bookworm)"\nVERSION_CODENAME=bookworm\nID=debian\nHOME_URL="https://www.debian.org/"\n',
    packages: 'dpkg', debianVersion: '12.11',
  },
  kernel: debianKernel,
  dmi: {
    sys_vendor: 'Kontron', product_name: 'KBox C-103', product_serial: 'K1903A0047', product_uuid: '5d0c2f00-6f1e-11ea-8c4d-00e04b6f2a10', board_vendor: 'Kontron', board_name: 'mITX-CFL', board_version: 'V1.1',
    bios_vendor: 'American Megatrends Inc.', bios_version: 'R1.12', bios_date: '11/02/2021', bios_release: '5.13', chassis_type: '3', chassis_vendor: 'Kontron',
  },
  cpu: {
    model: 'Intel(R) Core(TM) i7-9700TE CPU @ 1.80GHz', family: 6, modelNumber: 158, stepping: 13, microcode: '0xfa', minKhz: 800_000, maxKhz: 3_800_000, baseMhz: 1800, smt: 'notsupported',
    flags: commonFlags, bugs: 'spectre_v1 spectre_v2 spec_store_bypass swapgs taa itlb_multihit srbds mmio_stale_data retbleed gds', vulnerabilities: { ...commonVulnerabilities, itlb_multihit: 'KVM: Mitigation: VMX disabled' },
    idleStates: [{ name: 'POLL', description: 'CPUIDLE CORE POLL IDLE', latencyUs: 0 }, { name: 'C1', description: 'MWAIT 0x00', latencyUs: 2 }, { name: 'C1E', description: 'MWAIT 0x01', latencyUs: 10 }, { name: 'C6', description: 'MWAIT 0x20', latencyUs: 85 }, { name: 'C8', description: 'MWAIT 0x40', latencyUs: 200 }],
  },
  cpus: Array.from({ length: 8 }, (_, cpu) => ({ cpu, socket: 0, node: 0, core: cpu })),
  caches: [
    { level: 1, type: 'Data', sizeKib: 32, ways: 8, sharedBy: 'core' }, { level: 1, type: 'Instruction', sizeKib: 32, ways: 8, sharedBy: 'core' },
    { level: 2, type: 'Unified', sizeKib: 256, ways: 4, sharedBy: 'core' }, { level: 3, type: 'Unified', sizeKib: 12_288, ways: 12, sharedBy: 'socket' },
  ],
  nodes: [{ id: 0, memoryKib: 16_280_576, distances: '10' }],
  pci: [
    { address: '00:00.0', classCode: '0600', className: 'Host bridge', vendor: 'Intel Corporation', vendorId: '8086', device: '8th/9th Gen Core 8-core Desktop Processor Host Bridge/DRAM Registers [Coffee Lake S]', deviceId: '3e30' },
    { address: '00:02.0', classCode: '0300', className: 'VGA compatible controller', vendor: 'Intel Corporation', vendorId: '8086', device: 'CoffeeLake-S GT2 [UHD Graphics 630]', deviceId: '3e98', driver: 'i915', interrupts: [{ name: 'i915', perSecond: 1 }] },
    { address: '00:14.0', classCode: '0c03', className: 'USB controller', vendor: 'Intel Corporation', vendorId: '8086', device: 'Cannon Lake PCH USB 3.1 xHCI Host Controller', deviceId: 'a36d', driver: 'xhci_hcd', interrupts: [{ name: 'xhci_hcd', perSecond: 0.4 }] },
    { address: '00:1f.6', classCode: '0200', className: 'Ethernet controller', vendor: 'Intel Corporation', vendorId: '8086', device: 'Ethernet Connection (7) I219-LM', deviceId: '15bb', driver: 'e1000e', interrupts: [{ name: 'eno1', perSecond: 7 }] },
    { address: '01:00.0', classCode: '0108', className: 'Non-Volatile memory controller', vendor: 'Samsung Electronics Co Ltd', vendorId: '144d', device: 'NVMe SSD Controller SM981/PM981/PM983', deviceId: 'a808', driver: 'nvme', interrupts: Array.from({ length: 8 }, (_, queue) => ({ name: `nvme0q${queue + 1}`, perSecond: 1, cpu: queue })) },
  ],
  services: [...commonServices, service('irqbalance', 'irqbalance daemon', true, '/usr/sbin/irqbalance --foreground'), service('unattended-upgrades', 'Unattended Upgrades Shutdown', true)],
  packages: [
    ['linux-image-6.1.0-37-amd64', '6.1.140-1'], ['linux-image-amd64', '6.1.140-1'], ['util-linux', '2.38.1-5+deb12u3'], ['pciutils', '1:3.9.0-4'], ['irqbalance', '1.9.2-1'], ['systemd', '252.36-1~deb12u1'], ['grub2-common', '2.06-13+deb12u1'],
    ['procps', '2:4.0.2-3'], ['unattended-upgrades', '2.9.1+nmu3'],
  ],
  archive: debianArchive,
  missingPrograms: ['grubby', 'grub2-reboot', 'grub2-editenv', 'grub2-mkconfig', 'grub2-set-default', 'dracut', 'rpm', 'dnf', 'yum', 'qemu-kvm', 'cyclictest', 'hwlatdetect', 'oslat', 'signaltest', 'cyclicdeadline', 'hackbench', 'stress-ng', 'numactl'],
  boot: { loader: 'grub', root: 'UUID=c4f0be18-20d3-4d0f-9f0c-9b3fd8e62a75', efi: true, secureBoot: false, options: 'quiet' },
  sysctls: { ...commonSysctls, 'kernel.numa_balancing': '0' },
  bmc: false,
  kernelMessages: ['DMAR: Host address width 39', 'iommu: Default domain type: Translated', 'mce: CPU0: Thermal monitoring enabled (TM1)'],
  files: {},
  latency: { baseUs: 3.1, spreadUs: 2.0, stallsPerMillion: 30, stallUs: 24 },
  diskKib: 122_880_000,
  diskUsedKib: 4_120_336,
};
