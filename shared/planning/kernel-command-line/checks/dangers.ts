import type { Check, LintFinding } from '../lint-finding.ts';

interface Danger { readonly values?: readonly string[]; readonly severity: LintFinding['severity']; readonly message: string; readonly suggestion?: string }

const dangers: Readonly<Record<string, Danger>> = {
  mce: { values: ['off'], severity: 'warning', message: 'No machine check is reported any more: hardware errors go unseen. ignore_ce only stops the polling for corrected errors.', suggestion: 'mce=ignore_ce' },
  mitigations: { values: ['off'], severity: 'warning', message: 'Protections against processor attacks are off. Only for a machine that runs nothing foreign.' },
  'rcupdate.rcu_cpu_stall_suppress': { values: ['1'], severity: 'note', message: 'Hides the warning of a CPU that is stuck for good, as a runaway FIFO task makes it.' },
  pcie_aspm: { values: ['off'], severity: 'note', message: 'The kernel leaves links as the firmware set them: power saving the firmware switched on stays on. pcie_aspm.policy=performance switches it off.', suggestion: 'pcie_aspm.policy=performance' },
  maxcpus: { severity: 'note', message: 'CPUs beyond this number stay offline: lists that name them name CPUs that are not there.' },
  nolapic: { severity: 'error', message: 'Without the local APIC there is no high-resolution timer and one CPU only.', suggestion: '' },
  noapic: { severity: 'warning', message: 'Interrupts cannot be directed to chosen CPUs.', suggestion: '' },
  pci: { values: ['nomsi'], severity: 'error', message: 'Without MSI devices share interrupts and cannot be passed to a real-time VM.', suggestion: '' },
  nox2apic: { severity: 'note', message: 'x2APIC is off: a VM’s accesses to its interrupt controller cost more, and LAPIC passthrough is not possible.' },
};

/** What works as written and costs something one should know. */
export const checkDangers: Check = (parameters) => parameters.flatMap(({ name, value }) => {
  const danger = Object.hasOwn(dangers, name) ? dangers[name] : undefined;
  if (!danger || (danger.values && !danger.values.includes(value ?? ''))) return [];
  const { severity, message, suggestion } = danger;
  const code = name === 'pcie_aspm' ? 'acts-differently' as const : 'dangerous' as const;
  return [{ parameter: name, code, severity, message, ...(suggestion !== undefined && { suggestion }) }];
});
