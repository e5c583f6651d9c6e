import { kernelParameter } from '../support/kernel-parameter.ts';

export const setting = kernelParameter({
  id: 'kernel.processor-max-cstate', parameter: 'processor.max_cstate', guides: ['kvm-host', 'kvm-guest', 'bare-metal', 'acrn-rtvm'],
  title: 'Shallow idle states only',
  why: 'Without intel_idle the ACPI driver takes over and would enter deep states too. 0 acts as 1: C1 stays.',
  source: 'Intel ECI guide, Host Configuration: Linux Kernel; Linux drivers/acpi/processor_idle.c',
  requested: ({ snapshot: { virtualisation } }) => (virtualisation.kind === 'vm' ? { notAskedFor: 'Idle states of a virtual machine are the host’s business; see idle=poll.' } : { value: '1' }),
  alsoGood: (value) => value === '0',
  effect: ({ snapshot: { idle } }) => {
    const deep = idle.states.filter((state) => (state.exitLatencyUs ?? 0) > 10 && state.disabledOn.length === 0);
    return {
      value: idle.states.length === 0 ? null : deep.length === 0 ? 'no deep idle state' : `open: ${deep.map((state) => `${state.name} (${state.exitLatencyUs ?? '?'} µs)`).join(', ')}`,
      matches: idle.states.length === 0 ? null : deep.length === 0,
      evidence: deep[0] ? `/sys/devices/system/cpu/cpu*/cpuidle: ${deep.map((state) => state.name).join(' ')}` : null,
    };
  },
});
