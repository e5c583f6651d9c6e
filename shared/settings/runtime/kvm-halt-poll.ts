import { moduleParameter } from '../support/module-parameter.ts';

export const setting = moduleParameter({
  id: 'hypervisor.halt-poll', module: 'kvm', parameter: 'halt_poll_ns', value: '0', byDefault: '200000', writable: true, guides: ['kvm-host'],
  title: 'No halt polling on the host',
  why: 'Polling keeps a host CPU busy after a vCPU went idle; guests with idle=poll never halt anyway.',
  source: 'tuned realtime-virtual-host',
});
