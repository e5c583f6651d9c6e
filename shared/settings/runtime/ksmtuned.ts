import { quietService } from '../support/service.ts';

export const setting = quietService({
  id: 'runtime.ksmtuned', unit: 'ksmtuned', guides: ['kvm-host'],
  title: 'ksmtuned does not run',
  why: 'It switches page merging on again.',
  source: 'tuned realtime-virtual-host',
});
