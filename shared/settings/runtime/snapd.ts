import { quietService } from '../support/service.ts';

export const setting = quietService({
  id: 'runtime.snapd', unit: 'snapd', startedBy: ['snapd.socket'], guides: ['kvm-host', 'kvm-guest', 'bare-metal', 'acrn-rtvm'],
  title: 'snapd does not run',
  why: 'It refreshes packages by itself, at any time.',
  source: 'Practice of long measurements: what changes during a run makes it incomparable',
  price: 'snap packages are then not updated',
});
