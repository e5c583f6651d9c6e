import type { CpuMapRequest, CpuMapWish } from '../../../../shared/model/cpu-map.ts';

/** What a map asks for, and CPUs for one VM more; with an emulator's CPU on its node where none was asked for. */
export function wishWith(request: CpuMapRequest | null, vm: { readonly name: string; readonly count: number; readonly node: number }): CpuMapWish {
  const base: CpuMapWish = request ?? { housekeeping: null, vms: [], emulator: null, ioThreads: null, measuring: null, stressor: null };
  return { ...base, vms: [...base.vms.filter(({ name }) => name !== vm.name), { ...vm }], emulator: base.emulator ?? { count: 1, node: vm.node } };
}
