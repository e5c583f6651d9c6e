import type { VmFields } from '../../forms/cpu-map-form.ts';
import type { ClaimantChoice } from '../../../shared/planning/cpu-map-edit.ts';
import { claimantSigns } from '../../topology/claimant-sign.ts';

export const fixedBrushes = ['housekeeping', 'emulator', 'ioThreads', 'measuring', 'stressor', 'idle', 'free'] as const;

/** Whom the next CPU is given to: `vm KEY`, another claimant, or `free` for nobody. */
export type Brush = `vm ${number}` | (typeof fixedBrushes)[number];

export const vmBrush = ({ key }: Pick<VmFields, 'key'>): Brush => `vm ${key}`;

/** The claimant a brush stands for; undefined: its VM is gone. */
export function choiceOf(brush: Brush, vms: readonly VmFields[]): ClaimantChoice | undefined {
  const fixed = fixedBrushes.find((one) => one === brush);
  if (fixed === 'free') return null;
  if (fixed !== undefined) return { kind: fixed };
  const vm = vms.find((one) => vmBrush(one) === brush);
  return vm && { kind: 'vcpu', vm: vm.name };
}

/** The brush a key stands for on a CPU: the letter of a claimant, the number of a VM, Delete or Backspace for nobody. */
export function brushOfKey(key: string, vms: readonly VmFields[]): Brush | null {
  if (key === 'Delete' || key === 'Backspace') return 'free';
  if (/^[1-9]$/.test(key)) {
    const vm = vms[Number(key) - 1];
    return vm ? vmBrush(vm) : null;
  }
  return fixedBrushes.find((one) => claimantSigns[one].letter !== '' && claimantSigns[one].letter === key.toUpperCase()) ?? null;
}
