import type { Vm, VmCheck, VmHost, VmThread } from '../../../model/vm.ts';
import type { VmMap } from '../../../model/vm-map.ts';
import type { HostCapabilities } from '../host-capabilities.ts';
import type { XmlElement } from '../xml/xml-tree.ts';

/** A running VM with everything its proof needs. */
export interface Subject {
  readonly vm: Vm;
  readonly host: VmHost;
  readonly map: VmMap | null;
  /** What it was started with. */
  readonly running: XmlElement;
  readonly capabilities: HostCapabilities | null;
}

type About = Pick<VmCheck, 'id' | 'title'>;
type Said = Pick<VmCheck, 'message'> & Partial<Pick<VmCheck, 'evidence'>>;

export const good = (about: About, { message, evidence = [] }: Said): VmCheck => ({ ...about, verdict: 'ok', message, evidence, fix: null });
export const wrong = (about: About, { message, evidence = [] }: Said, fix: string): VmCheck => ({ ...about, verdict: 'wrong', message, evidence, fix });
export const unknown = (about: About, { message, evidence = [] }: Said, fix: string): VmCheck => ({ ...about, verdict: 'unknown', message, evidence, fix });
export const notAsked = (about: About, { message, evidence = [] }: Said): VmCheck => ({ ...about, verdict: 'not-applicable', message, evidence, fix: null });

export const readAsRoot = 'Read the host again as root: threads of other users are not shown to everybody.';
export const tuneAndRestart = 'Tune the VM by its map, then shut it down and start it again: a definition takes effect with the next start.';

export const vcpuThreadsOf = (vm: Vm): Array<VmThread & { vcpu: number }> => vm.threads.flatMap((thread) => (thread.role === 'vcpu' && thread.vcpu !== null ? [{ ...thread, vcpu: thread.vcpu }] : []));

/** CPUs that running VMs have for themselves: those of vCPUs that may run nowhere else. */
export const ownCpusOf = (vms: readonly Vm[]): Set<number> => new Set(vms.flatMap(vcpuThreadsOf).flatMap(({ cpus }) => (cpus?.length === 1 ? cpus : [])));

export const overlap = (a: readonly number[], b: Iterable<number>): number[] => {
  const other = new Set(b);
  return a.filter((value) => other.has(value));
};

export const isRealTime = ({ policy }: Pick<VmThread, 'policy'>): boolean => policy === 'fifo' || policy === 'rr';
export const policyWords = ({ policy, priority }: { policy: string; priority: number }): string => (policy === 'fifo' || policy === 'rr' ? `${policy.toUpperCase()} ${priority}` : policy === 'other' ? 'ordinary scheduling' : policy);

const mostLines = 25;
export const shortened = (lines: readonly string[]): string[] => (lines.length <= mostLines ? [...lines] : [...lines.slice(0, mostLines), `and ${lines.length - mostLines} more`]);
