import { quietService } from '../support/service.ts';

export const setting = quietService({
  id: 'runtime.e2scrub-all-timer', unit: 'e2scrub_all.timer', guides: ['kvm-host', 'kvm-guest', 'bare-metal', 'acrn-rtvm'],
  title: 'No e2scrub_all timer',
  why: 'It checks file systems at hours of its own.',
  source: 'Practice of long measurements: what changes during a run makes it incomparable',
  price: 'checks of file systems then have to be planned',
});
