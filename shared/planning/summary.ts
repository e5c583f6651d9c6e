import type { Snapshot } from '../model/snapshot.ts';

/** One line that tells boards apart: processor, distribution, kernel kind, size. Unknown parts are left out. */
export function summaryOf(snapshot: Snapshot): string {
  const { cpus, kernel, distribution, virtualisation, numaNodes } = snapshot;
  const nodes = numaNodes.length > 1 ? `, ${numaNodes.length} nodes` : '';
  const parts = [
    cpus.model,
    distribution.name,
    kernel.release,
    kernel.realtime === null ? null : kernel.realtime ? 'PREEMPT_RT' : 'not real-time',
    cpus.online.length > 0 ? `${cpus.online.length} CPU${cpus.online.length === 1 ? '' : 's'}${nodes}` : null,
    virtualisation.kind === 'vm' ? `virtual machine${virtualisation.name ? ` (${virtualisation.name})` : ''}` : virtualisation.kind === 'container' ? 'container' : null,
  ];
  return parts.filter((part) => part !== null).join(' · ');
}
