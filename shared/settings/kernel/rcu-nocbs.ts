import { formatCpuList } from '../../parsers/cpu-list.ts';
import { kernelParameter } from '../support/kernel-parameter.ts';

export const setting = kernelParameter({
  id: 'kernel.rcu-nocbs', parameter: 'rcu_nocbs', guides: ['kvm-host', 'kvm-guest', 'bare-metal', 'acrn-rtvm'],
  title: 'RCU callbacks off isolated CPUs',
  why: 'Clean-up work of the kernel (RCU callbacks) otherwise runs on the CPU that caused it.',
  source: 'Intel ECI guide, Host Configuration: Linux Kernel',
  requested: ({ isolated }) => (isolated.length === 0 ? { notAskedFor: 'This board has no CPU to isolate.' } : { value: formatCpuList(isolated) }),
});
