import { moduleParameter } from '../support/module-parameter.ts';

export const setting = moduleParameter({
  id: 'hypervisor.nx-huge-pages', module: 'kvm', parameter: 'nx_huge_pages', value: 'N', guides: ['kvm-host'],
  title: 'No splitting of huge pages',
  why: 'The protection against iTLB multihit splits huge pages when a guest executes from them, and a thread joins them again.',
  source: 'ACRN Real-Time VM Performance Tips (Machine Check Error on Page Size Change)',
  matches: (value) => ['N', 'off', 'never'].includes(value),
});
