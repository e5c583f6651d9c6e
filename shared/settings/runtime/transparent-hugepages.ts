import { bracketed } from '../../parsers/snapshot/read.ts';
import { sysfsValue } from '../support/sysfs-value.ts';

export const setting = sysfsValue({
  id: 'runtime.transparent-hugepages', guides: ['kvm-host', 'kvm-guest', 'bare-metal', 'acrn-rtvm'],
  title: 'Transparent huge pages off',
  why: 'Joining and splitting pages stops the task that owns them; khugepaged scans memory to find more.',
  source: 'Linux Documentation/admin-guide/mm/transhuge.rst; tuned realtime-virtual-host',
  requested: () => ({ value: 'never' }),
  paths: () => ['/sys/kernel/mm/transparent_hugepage/enabled'],
  shown: (text) => bracketed(text) ?? text,
  readsAs: (written, now) => [now.replace(/[[\]]/g, '').replace(written, `[${written}]`)],
  byDefault: ({ pending }) => {
    const word = pending?.findLast(({ name }) => name === 'transparent_hugepage');
    return word?.value === undefined ? null : { value: word.value, evidence: `command line: ${word.text}` };
  },
  absent: 'This kernel has none; PREEMPT_RT kernels are built without them.',
});
