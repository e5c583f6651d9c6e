import type { VmDefinition } from '../../model/snapshot.ts';
import { formatCpuList } from '../../parsers/cpu-list.ts';
import { lines, noStates, noVerdicts, notApplicable, verdictOf, type BoardView, type Setting } from '../setting.ts';
import { olderProbe } from '../support/libvirt-host.ts';

/** A CPU that more than one vCPU may run on, and whose they are. */
interface Shared { readonly cpu: number; readonly vcpus: readonly string[] }

export const setting: Setting = {
  id: 'hypervisor.no-overcommit', layer: 'hypervisor', title: 'An isolated CPU serves one vCPU', order: 110, guides: ['kvm-host'],
  why: 'Two vCPUs on one CPU wait for each other; on isolated CPUs nothing moves them apart. The host cannot tell which of them has real-time work.',
  source: 'Real-time KVM talk, Conclusions (“Overcommit is not an option”), KVM & qemu pitfalls',
  assess: (board) => {
    const { libvirt } = board.snapshot;
    const requested = 'one vCPU each';
    if (!libvirt) return olderProbe(requested);
    if (board.isolated.length === 0) return notApplicable('This board has no CPU to isolate.');
    if (libvirt.definitions.length === 0) return hidden(board) ? { ...olderProbe(requested), message: 'The definitions of VMs are readable by root only.' } : notApplicable('No VM is defined here.');
    const next = sharedBy(libvirt.definitions.filter(({ running, autostart }) => !running && autostart), board);
    const now = sharedBy(libvirt.definitions.filter(({ running }) => running), board);
    const anyTime = sharedBy(libvirt.definitions.filter(({ running }) => !running), board).filter(({ cpu }) => ![...next, ...now].some((other) => other.cpu === cpu));
    const found = {
      states: { ...noStates, requested, written: textOf(next), booted: textOf(now), effective: null },
      verdicts: { ...noVerdicts, written: verdictOf(next.length === 0), booted: verdictOf(now.length === 0) },
      evidence: lines(...libvirt.definitions.filter(({ name }) => [...next, ...now].some(({ vcpus }) => vcpus.some((vcpu) => vcpu.startsWith(`${name}/`)))).map(({ evidence, name }) => `${evidence}: vcpupin of ${name}`)),
    };
    const fix = 'Give each vCPU a CPU of its own in the CPU map, tune the VMs by it (vm tune), and start them again.';
    if (now.length > 0) return { ...found, status: 'change', stuckAt: next.length > 0 ? 'written' : 'booted', message: `On one CPU, and running: ${named(now)}.`, fix };
    if (next.length > 0) return { ...found, status: 'change', stuckAt: 'written', message: `On one CPU once the board starts its VMs: ${named(next)}.`, fix };
    return { ...found, status: 'ok', stuckAt: null, message: anyTime.length === 0 ? 'No two vCPUs share an isolated CPU.' : `No two vCPUs share an isolated CPU now. They would if these ran at once: ${named(anyTime)}.`, fix: null };
  },
  change: () => ({ refused: 'Which CPU is whose is decided on the CPU map.', next: 'Give each vCPU a CPU of its own there, then tune the VMs by it.' }),
};

/** A list of several isolated CPUs is none to share: without load balancing every thread stays on the first that it is put on. */
function sharedBy(definitions: readonly VmDefinition[], { isolated }: BoardView): Shared[] {
  return isolated.flatMap((cpu) => {
    const vcpus = definitions.flatMap(({ name, pins }) => pins.filter(({ cpus }) => cpus.includes(cpu)).map(({ vcpu }) => `${name}/${String(vcpu)}`));
    return vcpus.length > 1 ? [{ cpu, vcpus }] : [];
  });
}

const textOf = (shared: readonly Shared[]) => (shared.length === 0 ? 'one vCPU each' : `shared: CPU ${formatCpuList(shared.map(({ cpu }) => cpu))}`);
const named = (shared: readonly Shared[]) => shared.slice(0, 6).map(({ cpu, vcpus }) => `CPU ${String(cpu)} (${vcpus.slice(0, 4).join(', ')})`).join('; ') + (shared.length > 6 ? ` and ${String(shared.length - 6)} more` : '');
const hidden = ({ capture }: BoardView) => capture.refused.some(({ path }) => path.startsWith('/etc/libvirt/qemu') || path.startsWith('/run/libvirt/qemu'));
