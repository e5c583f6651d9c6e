import type { MachineSpec } from '../linux/machine-spec.ts';
import { commonFlags, commonServices, commonSysctls, commonVulnerabilities, kernelConfig, service } from './common.ts';
import { rhelVirtualisation } from './virtualisation.ts';

/** A small embedded box with RHEL: boot entries of their own (BLS), tuned, and firmware settings that Linux can read. */
export const rhelAtom: MachineSpec = {
  id: 'rhel-atom',
  title: 'Embedded Atom with RHEL',
  description: 'Dell gateway with an Atom x6427FE, 4 CPUs, RHEL 9 with kernel-rt. Firmware settings can be read from Linux; boot entries are BLS files.',
  hostname: 'edge-x6427fe',
  messageOfTheDay: 'Practice board: a pretend RHEL 9. Nothing here is real, nothing can break.\n\n',
  distribution: {
    osRelease: 'NAME="Red Hat Enterprise Linux"\nVERSION="9.4 (Plow)"\nID="rhel"\nID_LIKE="fedora"\nVERSION_ID="9.4"\nPLATFORM_ID="platform:el9"\nPRETTY_NAME="Red Hat Enterprise Linux 9.4 (Plow)"\n',
    packages: 'rpm', redhatRelease: 'Red Hat Enterprise Linux release 9.4 (Plow)',
  },
  kernel: {
    release: '5.14.0-427.42.1.el9_4.x86_64+rt', version: '#1 SMP PREEMPT_RT Fri Oct 18 14:35:40 EDT 2024', realtime: true, realtimeFile: true,
    builder: '(mockbuild@x86-64-03.build.eng.rdu2.redhat.com) (gcc (GCC) 11.4.1 20231218 (Red Hat 11.4.1-3), GNU ld version 2.35.2-43.el9)', config: kernelConfig(true, { HZ: '1000', HZ_1000: 'y', HZ_250: 'n' }),
  },
  dmi: {
    sys_vendor: 'Dell Inc.', product_name: 'EGW-5200', product_serial: '7BX4KR3', product_uuid: '4c4c4544-0042-5810-8034-b7c04f4b5233', product_family: 'Edge Gateway', board_vendor: 'Dell Inc.', board_name: '0H7RWN', board_version: 'A00',
    board_serial: '/7BX4KR3/', bios_vendor: 'Dell Inc.', bios_version: '1.14.0', bios_date: '06/26/2024', bios_release: '1.14', chassis_type: '35', chassis_vendor: 'Dell Inc.',
  },
  cpu: {
    model: 'Intel Atom(R) x6427FE Processor @ 1.90GHz', family: 6, modelNumber: 150, stepping: 1, microcode: '0x1a', minKhz: 800_000, maxKhz: 1_900_000, baseMhz: 1900, smt: 'notsupported',
    flags: `${commonFlags.replaceAll(' avx2', '').replaceAll(' avx', '').replaceAll(' fma', '')} split_lock_detect`, bugs: 'spectre_v1 spectre_v2 spec_store_bypass swapgs srbds mmio_stale_data rfds',
    vulnerabilities: { ...commonVulnerabilities, mmio_stale_data: 'Mitigation: Clear CPU buffers; SMT disabled', srbds: 'Mitigation: Microcode' },
    idleStates: [{ name: 'POLL', description: 'CPUIDLE CORE POLL IDLE', latencyUs: 0 }, { name: 'C1_ACPI', description: 'ACPI FFH MWAIT 0x0', latencyUs: 1 }, { name: 'C2_ACPI', description: 'ACPI FFH MWAIT 0x31', latencyUs: 253 }, { name: 'C3_ACPI', description: 'ACPI FFH MWAIT 0x60', latencyUs: 1048 }],
  },
  cpus: Array.from({ length: 4 }, (_, cpu) => ({ cpu, socket: 0, node: 0, core: cpu })),
  caches: [
    { level: 1, type: 'Data', sizeKib: 32, ways: 8, sharedBy: 'core' }, { level: 1, type: 'Instruction', sizeKib: 32, ways: 8, sharedBy: 'core' },
    { level: 2, type: 'Unified', sizeKib: 1536, ways: 12, sharedBy: 'socket' }, { level: 3, type: 'Unified', sizeKib: 4096, ways: 16, sharedBy: 'socket' },
  ],
  nodes: [{ id: 0, memoryKib: 16_091_136, distances: '10' }],
  pci: [
    { address: '00:00.0', classCode: '0600', className: 'Host bridge', vendor: 'Intel Corporation', vendorId: '8086', device: 'Elkhart Lake Host Bridge', deviceId: '4538' },
    { address: '00:02.0', classCode: '0300', className: 'VGA compatible controller', vendor: 'Intel Corporation', vendorId: '8086', device: 'Elkhart Lake [UHD Graphics Gen11 32EU]', deviceId: '4571', driver: 'i915', interrupts: [{ name: 'i915', perSecond: 0.4 }] },
    { address: '00:1d.1', classCode: '0200', className: 'Ethernet controller', vendor: 'Intel Corporation', vendorId: '8086', device: 'Elkhart Lake Ethernet (TSN)', deviceId: '4ba0', driver: 'dwmac-intel', interrupts: [{ name: 'enp0s29f1:rx-0', perSecond: 8 }, { name: 'enp0s29f1:tx-0', perSecond: 4 }] },
    { address: '01:00.0', classCode: '0108', className: 'Non-Volatile memory controller', vendor: 'Micron Technology Inc', vendorId: '1344', device: '2450 NVMe SSD', deviceId: '5411', driver: 'nvme', interrupts: Array.from({ length: 4 }, (_, queue) => ({ name: `nvme0q${queue + 1}`, perSecond: 1, cpu: queue })) },
  ],
  services: [...commonServices.map((one) => (one.name === 'ssh' ? { ...one, name: 'sshd' } : one.name === 'cron' ? { ...one, name: 'crond' } : one)), service('tuned', 'Dynamic System Tuning Daemon', true, '/usr/bin/python3 -Es /usr/sbin/tuned -l -P'), service('irqbalance', 'irqbalance daemon', false, '/usr/sbin/irqbalance'), service('chronyd', 'NTP client/server', true), service('auditd', 'Security Auditing Service', true)],
  packages: [
    ['realtime-tests', '2.6-2.el9'], ['stress-ng', '0.17.01-1.el9'], ['util-linux', '2.37.4-18.el9'], ['pciutils', '3.7.0-5.el9'], ['tuned', '2.22.1-5.el9_4'], ['tuned-profiles-realtime', '2.22.1-5.el9_4'], ['systemd', '252-32.el9_4'],
    ['kernel-rt', '5.14.0-427.42.1.el9_4'], ['kernel-rt-core', '5.14.0-427.42.1.el9_4'], ['grubby', '8.40-63.el9'], ['numactl', '2.0.18-2.el9'], ['procps-ng', '3.3.17-14.el9'], ['irqbalance', '1.9.2-3.el9'],
  ],
  archive: [
    {
      name: 'kernel-rt-core', version: '5.14.0-503.11.1.el9_5', sizeKb: 18_400,
      kernel: {
        release: '5.14.0-503.11.1.el9_5.x86_64+rt', version: '#1 SMP PREEMPT_RT Mon Sep 30 07:12:41 EDT 2024', realtime: true, realtimeFile: true,
        builder: '(mockbuild@x86-64-03.build.eng.rdu2.redhat.com) (gcc (GCC) 11.5.0 20240719 (Red Hat 11.5.0-2), GNU ld version 2.35.2-54.el9)', config: kernelConfig(true, { HZ: '1000', HZ_1000: 'y', HZ_250: 'n' }),
      },
    },
    { name: 'kernel-rt-kvm', version: '5.14.0-427.42.1.el9_4', sizeKb: 1_200, depends: ['kernel-rt-core'] }, { name: 'msr-tools', version: '1.3-21.el9', sizeKb: 16 }, { name: 'kernel-tools', version: '5.14.0-427.42.1.el9_4', sizeKb: 5_400 },
    { name: 'rteval', version: '3.7-9.el9', sizeKb: 140 }, { name: 'trace-cmd', version: '3.1.5-2.el9', sizeKb: 260 },
    ...rhelVirtualisation,
  ],
  missingPrograms: ['update-grub', 'grub-mkconfig', 'grub-reboot', 'grub-set-default', 'grub-editenv', 'update-initramfs', 'dpkg', 'dpkg-query', 'dpkg-deb', 'apt', 'apt-get', 'apt-cache', 'apt-mark', 'qemu-system-x86_64', 'genisoimage'],
  boot: { loader: 'bls', root: '/dev/mapper/rhel-root', efi: true, secureBoot: false, options: 'crashkernel=1G-4G:192M rd.lvm.lv=rhel/root isolcpus=2-3 nohz_full=2-3 skew_tick=1 tsc=reliable rcupdate.rcu_normal_after_boot=1' },
  sysctls: { ...commonSysctls, 'kernel.sched_rt_runtime_us': '-1', 'vm.stat_interval': '10', 'kernel.timer_migration': '0', 'kernel.nmi_watchdog': '0' },
  firmwareAttributes: {
    driver: 'dell-wmi-sysman',
    values: {
      CStatesCtrl: { value: 'Enabled', possible: ['Disabled', 'Enabled'], displayName: 'C-State Support' }, SpeedStep: { value: 'Enabled', possible: ['Disabled', 'Enabled'], displayName: 'Intel SpeedStep' },
      TurboMode: { value: 'Disabled', possible: ['Disabled', 'Enabled'], displayName: 'Intel Turbo Boost' }, Virtualization: { value: 'Enabled', possible: ['Disabled', 'Enabled'], displayName: 'Virtualization' },
      VtForDirectIo: { value: 'Enabled', possible: ['Disabled', 'Enabled'], displayName: 'VT for Direct I/O' }, SecureBoot: { value: 'Disabled', possible: ['Disabled', 'Enabled'], displayName: 'Secure Boot' },
    },
  },
  bmc: false,
  kernelMessages: ['DMAR: Host address width 39', 'iommu: Default domain type: Translated', 'mce: CPU0: Thermal monitoring enabled (TM1)'],
  files: { '/etc/tuned/active_profile': 'realtime\n', '/etc/tuned/profile_mode': 'manual\n', '/etc/tuned/realtime-variables.conf': 'isolated_cores=2-3\n' },
  latency: { baseUs: 5.2, spreadUs: 3.1, stallsPerMillion: 25, stallUs: 21 },
  diskKib: 116_873_216,
  diskUsedKib: 9_870_336,
};
