import { quietService } from '../support/service.ts';

export const setting = quietService({
  id: 'runtime.apt-daily-upgrade-timer', unit: 'apt-daily-upgrade.timer', guides: ['kvm-host', 'kvm-guest', 'bare-metal', 'acrn-rtvm'],
  title: 'No apt-daily-upgrade timer',
  why: 'It upgrades packages at hours of its own.',
  source: 'Practice of long measurements: what changes during a run makes it incomparable',
  price: 'security updates then have to be planned',
});
