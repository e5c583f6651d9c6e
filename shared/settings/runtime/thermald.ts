import { quietService } from '../support/service.ts';

export const setting = quietService({
  id: 'runtime.thermald', unit: 'thermald', guides: ['kvm-host', 'bare-metal'],
  title: 'thermald does not run',
  why: 'It lowers frequencies by itself.',
  source: 'Real-time KVM talk, “Doctor, it hurts when I …”',
  price: 'the firmware’s own protection stays',
});
