import { quietService } from '../support/service.ts';

export const setting = quietService({
  id: 'runtime.power-profiles', unit: 'power-profiles-daemon', guides: ['kvm-host', 'bare-metal'],
  title: 'power-profiles-daemon does not run',
  why: 'It changes the governor and the energy preference.',
  source: 'Real-time KVM talk, “Doctor, it hurts when I …”',
});
