import { quietService } from '../support/service.ts';

export const setting = quietService({
  id: 'runtime.fstrim-timer', unit: 'fstrim.timer', guides: ['kvm-host', 'kvm-guest', 'bare-metal', 'acrn-rtvm'],
  title: 'No fstrim timer',
  why: 'It sends the disk a long command that other writes wait for.',
  source: 'Practice of long measurements: what changes during a run makes it incomparable',
  price: 'trimming then has to be planned',
});
