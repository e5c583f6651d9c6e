import type { PretendBoard } from './run-probe.ts';

type Files = Record<string, string>;
const cpuFolder = '/sys/devices/system/cpu';
const each = <T>(items: readonly T[], write: (item: T) => Files): Files => Object.assign({}, ...items.map(write));
const range = (count: number) => Array.from({ length: count }, (_, at) => at);

interface Place { readonly cpu: number; readonly socket: number; readonly core: number; readonly siblings: string; readonly l2: string; readonly l3: string }

const cacheFiles = (folder: string, level: number, type: string, id: number, size: string, ways: number, shared: string): Files => ({
  [`${folder}/level`]: `${level}\n`, [`${folder}/type`]: `${type}\n`, [`${folder}/id`]: `${id}\n`, [`${folder}/size`]: `${size}\n`,
  [`${folder}/ways_of_associativity`]: `${ways}\n`, [`${folder}/shared_cpu_list`]: `${shared}\n`,
});

const cpuFiles = (places: readonly Place[], l3: { size: string; ways: number }): Files => each(places, ({ cpu, socket, core, siblings, l2, l3: shared }) => ({
  [`${cpuFolder}/cpu${cpu}/topology/physical_package_id`]: `${socket}\n`, [`${cpuFolder}/cpu${cpu}/topology/die_id`]: '0\n',
  [`${cpuFolder}/cpu${cpu}/topology/core_id`]: `${core}\n`, [`${cpuFolder}/cpu${cpu}/topology/thread_siblings_list`]: `${siblings}\n`,
  [`${cpuFolder}/cpu${cpu}/cpuidle/state0/name`]: 'POLL\n', [`${cpuFolder}/cpu${cpu}/cpuidle/state0/latency`]: '0\n', [`${cpuFolder}/cpu${cpu}/cpuidle/state0/disable`]: '0\n',
  [`${cpuFolder}/cpu${cpu}/cpuidle/state1/name`]: 'C6\n', [`${cpuFolder}/cpu${cpu}/cpuidle/state1/latency`]: '133\n', [`${cpuFolder}/cpu${cpu}/cpuidle/state1/disable`]: cpu === 4 ? '1\n' : '0\n',
  ...cacheFiles(`${cpuFolder}/cpu${cpu}/cache/index0`, 1, 'Data', cpu, '48K', 12, siblings),
  ...cacheFiles(`${cpuFolder}/cpu${cpu}/cache/index2`, 2, 'Unified', cpu, '2048K', 16, l2),
  ...cacheFiles(`${cpuFolder}/cpu${cpu}/cache/index3`, 3, 'Unified', socket, l3.size, l3.ways, shared),
}));

const kernelFiles = (release: string, version: string, commandLine: string): Files => ({
  '/proc/sys/kernel/ostype': 'Linux\n', '/proc/sys/kernel/osrelease': `${release}\n`, '/proc/sys/kernel/version': `${version}\n`, '/proc/cmdline': `${commandLine}\n`,
  '/proc/sys/kernel/hostname': 'bench\n', '/proc/uptime': '100.25 200.00\n', '/proc/stat': 'cpu 1 2 3\nintr 1 2 3\nbtime 1795180000\n', '/proc/1/comm': 'systemd\n',
  '/proc/self/status': 'Name:\tgrep\nUid:\t0\t0\t0\t0\n', '/proc/self/limits': 'Limit                     Soft Limit           Hard Limit           Units     \nMax locked memory         8388608              8388608              bytes     \nMax realtime priority     0                    0                    \n',
});

const cpuinfo = (vendor: string, model: string, flags: string) =>
  `processor\t: 0\nvendor_id\t: ${vendor}\nmodel name\t: ${model}\nmicrocode\t: 0x21000201\nflags\t\t: ${flags}\n\nprocessor\t: 1\nmodel name\t: never printed\n`;

/** Dual-socket Xeon: 64 CPUs, even on node 0, odd on node 1, siblings n and n+32; CPUs 4-31 and their siblings isolated; CAT, mounted; UEFI with Secure Boot; a BMC. */
export function xeon(): PretendBoard {
  const even = '0,2,4,6,8,10,12,14,16,18,20,22,24,26,28,30,32,34,36,38,40,42,44,46,48,50,52,54,56,58,60,62';
  const odd = '1,3,5,7,9,11,13,15,17,19,21,23,25,27,29,31,33,35,37,39,41,43,45,47,49,51,53,55,57,59,61,63';
  const places = range(64).map((cpu) => ({ cpu, socket: cpu % 2, core: Math.floor((cpu % 32) / 2), siblings: `${cpu % 32},${(cpu % 32) + 32}`, l2: `${cpu % 32},${(cpu % 32) + 32}`, l3: cpu % 2 === 0 ? even : odd }));
  const commandLine = 'BOOT_IMAGE=/boot/vmlinuz-6.1.0-50-rt-amd64 root=UUID=1 ro isolcpus=managed_irq,domain,4-31,36-63 nohz_full=4-31,36-63 rcu_nocbs=4-31,36-63 quiet';
  return {
    files: {
      ...kernelFiles('6.1.0-50-rt-amd64', '#1 SMP PREEMPT_RT Debian 6.1.176-1 (2026-07-02)', commandLine), ...cpuFiles(places, { size: '61440K', ways: 15 }),
      '/proc/cpuinfo': cpuinfo('GenuineIntel', 'INTEL(R) XEON(R) GOLD 6548Y+', 'fpu vmx pdpe1gb constant_tsc rdt_a cat_l3 cdp_l3 mba cqm'),
      [`${cpuFolder}/online`]: '0-63\n', [`${cpuFolder}/present`]: '0-63\n', [`${cpuFolder}/isolated`]: '4-31,36-63\n', [`${cpuFolder}/nohz_full`]: '4-31,36-63\n',
      [`${cpuFolder}/smt/active`]: '1\n', [`${cpuFolder}/smt/control`]: 'on\n', [`${cpuFolder}/cpuidle/current_driver`]: 'intel_idle\n', [`${cpuFolder}/cpuidle/current_governor`]: 'menu\n',
      [`${cpuFolder}/intel_pstate/status`]: 'active\n', [`${cpuFolder}/intel_pstate/no_turbo`]: '0\n', [`${cpuFolder}/vulnerabilities/mds`]: 'Not affected\n',
      ...each(range(64), (cpu) => ({ [`${cpuFolder}/cpufreq/policy${cpu}/scaling_driver`]: 'intel_pstate\n', [`${cpuFolder}/cpufreq/policy${cpu}/scaling_governor`]: cpu < 4 ? 'powersave\n' : 'performance\n', [`${cpuFolder}/cpufreq/policy${cpu}/cpuinfo_min_freq`]: '800000\n', [`${cpuFolder}/cpufreq/policy${cpu}/cpuinfo_max_freq`]: '4100000\n',
        [`${cpuFolder}/cpu${cpu}/thermal_throttle/core_throttle_count`]: cpu % 32 === 0 ? '3\n' : '0\n', [`${cpuFolder}/cpu${cpu}/thermal_throttle/package_throttle_count`]: '2\n' })),
      '/sys/devices/system/node/node0/cpulist': `${even}\n`, '/sys/devices/system/node/node1/cpulist': `${odd}\n`,
      '/sys/devices/system/node/node0/meminfo': 'Node 0 MemTotal:       131072 kB\n', '/sys/devices/system/node/node1/meminfo': 'Node 1 MemTotal:       262144 kB\n',
      '/proc/meminfo': 'MemTotal:         393216 kB\nMemFree: 1 kB\nMemAvailable:     300000 kB\nSwapTotal:          1024 kB\n',
      '/proc/interrupts': `      ${range(64).map((cpu) => `CPU${cpu}`).join(' ')}\n 24: ${range(64).map((cpu) => (cpu === 5 ? 7 : 0)).join(' ')} PCI-MSIX-0000:01:00.0    0-edge      eth0-rx-0\nLOC: ${range(64).map(() => 9).join(' ')} Local timer interrupts\nERR: 0\n`,
      '/proc/irq/default_smp_affinity': '00000000,0000000f\n', '/proc/irq/24/smp_affinity_list': '0-63\n', '/proc/irq/24/effective_affinity_list': '5\n',
      '/sys/class/dmi/id/sys_vendor': 'Supermicro\n', '/sys/class/dmi/id/product_name': 'SYS-221H-TN24R\n', '/sys/class/dmi/id/board_vendor': 'Supermicro\n', '/sys/class/dmi/id/board_name': 'X13DEM\n',
      '/sys/class/dmi/id/product_serial': 'SN-0000-0001\n', '/sys/class/dmi/id/product_uuid': '00000000-1111-2222-3333-444444444444\n', '/sys/class/dmi/id/bios_vendor': 'American Megatrends\n', '/sys/class/dmi/id/bios_version': '2.1\n', '/sys/class/dmi/id/bios_date': '01/15/2026\n',
      '/sys/firmware/efi/efivars/SecureBoot-8be4df61-93ca-11d2-aa0d-00e098032b8c': '\u0006\0\0\0\u0001', '/sys/kernel/security/lockdown': 'none [integrity] confidentiality\n',
      '/sys/firmware/dmi/entries/38-0/raw': 'x', '/sys/firmware/acpi/tables/DMAR': 'x',
      '/sys/class/iommu/dmar0/x': '', '/sys/class/iommu/dmar1/x': '', '/sys/kernel/iommu_groups/7/devices/0000:01:00.0/x': '', '/sys/kernel/iommu_groups/7/type': 'identity\n',
      '/sys/bus/pci/devices/0000:01:00.0/uevent': 'DRIVER=ice\nPCI_CLASS=20000\nPCI_ID=8086:1593\n', '/sys/bus/pci/devices/0000:01:00.0/numa_node': '1\n', '/sys/bus/pci/devices/0000:01:00.0/msi_irqs/24': 'msix\n', '/sys/bus/pci/devices/0000:01:00.0/link/l1_aspm': '1\n',
      '/proc/filesystems': 'nodev\tsysfs\nnodev\tresctrl\n', '/proc/mounts': '/dev/sda2 / ext4 rw 0 0\nresctrl /sys/fs/resctrl resctrl rw 0 0\n//nas/share /mnt cifs rw,username=operator 0 0\n',
      '/sys/fs/resctrl/schemata': 'MB:0=100;1=100\n    L3:0=7fff;1=7fff\n', '/sys/fs/resctrl/info/L3/cbm_mask': '7fff\n', '/sys/fs/resctrl/info/L3/min_cbm_bits': '1\n', '/sys/fs/resctrl/info/L3/shareable_bits': '6000\n', '/sys/fs/resctrl/info/L3/num_closids': '15\n', '/sys/fs/resctrl/info/MB/num_closids': '15\n',
      '/boot/grub/grub.cfg': `set default="0"\nset superusers="admin"\npassword_pbkdf2 admin grub.pbkdf2.sha512.10000.DEADBEEF\nmenuentry 'Debian' {\n\tlinux /boot/vmlinuz-6.1.0-50-rt-amd64 root=UUID=1 ro isolcpus=managed_irq,domain,4-31,36-63 nohz_full=4-31,36-63 rcu_nocbs=4-31,36-63 quiet\n}\n`,
      '/etc/default/grub': 'GRUB_CMDLINE_LINUX="isolcpus=managed_irq,domain,4-31,36-63"\n', '/etc/default/grub.d/99-rt.conf': 'GRUB_CMDLINE_LINUX="never=read"\n',
      '/boot/config-6.1.0-50-rt-amd64': 'CONFIG_HZ=250\nCONFIG_PREEMPT_RT=y\n# CONFIG_RT_GROUP_SCHED is not set\nCONFIG_BTRFS_FS=m\n',
      '/etc/apt/sources.list': 'deb https://user:secret@apt.example/eci bookworm main\ndeb http://deb.debian.org/debian bookworm main\n',
      '/run/systemd/system/x': '', '/sys/fs/cgroup/system.slice/irqbalance.service/cgroup.procs': '1\n', '/etc/systemd/system/timers.target.wants/apt-daily.timer': 'x',
      '/dev/kvm': '', '/sys/module/kvm_intel/parameters/ple_gap': '128\n', '/sys/module/kvm/parameters/halt_poll_ns': '200000\n',
      '/var/lib/dpkg/status': 'Package: rt-tests\nStatus: install ok installed\nPriority: optional\nVersion: 2.4-1\n\nPackage: stress-ng\nStatus: deinstall ok config-files\nVersion: 0.15\n',
      '/sys/class/firmware-attributes/hp-bioscfg/attributes/Hyperthreading/type': 'enumeration\n', '/sys/class/firmware-attributes/hp-bioscfg/attributes/Hyperthreading/current_value': 'Enable\n', '/sys/class/firmware-attributes/hp-bioscfg/attributes/Hyperthreading/possible_values': 'Disable;Enable;\n', '/sys/class/firmware-attributes/hp-bioscfg/attributes/Hyperthreading/display_name': 'x\n',
    },
    newer: ['/etc/default/grub'],
    commands: {
      dmesg: '[    0.000000] Linux version 6.1.0-50-rt-amd64\n[    0.5] DMAR: IOMMU enabled\n[    0.6] iommu: Default domain type: Passthrough (set via kernel command line)\n[    9.9] usb 1-1: never asked for\n',
      lspci: '0000:01:00.0 Ethernet controller [0200]: Intel Corporation Ethernet Controller E810-C [8086:1593]\n\tCapabilities: [50] MSI: Enable- Count=1/1 Maskable+ 64bit+\n\tCapabilities: [70] MSI-X: Enable+ Count=1024 Masked-\n\tKernel driver in use: ice\n',
      cyclictest: '',
    },
  };
}

/** Hybrid client: 4 performance cores with two threads each (CPUs 0-7), 8 efficiency cores in modules of four (8-15); no lspci, not real-time. */
export function hybrid(): PretendBoard {
  const places = range(16).map((cpu) => (cpu < 8
    ? { cpu, socket: 0, core: Math.floor(cpu / 2) * 4, siblings: `${cpu - (cpu % 2)}-${cpu - (cpu % 2) + 1}`, l2: `${cpu - (cpu % 2)}-${cpu - (cpu % 2) + 1}`, l3: '0-15' }
    : { cpu, socket: 0, core: 24 + cpu, siblings: `${cpu}`, l2: cpu < 12 ? '8-11' : '12-15', l3: '0-15' }));
  return {
    files: {
      ...kernelFiles('6.12.0-generic', '#1 SMP PREEMPT_DYNAMIC Ubuntu', 'BOOT_IMAGE=/vmlinuz root=UUID=2 ro isolcpus=2 quiet splash'), ...cpuFiles(places, { size: '24576K', ways: 12 }),
      '/proc/cpuinfo': cpuinfo('GenuineIntel', '13th Gen Intel(R) Core(TM) i7-1370PE', 'fpu vmx hwp'),
      [`${cpuFolder}/online`]: '0-14\n', [`${cpuFolder}/present`]: '0-15\n', [`${cpuFolder}/isolated`]: '2\n', [`${cpuFolder}/nohz_full`]: '(null)\n',
      '/sys/devices/cpu_core/cpus': '0-7\n', '/sys/devices/cpu_atom/cpus': '8-15\n', '/sys/class/dmi/id/sys_vendor': 'Advantech\n',
      '/sys/bus/pci/devices/0000:00:1f.6/uevent': 'DRIVER=e1000e\nPCI_CLASS=20000\nPCI_ID=8086:550A\n', '/sys/bus/pci/devices/0000:00:1f.6/msi_irqs/130': 'msi\n', '/sys/bus/pci/devices/0000:00:1f.6/numa_node': '-1\n',
      '/sys/bus/pci/devices/0000:00:00.0/uevent': 'PCI_CLASS=60000\nPCI_ID=8086:A706\n', '/sys/firmware/dmi/entries/0-0/raw': 'x',
    },
    commands: { dmesg: 'dmesg: read kernel buffer failed: Operation not permitted\n' },
  };
}

/** RHEL 9 with entries of the Boot Loader Specification and rpm. */
export function rhel(): PretendBoard {
  return {
    files: {
      ...kernelFiles('5.14.0-427.13.1.el9_4.x86_64+rt', '#1 SMP PREEMPT_RT Wed Apr 10', 'BOOT_IMAGE=(hd0,gpt2)/vmlinuz-5.14.0-427.13.1.el9_4.x86_64+rt root=/dev/mapper/rhel-root ro'),
      '/etc/os-release': 'NAME="Red Hat Enterprise Linux"\nID="rhel"\nID_LIKE="fedora"\nVERSION_ID="9.4"\nPRETTY_NAME="Red Hat Enterprise Linux 9.4 (Plow)"\n',
      '/proc/cpuinfo': cpuinfo('AuthenticAMD', 'AMD EPYC 9354', 'fpu svm'), [`${cpuFolder}/online`]: '0-3\n', [`${cpuFolder}/present`]: '0-3\n', [`${cpuFolder}/isolated`]: '\n',
      '/boot/grub2/grub.cfg': 'if [ "${next_entry}" ] ; then\n   set default="${next_entry}"\n   set next_entry=\nelse\n   set default="${saved_entry}"\nfi\ninsmod blscfg\nblscfg\n',
      '/boot/grub2/grubenv': '# GRUB Environment Block\nsaved_entry=m-5.14.0-427.13.1.el9_4.x86_64+rt\n######################',
      '/boot/loader/entries/m-5.14.0-427.13.1.el9_4.x86_64+rt.conf': 'title Red Hat Enterprise Linux (5.14.0-427.13.1.el9_4.x86_64+rt)\nversion 5.14.0-427.13.1.el9_4.x86_64+rt\nlinux /vmlinuz-5.14.0-427.13.1.el9_4.x86_64+rt\noptions root=/dev/mapper/rhel-root ro isolcpus=2-3 nohz_full=2-3\n',
      '/boot/loader/entries/m-5.14.0-427.13.1.el9_4.x86_64.conf': 'title Plain\noptions root=/dev/mapper/rhel-root ro\n',
      '/etc/tuned/active_profile': 'realtime-virtual-host\n', '/run/systemd/system/x': '',
    },
    commands: { rpm: 'realtime-tests 2.6-5.el9\npackage rteval is not installed\ntuned 2.22.1-1.el9\n', cyclictest: '', 'tuned-adm': '', dmesg: '[    0.000000] Linux version 5.14\n' },
  };
}

/** Industrial board with Intel's ECI: its own boot entry before the distribution's, and package sources. */
export function eci(): PretendBoard {
  return {
    files: {
      ...kernelFiles('6.6.23-intel-ese-standard-lts-rt', '#2 SMP PREEMPT_RT Mon Mar 3', 'BOOT_IMAGE=/boot/vmlinuz-rt root=UUID=3 ro nmi_watchdog=0 irqaffinity=0 isolcpus=1,3 rcu_nocbs=1,3 nohz_full=1,3'),
      '/proc/cpuinfo': cpuinfo('GenuineIntel', 'Intel(R) Atom(TM) x6427FE', 'fpu vmx'), [`${cpuFolder}/online`]: '0-3\n', [`${cpuFolder}/present`]: '0-3\n', [`${cpuFolder}/isolated`]: '1,3\n', [`${cpuFolder}/nohz_full`]: '1,3\n',
      '/boot/grub/grub.cfg': 'set default="0"\n### BEGIN /etc/grub.d/09_eci ###\nmenuentry \'ECI real-time\' --id eci {\n linux /boot/vmlinuz-rt root=UUID=3 ro nmi_watchdog=0 irqaffinity=0 isolcpus=1,3 rcu_nocbs=1,3 nohz_full=1,3\n}\n### END ###\nmenuentry \'Debian\' {\n linux /boot/vmlinuz root=UUID=3 ro quiet\n}\n',
      '/etc/grub.d/09_eci': '#!/bin/sh\nisolcpus="1,3"\ncat <<EOF\nmenuentry x\nEOF\n', '/etc/default/grub': 'GRUB_CMDLINE_LINUX_DEFAULT="quiet"\n',
      '/etc/apt/sources.list.d/eci.list': 'deb [signed-by=/usr/share/keyrings/eci.gpg] https://eci.intel.com/repos/bookworm isar main\n', '/etc/apt/preferences.d/isar': 'Package: *\nPin: origin eci.intel.com\nPin-Priority: 1000\n',
      '/var/lib/dpkg/status': 'Package: eci-customizations\nStatus: install ok installed\nVersion: 3.3\n', '/run/systemd/system/x': '',
    },
    commands: { dmesg: '[    0.000000] Linux version 6.6.23\n' },
  };
}
