import { moduleParameter } from '../support/module-parameter.ts';

export const setting = moduleParameter({
  id: 'hypervisor.nx-huge-pages', module: 'kvm', parameter: 'nx_huge_pages', value: 'N', writable: true, risk: 'security', guides: ['kvm-host'],
  title: 'No splitting of huge pages',
  why: 'The protection against iTLB multihit splits huge pages when a guest executes from them, and a thread joins them again.',
  caution: 'A guest that may run code of others can then stop the host, on processors with iTLB multihit.',
  source: 'ACRN Real-Time VM Performance Tips (Machine Check Error on Page Size Change)',
  matches: (value) => ['N', 'off', 'never'].includes(value),
});
