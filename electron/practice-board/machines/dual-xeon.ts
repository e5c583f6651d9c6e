import { alternating, type MachineSpec, type PciSpec } from '../linux/machine-spec.ts';
import { commonFlags, commonServices, commonSysctls, commonVulnerabilities, service } from './common.ts';
import { debianArchive, debianRealtimeKernel } from './debian-archive.ts';
import { debianVirtualisation, ordinaryDomain } from './virtualisation.ts';

const networkInterrupts = (name: string, count: number, perSecond: number): PciSpec['interrupts'] =>
  Array.from({ length: count }, (_, queue) => ({ name: `${name}-TxRx-${queue}`, perSecond, cpu: (queue * 9 + 2) % 64 }));

/**
 * A rack server somebody has half prepared: PREEMPT_RT kernel and isolcpus are right, but interrupts of the network card
 * land on isolated CPUs (no irqaffinity), irqbalance runs, and a misspelt intel_pstate leaves frequency scaling on.
 */
export const dualXeon: MachineSpec = {
  id: 'dual-xeon',
  title: 'Two-socket Xeon server',
  description: 'Supermicro with two Xeon Gold 6548Y+, 64 CPUs, Debian 12 with a PREEMPT_RT kernel. Somebody has begun to tune it, and made mistakes.',
  hostname: 'xeon-bench',
  messageOfTheDay: 'Practice board: a pretend Debian 12. Nothing here is real, nothing can break.\n\n',
  distribution: {
    osRelease: 'PRETTY_NAME="Debian GNU/Linux 12 (bookworm)"\nNAME="Debian GNU/Linux"\nVERSION_ID="12"\nVERSION="12 (bookworm)"\nVERSION_CODENAME=bookworm\nID=debian\nHOME_URL="https://www.debian.org/"\n',
    packages: 'dpkg', debianVersion: '12.11',
  },
  kernel: debianRealtimeKernel,
  dmi: {
    sys_vendor: 'Supermicro', product_name: 'SYS-221H-TNR', product_version: '0123456789', product_serial: 'S528401X4B07731', product_uuid: '8a3f6c20-51d7-11ee-8000-3cecefb4a1d2', product_family: 'Family', board_vendor: 'Supermicro',
    board_name: 'X13DEM', board_version: '1.01', board_serial: 'OM23BS601234', bios_vendor: 'American Megatrends International, LLC.', bios_version: '2.1', bios_date: '03/12/2024', bios_release: '5.32', chassis_type: '1', chassis_vendor: 'Supermicro',
  },
  cpu: {
    model: 'INTEL(R) XEON(R) GOLD 6548Y+', family: 6, modelNumber: 207, stepping: 2, microcode: '0x21000283', minKhz: 800_000, maxKhz: 4_100_000, baseMhz: 2500, smt: 'off',
    flags: `${commonFlags} dca cat_l3 cat_l2 cdp_l3 cdp_l2 rdt_a cqm mba cqm_llc cqm_occup_llc cqm_mbm_total cqm_mbm_local avx512f avx512dq avx512_bf16 amx_tile amx_int8 waitpkg split_lock_detect`,
    bugs: 'spectre_v1 spectre_v2 spec_store_bypass swapgs eibrs_pbrsb bhi', vulnerabilities: commonVulnerabilities,
    idleStates: [{ name: 'POLL', description: 'CPUIDLE CORE POLL IDLE', latencyUs: 0 }, { name: 'C1', description: 'MWAIT 0x00', latencyUs: 1 }, { name: 'C1E', description: 'MWAIT 0x01', latencyUs: 2 }, { name: 'C6', description: 'MWAIT 0x20', latencyUs: 290 }],
  },
  cpus: alternating(64),
  caches: [
    { level: 1, type: 'Data', sizeKib: 48, ways: 12, sharedBy: 'core' }, { level: 1, type: 'Instruction', sizeKib: 32, ways: 8, sharedBy: 'core' },
    { level: 2, type: 'Unified', sizeKib: 2048, ways: 16, sharedBy: 'core' }, { level: 3, type: 'Unified', sizeKib: 61_440, ways: 15, sharedBy: 'socket' },
  ],
  nodes: [{ id: 0, memoryKib: 131_725_312, distances: '10 21' }, { id: 1, memoryKib: 132_117_504, distances: '21 10' }],
  pci: [
    { address: '00:00.0', classCode: '0880', className: 'System peripheral', vendor: 'Intel Corporation', vendorId: '8086', device: 'Ice Lake Memory Map/VT-d', deviceId: '09a2', node: 0 },
    { address: '00:17.0', classCode: '0106', className: 'SATA controller', vendor: 'Intel Corporation', vendorId: '8086', device: 'C741 SATA Controller (AHCI)', deviceId: '1bd2', driver: 'ahci', node: 0, interrupts: [{ name: 'ahci[0000:00:17.0]', perSecond: 0.2 }] },
    { address: '00:1f.4', classCode: '0c05', className: 'SMBus', vendor: 'Intel Corporation', vendorId: '8086', device: 'C741 SMBus', deviceId: '1bc9', driver: 'i801_smbus', node: 0 },
    { address: '03:00.0', classCode: '0300', className: 'VGA compatible controller', vendor: 'ASPEED Technology, Inc.', vendorId: '1a03', device: 'ASPEED Graphics Family', deviceId: '2000', driver: 'ast', node: 0 },
    { address: '17:00.0', classCode: '0200', className: 'Ethernet controller', vendor: 'Intel Corporation', vendorId: '8086', device: 'Ethernet Controller I350 Gigabit', deviceId: '1521', driver: 'igb', node: 0, interrupts: networkInterrupts('eno1', 8, 6) ?? [] },
    { address: '17:00.1', classCode: '0200', className: 'Ethernet controller', vendor: 'Intel Corporation', vendorId: '8086', device: 'Ethernet Controller I350 Gigabit', deviceId: '1521', driver: 'igb', node: 0, interrupts: networkInterrupts('eno2', 8, 0.1) ?? [] },
    { address: '65:00.0', classCode: '0108', className: 'Non-Volatile memory controller', vendor: 'Samsung Electronics Co Ltd', vendorId: '144d', device: 'NVMe SSD Controller PM9A1/PM9A3/980PRO', deviceId: 'a80a', driver: 'nvme', node: 0, interrupts: Array.from({ length: 16 }, (_, queue) => ({ name: `nvme0q${queue}`, perSecond: 0.8, cpu: queue * 4 })) },
    { address: 'b1:00.0', classCode: '0200', className: 'Ethernet controller', vendor: 'Intel Corporation', vendorId: '8086', device: 'Ethernet Controller I226-LM', deviceId: '125b', driver: 'igc', node: 1, interrupts: networkInterrupts('enp177s0', 4, 2) ?? [] },
  ],
  services: [
    ...commonServices, service('irqbalance', 'irqbalance daemon', true, '/usr/sbin/irqbalance --foreground'),
    service('tuned', 'Dynamic System Tuning Daemon', false, '/usr/bin/python3 -Es /usr/sbin/tuned -l -P'), service('thermald', 'Thermal Daemon Service', false), service('unattended-upgrades', 'Unattended Upgrades Shutdown', true),
  ],
  packages: [
    ['rt-tests', '2.4-1'], ['stress-ng', '0.15.06-2'], ['util-linux', '2.38.1-5+deb12u3'], ['pciutils', '1:3.9.0-4'], ['irqbalance', '1.9.2-1'],
    ['numactl', '2.0.16-1'], ['systemd', '252.36-1~deb12u1'], ['grub2-common', '2.06-13+deb12u1'], ['procps', '2:4.0.2-3'], ['linux-image-6.1.0-37-rt-amd64', '6.1.140-1'],
    ['unattended-upgrades', '2.9.1+nmu3'], ...debianVirtualisation.filter(({ name }) => name !== 'genisoimage').map(({ name, version }) => [name, version] as const),
  ],
  virtualMachines: { domains: [ordinaryDomain], images: { '/var/lib/libvirt/images/debian12-std.qcow2': 20 }, autostartNetworks: ['default'] },
  archive: debianArchive,
  missingPrograms: ['grubby', 'grub2-reboot', 'grub2-editenv', 'grub2-mkconfig', 'grub2-set-default', 'dracut', 'rpm', 'dnf', 'yum', 'qemu-kvm'],
  boot: { loader: 'grub', root: 'UUID=6f2b3c61-0d7e-4e3f-9a54-2f1d1c6a9b10', efi: true, secureBoot: false, options: 'quiet isolcpus=managed_irq,domain,4-63 nohz_full=4-63 rcu_nocbs=4-63 intel_pstate=disabled skew_tick=1 nosoftlockup intel_iommu=on iommu=pt' },
  sysctls: { ...commonSysctls, 'kernel.watchdog': '0', 'kernel.nmi_watchdog': '1' },
  resctrl: { mask: '7fff', minimumBits: 1, closids: 15, shareable: '0', memoryBandwidth: true },
  bmc: true,
  kernelMessages: [
    'ipmi_si IPI0001:00: IPMI message handler: Found new BMC (man_id: 0x002a7c, prod_id: 0x1c4b, dev_id: 0x20)', 'DMAR: IOMMU enabled', 'DMAR-IR: Enabled IRQ remapping in x2apic mode', 'iommu: Default domain type: Passthrough (set via kernel command line)',
    'mce: CPU0: Thermal monitoring enabled (TM1)', 'microcode: sig=0xc06f2, pf=0x87, revision=0x21000283',
  ],
  files: { '/etc/default/irqbalance': 'IRQBALANCE_ONESHOT=""\n#IRQBALANCE_BANNED_CPULIST=\n', '/etc/sysctl.d/90-rt.conf': '# begun, not finished\nkernel.watchdog = 0\n' },
  latency: { baseUs: 2.6, spreadUs: 1.5, stallsPerMillion: 3, stallUs: 9 },
  diskKib: 460_432_384,
  diskUsedKib: 21_884_400,
};
