import { pathsBelow } from '../support/paths-below.ts';
import { moduleParameter } from '../support/module-parameter.ts';
import { splitCommandLine } from '../../planning/kernel-command-line/command-line.ts';

export const setting = moduleParameter({
  id: 'hypervisor.lapic-timer-advance', module: 'kvm', parameter: 'lapic_timer_advance', value: 'Y', byDefault: 'Y', guides: ['kvm-host'],
  title: 'Guests’ timers are fired ahead of time (6.12 and later)',
  why: 'The exit and entry around a guest’s timer cost a microsecond or more; KVM fires it that much earlier, by an advance each vCPU calibrates itself.',
  source: 'Linux arch/x86/kvm/lapic.c, kernels from 6.12: lapic_timer_advance_ns is gone',
  notAskedFor: ({ capture }) => (capture.value('/sys/module/kvm/parameters/lapic_timer_advance_ns') === null ? null : 'This kernel has lapic_timer_advance_ns instead.'),
  hint: ({ capture, snapshot }) => {
    const word = splitCommandLine(snapshot.kernel.pending.commandLine ?? '').find(({ name }) => name === 'kvm.lapic_timer_advance_ns');
    if (word) return { message: 'kvm.lapic_timer_advance_ns is gone from this kernel: it is ignored.', evidence: `command line: ${word.text}` };
    const file = pathsBelow(capture, '/etc/modprobe.d').find((path) => capture.lines(path)?.some((line) => /^\s*options\s+kvm\b.*\blapic_timer_advance_ns=/.test(line)));
    return file === undefined ? null : { message: `${file} gives lapic_timer_advance_ns, which this kernel ignores.`, evidence: capture.evidence(file, /lapic_timer_advance_ns/) ?? file };
  },
});
