import { ok, type Result } from '../../../contract/result.ts';
import { cpuMapDraftSchema, cpuMapSchema, type Assignment } from '../../../model/cpu-map.ts';
import { isRecord } from './spellings.ts';
import { unreadable } from './unreadable.ts';

/**
 * Of a CPU map of a whole board, what is there for one VM, as a map file has it: of the plan (`vms`), or of the draft that
 * a project keeps (`assignments`). What else the file says stays; anything that is no CPU map is given back as it is.
 */
export function vmOfCpuMap(value: unknown, domainName: string | null): Result<unknown> {
  if (!isRecord(value)) return ok(value);
  const draft = cpuMapDraftSchema.safeParse(value);
  const plan = draft.success ? { ...without(value, ['schema', 'savedAt', 'snapshotId', 'request', 'assignments']), ...planOf(draft.data.assignments) } : value;
  if (!Array.isArray(plan['vms'])) return ok(value);
  const vms = plan['vms'].filter(isRecord);
  const vm = vms.find(({ name }) => name === domainName) ?? (vms.length === 1 ? vms[0] : undefined);
  if (vm === undefined) {
    return unreadable('vms', vms.length === 0 ? 'the CPU map has no VM' : `the CPU map has ${vms.map(({ name }) => String(name)).join(', ')}, and none is called ${domainName ?? 'as the domain'}`, 'Name the VM in the CPU map as the domain is named, or give a map of this VM alone.');
  }
  const given = (cpus: unknown) => (Array.isArray(cpus) && cpus.length === 0 ? undefined : cpus);
  const ofBoard = { emulator: given(plan['emulator']), iothreads: given(plan['ioThreads']), isolated: plan['isolated'] };
  return ok({ ...without(plan, Object.keys(cpuMapSchema.shape)), ...ofBoard, ...without(vm, ['node']) });
}

const without = (value: Record<string, unknown>, keys: readonly string[]) => Object.fromEntries(Object.entries(value).filter(([key]) => !keys.includes(key)));

function planOf(assignments: readonly Assignment[]): Record<string, unknown> {
  const vms = new Map<string, Array<{ vcpu: number; cpu: number }>>();
  for (const { cpu, claimant } of assignments) {
    if (claimant.kind === 'vcpu') vms.set(claimant.vm, [...vms.get(claimant.vm) ?? [], { vcpu: claimant.vcpu, cpu }]);
  }
  const cpusOf = (kind: Assignment['claimant']['kind']) => assignments.filter(({ claimant }) => claimant.kind === kind).map(({ cpu }) => cpu);
  return { vms: [...vms].map(([name, vcpus]) => ({ name, vcpus })), emulator: cpusOf('emulator'), ioThreads: cpusOf('ioThreads') };
}
