import { formatCpuList } from '../../../shared/parsers/cpu-list.ts';
import type { PretendLinux } from './pretend-linux.ts';

/** What the kernel says while it boots: what became of the command line is told here and nowhere else. */
export function bootMessages(linux: PretendLinux): string[] {
  const { spec, decisions, commandLine } = linux;
  const { dmi, cpu } = spec;
  const { kernel } = linux;
  const { unknown } = decisions;
  return [
    `Linux version ${kernel.release} ${kernel.builder} ${kernel.version}`,
    `Command line: ${commandLine}`,
    `DMI: ${dmi['sys_vendor'] ?? ''} ${dmi['product_name'] ?? ''}/${dmi['board_name'] ?? ''}, BIOS ${dmi['bios_version'] ?? ''} ${dmi['bios_date'] ?? ''}`,
    `tsc: Detected ${cpu.baseMhz}.000 MHz processor`,
    `Kernel command line: ${commandLine}`,
    ...(unknown.length > 0 ? [`Unknown kernel command line parameters "${unknown.join(' ')}", will be passed to user space.`] : []),
    ...(decisions.nohzFull.length > 0 ? [`NO_HZ: Full dynticks CPUs: ${formatCpuList(decisions.nohzFull)}.`] : []),
    `rcu: ${kernel.realtime ? 'Preemptible' : 'Hierarchical'} RCU implementation.`,
    ...(decisions.rcuNocbs.length > 0 ? [`rcu: \tOffload RCU callbacks from CPUs: ${formatCpuList(decisions.rcuNocbs)}.`] : []),
    `smpboot: CPU0: ${cpu.model} (family: 0x${cpu.family.toString(16)}, model: 0x${cpu.modelNumber.toString(16)}, stepping: 0x${cpu.stepping.toString(16)})`,
    `smpboot: Total of ${spec.cpus.length} processors activated (${(spec.cpus.length * cpu.baseMhz * 2).toFixed(2)} BogoMIPS)`,
    'clocksource: tsc: mask: 0xffffffffffffffff max_cycles: 0x22983777dd9, max_idle_ns: 440795300422 ns',
    'clocksource: Switched to clocksource tsc',
    ...(decisions.pstateDisabled ? [] : ['intel_pstate: Intel P-state driver initializing', 'intel_pstate: HWP enabled']),
    ...(spec.resctrl === undefined ? [] : ['resctrl: L3 allocation detected', ...(spec.resctrl.memoryBandwidth ? ['resctrl: MB allocation detected'] : []), 'resctrl: L3 monitoring detected']),
    ...(spec.boot.secureBoot ? ['secureboot: Secure boot enabled', 'Kernel is locked down from EFI Secure Boot mode; see man kernel_lockdown.7'] : []),
    ...spec.kernelMessages,
  ];
}
