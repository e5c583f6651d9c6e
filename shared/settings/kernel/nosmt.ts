import { kernelParameter } from '../support/kernel-parameter.ts';

export const setting = kernelParameter({
  id: 'kernel.nosmt', parameter: 'nosmt', guides: ['kvm-host', 'bare-metal'],
  title: 'No hyper-threading',
  why: 'The other thread of a core shares its units and caches and delays it.',
  source: 'Intel ECI guide, Host Configuration: Linux Kernel (as noht, which kernels no longer know)',
  requested: ({ snapshot: { cpus } }) => (cpus.smt.active === false ? { notAskedFor: 'No core has two threads online.' } : { value: null }),
  alsoGood: (value) => value === 'force',
  effect: ({ snapshot: { cpus }, capture }) => ({ value: cpus.smt.active === null ? null : cpus.smt.active ? 'on' : 'off', matches: cpus.smt.active === null ? null : !cpus.smt.active, evidence: capture.evidence('/sys/devices/system/cpu/smt/active') }),
  price: 'It halves the number of CPUs; leaving the siblings of real-time CPUs idle does as well.',
});
