import { kernelParameter } from '../support/kernel-parameter.ts';

export const setting = kernelParameter({
  id: 'kernel.mce', parameter: 'mce', guides: ['kvm-host', 'kvm-guest', 'bare-metal', 'acrn-rtvm'],
  title: 'No polling for corrected errors',
  why: 'The machine-check code polls every CPU now and then; ignore_ce stops that and still reports real errors, which mce=off does not.',
  source: 'ACRN Real-Time VM Performance Tips; Intel ECI guide, Host Configuration: Linux Kernel',
  requested: () => ({ value: 'ignore_ce' }),
  alsoGood: (value) => value === 'off',
});
