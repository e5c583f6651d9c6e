import { poolKinds, type Claim, type CpuMapRequest, type PoolKind } from '../../shared/model/cpu-map.ts';
import { formatCpuList, parseCpuList } from '../../shared/parsers/cpu-list.ts';

/** A number of CPUs and a node, as typed; an empty count asks for none. */
export interface ClaimFields { readonly count: string; readonly node: string }
/** `key` tells rows apart while names are being typed; `name` is the one the map knows, `typed` what stands in the field. */
export interface VmFields extends ClaimFields { readonly key: number; readonly name: string; readonly typed: string }
export interface CpuMapForm { readonly housekeeping: string; readonly vms: readonly VmFields[]; readonly pools: Readonly<Record<PoolKind, ClaimFields>> }

export interface CpuMapFormProblem { readonly field: string; readonly message: string }
export type CpuMapFormReading = { readonly ok: true; readonly request: CpuMapRequest } | { readonly ok: false; readonly problems: readonly CpuMapFormProblem[] };

const noClaim = (node: number): ClaimFields => ({ count: '', node: String(node) });
const claimFields = (claim: Claim | null, node: number): ClaimFields => (claim === null ? noClaim(node) : { count: String(claim.count), node: String(claim.node) });

/** `firstNode` stands where nothing is asked for. */
export function formOfRequest(request: CpuMapRequest, firstNode: number): CpuMapForm {
  return {
    housekeeping: formatCpuList(request.housekeeping),
    vms: request.vms.map(({ name, count, node }, key) => ({ key, name, typed: name, count: String(count), node: String(node) })),
    pools: { emulator: claimFields(request.emulator, firstNode), ioThreads: claimFields(request.ioThreads, firstNode), measuring: claimFields(request.measuring, firstNode), stressor: claimFields(request.stressor, firstNode) },
  };
}

/** A row for one more VM, with a name nobody has. */
export function nextVm({ vms }: CpuMapForm, node: number): VmFields {
  const key = Math.max(-1, ...vms.map((vm) => vm.key)) + 1;
  let name = 'rt';
  for (let number = 2; vms.some((vm) => vm.name === name || vm.typed.trim() === name); number += 1) name = `rt${String(number)}`;
  return { key, name, typed: name, count: '2', node: String(node) };
}

/** What is wrong with a name as typed; null: nothing. The map goes on with the name before until it is good. */
export function nameProblem({ vms }: CpuMapForm, { key, typed }: VmFields): string | null {
  const name = typed.trim();
  if (name === '') return 'Give the VM a name.';
  if (name.length > 100) return 'A name has at most 100 characters.';
  return vms.some((other) => other.key !== key && (other.name === name || other.typed.trim() === name)) ? `Another VM is called ${name}.` : null;
}

/** What is asked for, or what is wrong with it, by field: `housekeeping`, `vm KEY`, or the pool. */
export function readCpuMapForm(form: CpuMapForm, highestCpu: number): CpuMapFormReading {
  const problems: CpuMapFormProblem[] = [];
  const housekeeping = parseCpuList(form.housekeeping, { highest: highestCpu });
  if (!housekeeping.ok) problems.push({ field: 'housekeeping', message: housekeeping.error.message });
  const claimOf = (fields: ClaimFields, field: string): Claim => {
    const [count, node] = [wholeNumber(fields.count), wholeNumber(fields.node)];
    if (count === null || count < 1 || count > 8192 || node === null) problems.push({ field, message: 'Write how many CPUs: a whole number, at least 1.' });
    return { count: count ?? 0, node: node ?? 0 };
  };
  const vms = form.vms.map((vm) => {
    const wrong = nameProblem(form, vm);
    if (wrong !== null) problems.push({ field: `vm ${String(vm.key)}`, message: wrong });
    return { name: vm.name, ...claimOf(vm, `vm ${String(vm.key)}`) };
  });
  const pools: Record<PoolKind, Claim | null> = { emulator: null, ioThreads: null, measuring: null, stressor: null };
  for (const kind of poolKinds) if (form.pools[kind].count.trim() !== '') pools[kind] = claimOf(form.pools[kind], kind);
  if (problems.length > 0 || !housekeeping.ok) return { ok: false, problems };
  return { ok: true, request: { housekeeping: housekeeping.value, vms, ...pools } };
}

const wholeNumber = (text: string): number | null => (/^\d{1,5}$/.test(text.trim()) ? Number(text.trim()) : null);
