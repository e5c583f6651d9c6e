import { liveValue } from '../support/live-value.ts';

export const setting = liveValue({
  id: 'runtime.ksm', guides: ['kvm-host', 'bare-metal'],
  title: 'No merging of equal pages (KSM)',
  why: 'A merged page is copied when it is written: a page fault in the middle of real-time work.',
  source: 'tuned realtime-virtual-host; Intel ECI guide, Real-Time VM Configuration (nosharepages)',
  requested: () => ({ value: '0' }),
  matches: (value) => value === '0' || value === '2',
  live: ({ capture }) => ({ value: capture.value('/sys/kernel/mm/ksm/run'), evidence: capture.evidence('/sys/kernel/mm/ksm/run') }),
  absent: 'This kernel has no KSM.',
  fix: () => 'echo 2 > /sys/kernel/mm/ksm/run ends it and separates what was merged; a tmpfiles.d line does so at every start.',
});
