import { quietService } from '../support/service.ts';

export const setting = quietService({
  id: 'runtime.intel-lpmd', unit: 'intel_lpmd', guides: ['kvm-host', 'bare-metal'],
  title: 'intel_lpmd does not run',
  why: 'Intel’s low power mode daemon takes CPUs offline, or forces idle upon them, when the board has little to do. CPU hotplug stops all CPUs.',
  source: 'Real-time KVM talk, “Doctor, it hurts when I …” (CPU hotplug); intel_lpmd(8)',
});
