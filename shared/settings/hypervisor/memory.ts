import type { VmDefinition } from '../../model/snapshot.ts';
import { lines, noStates, noVerdicts, notApplicable, verdictOf, type Setting } from '../setting.ts';
import { olderProbe } from '../support/libvirt-host.ts';

/** What the host and the emulators take beside the memory of the VMs. Source: libvirt, Domain XML format, memtune (on locked memory). */
const hostBytes = 2 ** 30;
const gib = (bytes: number) => `${(bytes / 2 ** 30).toFixed(1)} GiB`;

export const setting: Setting = {
  id: 'hypervisor.memory', layer: 'hypervisor', title: 'Memory for all VMs at once', order: 120, guides: ['kvm-host'],
  why: 'Memory that is promised twice is swapped or taken from somebody: a page fault in the middle of real-time work costs milliseconds.',
  source: 'Real-time KVM talk, “Doctor, it hurts when I …” (run with enough memory)',
  assess: ({ snapshot: { libvirt, memory }, capture }) => {
    if (!libvirt) return olderProbe('fits');
    const total = memory.totalBytes;
    if (libvirt.definitions.length === 0) {
      const hidden = capture.refused.some(({ path }) => path.startsWith('/etc/libvirt/qemu'));
      return hidden ? { ...olderProbe('fits'), message: 'The definitions of VMs are readable by root only.' } : notApplicable('No VM is defined here.');
    }
    if (total === null) return { ...olderProbe('fits'), message: 'How much memory the board has was not read.' };
    // Huge pages are set aside for whoever uses them: the VMs on them take nothing of the rest.
    const kept = memory.hugepages.reduce((sum, page) => sum + page.total * page.sizeKb * 1024, 0);
    const room = total - kept - hostBytes;
    const taken = (definitions: readonly VmDefinition[]) => definitions.reduce((sum, { memoryBytes, hugepages }) => sum + (hugepages ? 0 : memoryBytes ?? 0), 0);
    const [next, now] = [taken(libvirt.definitions.filter(({ running, autostart }) => !running && autostart)), taken(libvirt.definitions.filter(({ running }) => running))];
    const text = (bytes: number) => `${gib(bytes)} of ${gib(Math.max(room, 0))}`;
    const found = {
      states: { ...noStates, requested: `at most ${gib(Math.max(room, 0))}`, written: text(next), booted: text(now), effective: null },
      verdicts: { ...noVerdicts, written: verdictOf(next <= room), booted: verdictOf(now <= room) },
      evidence: lines(capture.evidence('/proc/meminfo', /^MemTotal/), ...libvirt.definitions.filter(({ running, autostart }) => running || autostart).map(({ name, evidence, memoryBytes }) => `${evidence}: ${name}, ${memoryBytes === null ? 'memory not read' : gib(memoryBytes)}`)),
    };
    const fix = 'Give the VMs less memory, start fewer of them, or set aside huge pages for the real-time VM.';
    if (now > room) return { ...found, status: 'change', stuckAt: next > room ? 'written' : 'booted', message: `The VMs that run are promised ${gib(now)}; with huge pages and ${gib(hostBytes)} for the host taken off, there are ${gib(Math.max(room, 0))}.`, fix };
    if (next > room) return { ...found, status: 'change', stuckAt: 'written', message: `The VMs that start with the board are promised ${gib(next)}; there are ${gib(Math.max(room, 0))} for them.`, fix };
    return { ...found, status: 'ok', stuckAt: null, message: `Running: ${text(now)}; starting with the board: ${text(next)}.`, fix: null };
  },
  change: () => ({ refused: 'How much memory a VM needs is for a person to say.', next: 'Change it in the VM’s definition.' }),
};
