import { moduleParameter } from '../support/module-parameter.ts';

export const setting = moduleParameter({
  id: 'hypervisor.ple-gap', module: 'kvm_intel', parameter: 'ple_gap', value: '0', guides: ['kvm-host'],
  title: 'No pause-loop exits',
  why: 'A spinning vCPU with its own CPU need not leave the guest.',
  source: 'tuned realtime-virtual-host',
});
