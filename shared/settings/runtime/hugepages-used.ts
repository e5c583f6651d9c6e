import { effectiveOnly, lines, notApplicable, type Setting } from '../setting.ts';

export const setting: Setting = {
  id: 'runtime.hugepages-used', layer: 'host runtime', guides: ['kvm-host'],
  title: 'Huge pages are used, if there are any',
  why: 'Huge pages are taken from the memory at the start; those that no VM uses are lost to everybody.',
  source: 'Intel ECI guide, Host Configuration: Linux Kernel (hugepages=1024 without a VM that uses them)',
  assess: ({ snapshot: { memory } }) => {
    const kept = memory.hugepages.filter(({ total }) => total > 0);
    if (kept.length === 0) return notApplicable('No huge pages are set aside.');
    const text = kept.map(({ sizeKb, total, free }) => `${total} of ${sizeKb >= 1_048_576 ? `${sizeKb / 1_048_576} GiB` : `${sizeKb / 1024} MiB`}, ${free} free`).join('; ');
    const unused = kept.every(({ total, free }) => total === free);
    const evidence = lines(...kept.map(({ sizeKb, total, free }) => `/sys/kernel/mm/hugepages/hugepages-${sizeKb}kB: nr_hugepages ${total}, free_hugepages ${free}`));
    const states = { requested: 'used', written: null, booted: null, effective: text };
    return unused
      ? { status: 'change', stuckAt: 'effective', states, verdicts: effectiveOnly(false), evidence, message: `Set aside and not used: ${text}.`, fix: 'Let the real-time VM use them (memoryBacking hugepages), or take hugepages= out of the command line.' }
      : { status: 'ok', stuckAt: null, states, verdicts: effectiveOnly(true), evidence, message: text, fix: null };
  },
};
