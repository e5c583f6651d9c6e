import { quietService } from '../support/service.ts';

export const setting = quietService({
  id: 'runtime.unattended-upgrades', unit: 'unattended-upgrades', guides: ['kvm-host', 'kvm-guest', 'bare-metal', 'acrn-rtvm'],
  title: 'No unattended upgrades',
  why: 'An upgrade at night loads the disk, restarts services and can change the kernel under a long run.',
  source: 'Practice of long measurements: what changes during a run makes it incomparable',
  price: 'security updates then have to be planned',
});
