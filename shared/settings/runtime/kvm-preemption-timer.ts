import { moduleParameter } from '../support/module-parameter.ts';

export const setting = moduleParameter({
  id: 'hypervisor.preemption-timer', module: 'kvm_intel', parameter: 'preemption_timer', value: 'Y', guides: ['kvm-host'],
  title: 'Timers of guests by the VMX preemption timer',
  why: 'Without it a guest’s timer is a timer of the host, with an interrupt and an exit of its own.',
  source: 'Linux arch/x86/kvm/vmx',
});
