import { liveValue } from '../support/live-value.ts';

export const setting = liveValue({
  id: 'runtime.swap', guides: ['kvm-host', 'kvm-guest', 'bare-metal', 'acrn-rtvm'],
  title: 'Swap off',
  why: 'Memory of a real-time task that was swapped out costs milliseconds when it is touched.',
  source: 'Real-time KVM talk, “Doctor, it hurts when I …”',
  requested: () => ({ value: 'off' }),
  live: ({ snapshot: { memory }, capture }) => ({
    value: memory.swapBytes === null ? null : memory.swapBytes === 0 ? 'off' : `${Math.round(memory.swapBytes / 2 ** 20)} MiB`,
    evidence: capture.evidence('/proc/swaps', /^\//) ?? capture.evidence('/proc/meminfo', /^SwapTotal/),
  }),
  absent: 'It was not read.',
  fix: () => 'swapoff -a now, and take the swap line out of /etc/fstab (or mask the swap unit).',
  change: () => ({ refused: 'Turning swap off needs as much free memory as is swapped out, and a person’s look at /etc/fstab.', next: 'swapoff -a now, and take the swap line out of /etc/fstab (or mask the swap unit).' }),
});
