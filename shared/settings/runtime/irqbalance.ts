import { quietService } from '../support/service.ts';

export const setting = quietService({
  id: 'runtime.irqbalance', unit: 'irqbalance', guides: ['kvm-host', 'kvm-guest', 'bare-metal', 'acrn-rtvm'],
  title: 'irqbalance does not run',
  why: 'It moves interrupts between CPUs and undoes what was set.',
  source: 'tuned realtime profile; Linux Documentation/core-api/irq/irq-affinity.rst',
});
