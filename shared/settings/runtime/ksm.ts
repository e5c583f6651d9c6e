import { sysfsValue } from '../support/sysfs-value.ts';

export const setting = sysfsValue({
  id: 'runtime.ksm', guides: ['kvm-host', 'bare-metal'],
  title: 'No merging of equal pages (KSM)',
  why: 'A merged page is copied when it is written: a page fault in the middle of real-time work.',
  source: 'tuned realtime-virtual-host; Intel ECI guide, Real-Time VM Configuration (nosharepages)',
  // 2 ends it and separates what was merged. The kernel starts with 0.
  requested: () => ({ value: '2' }),
  matches: (value) => value === '0' || value === '2',
  paths: () => ['/sys/kernel/mm/ksm/run'],
  byDefault: () => ({ value: '0', evidence: null }),
  absent: 'This kernel has no KSM.',
});
