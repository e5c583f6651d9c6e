import { quietService } from '../support/service.ts';

export const setting = quietService({
  id: 'runtime.fwupd-refresh-timer', unit: 'fwupd-refresh.timer', guides: ['kvm-host', 'kvm-guest', 'bare-metal', 'acrn-rtvm'],
  title: 'No fwupd-refresh timer',
  why: 'It fetches lists of firmware at hours of its own.',
  source: 'Practice of long measurements: what changes during a run makes it incomparable',
  price: 'lists of firmware are then updated by hand',
});
