import { quietService } from '../support/service.ts';

export const setting = quietService({
  id: 'runtime.dnf-makecache-timer', unit: 'dnf-makecache.timer', guides: ['kvm-host', 'kvm-guest', 'bare-metal', 'acrn-rtvm'],
  title: 'No dnf-makecache timer',
  why: 'It fetches package lists at hours of its own.',
  source: 'Practice of long measurements: what changes during a run makes it incomparable',
  price: 'package lists are then updated by hand',
});
