import { sysfsValue } from '../support/sysfs-value.ts';

/** Shallow states only: what tuned asks for where no state is named. */
const limitUs = 3;

export const setting = sysfsValue({
  id: 'runtime.idle-latency', guides: ['kvm-host', 'bare-metal'],
  title: 'No deep idle states on isolated CPUs',
  why: 'To wake from a deep idle state takes up to hundreds of microseconds. /dev/cpu_dma_latency closes them on all CPUs, for as long as a program holds it open (cyclictest does: its result is then better than the product’s); the limit of each CPU stays.',
  source: 'Linux Documentation/admin-guide/pm/cpuidle.rst, Power Management Quality of Service for CPUs; tuned latency-performance (force_latency=cstate.id_no_zero:1|3)',
  requested: ({ snapshot: { idle, virtualisation }, isolated }) => {
    if (virtualisation.kind === 'vm') return { notAskedFor: 'Idle states of a virtual machine are the host’s business.' };
    if (isolated.length === 0) return { notAskedFor: 'No CPU is to be isolated.' };
    return idle.states.some(({ exitLatencyUs }) => (exitLatencyUs ?? 0) > limitUs) ? { value: String(limitUs) } : { notAskedFor: `No idle state here takes longer than ${String(limitUs)} µs to leave.` };
  },
  // 0 is no limit; n/a allows no latency at all.
  matches: (value, requested) => value === 'n/a' || (Number(value) > 0 && Number(value) <= Number(requested)),
  otherwise: (value) => (value === '0' ? 'No limit is set.' : `${value} µs are allowed.`),
  paths: ({ isolated }) => isolated.map((cpu) => `/sys/devices/system/cpu/cpu${String(cpu)}/power/pm_qos_resume_latency_us`),
  absent: 'The limits were not read, or this kernel has none.',
  risk: 'performance',
  caution: 'These CPUs then draw more power when idle, and turbo has less room.',
});
