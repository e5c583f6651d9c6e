import { quietService } from '../support/service.ts';

export const setting = quietService({
  id: 'runtime.packagekit', unit: 'packagekit', guides: ['kvm-host', 'kvm-guest', 'bare-metal', 'acrn-rtvm'],
  title: 'PackageKit does not run',
  why: 'It looks for updates by itself, at any time.',
  source: 'Practice of long measurements: what changes during a run makes it incomparable',
  price: 'graphical update programs then do not work',
});
