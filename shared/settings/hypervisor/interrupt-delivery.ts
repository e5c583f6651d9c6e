import { effectiveOnly, lines, noStates, notApplicable, type BoardView, type Setting } from '../setting.ts';
import { moduleParameter } from '../support/module-parameter.ts';

const id = 'hypervisor.interrupt-delivery';
const title = 'Interrupts reach guests without an exit';
const why = 'An interrupt that makes the guest leave and enter again costs microseconds, twice with the end-of-interrupt. Patches of 2012 (KVM_SET_SLAVE_CPU, direct interrupts, direct EOI, direct local APIC timer) gave a CPU to the guest for that; today the processor does it: virtual APIC (APICv, AVIC), interrupts of devices posted by the IOMMU, x2APIC.';
const source = 'Improvement of Real-time Performance of KVM (Hitachi); Linux arch/x86/kvm/vmx, arch/x86/kvm/svm/avic.c; Intel VT-d specification, Capability Register (PI)';
const guides = ['kvm-host'] as const;

interface Kind { readonly module: 'kvm_intel' | 'kvm_amd'; readonly parameter: 'enable_apicv' | 'avic'; readonly name: string; readonly value: string }
const kinds: readonly Kind[] = [
  { module: 'kvm_intel', parameter: 'enable_apicv', name: 'APICv', value: 'Y' },
  { module: 'kvm_amd', parameter: 'avic', name: 'AVIC', value: '1' },
];

export const setting: Setting = {
  id, layer: 'hypervisor', title, why, source, guides, order: 130,
  assess: (board) => {
    const kind = kindOf(board);
    if (kind === null) return notApplicable('KVM’s module for this processor is not there to be asked.');
    const { capture, snapshot: { cpus } } = board;
    const path = `/sys/module/${kind.module}/parameters/${kind.parameter}`;
    const on = isOn(capture.value(path));
    const can = canDo(board, kind);
    const posted = postedInterrupts(board);
    const x2apic = cpus.flags.includes('x2apic');
    const parts = [`${kind.name} ${on ? 'on' : 'off'}`, ...(kind.module === 'kvm_amd' && on && x2apic && !cpus.flags.includes('x2avic') ? ['not for guests in x2APIC mode (no x2AVIC)'] : []),
      `interrupts of passed-through devices ${posted.value === null ? 'posted: not known' : posted.value ? 'posted' : 'not posted'}`, `x2APIC ${x2apic ? 'there' : 'absent'}`];
    const found = {
      states: { ...noStates, requested: `${kind.name} on`, effective: parts.join('; ') }, verdicts: effectiveOnly(on ? true : can === true ? false : null),
      evidence: lines(capture.evidence(path), posted.evidence, `/proc/cpuinfo: flags ${x2apic ? '… x2apic …' : 'without x2apic'}`),
    };
    if (on) return { ...found, status: 'ok', stuckAt: null, message: `${parts.join('; ')}.`, fix: null };
    if (can === true) return { ...found, status: 'change', stuckAt: 'effective', message: `The processor can, and ${kind.name} is off: every interrupt of a guest costs an exit.`, fix: `options ${kind.module} ${kind.parameter}=1 in a file of /etc/modprobe.d/, then load the module again or restart.` };
    return { ...found, status: 'ok', stuckAt: null, message: `${kind.name} is off${can === null ? '' : ', as this processor does not have it'}: an interrupt of a guest costs an exit, some microseconds. ${parts.slice(1).join('; ')}.`, fix: null };
  },
  change: (board) => {
    const kind = kindOf(board);
    if (kind === null || canDo(board, kind) !== true) return { refused: 'This processor does not have it, as far as its flags tell.', next: 'Nothing is to be done.' };
    return moduleParameter({ id, title, why, source, guides, module: kind.module, parameter: kind.parameter, value: kind.value, matches: (value) => isOn(value) }).change?.(board)
      ?? { refused: 'No change of ours makes it.', next: `options ${kind.module} ${kind.parameter}=1 in /etc/modprobe.d/.` };
  },
};

const isOn = (value: string | null) => value === 'Y' || value === '1';

const kindOf = ({ capture }: BoardView): Kind | null => kinds.find(({ module, parameter }) => capture.value(`/sys/module/${module}/parameters/${parameter}`) !== null) ?? null;

/** Whether the processor has it; null: not told. Linux from 5.10 lists what VMX can do. */
function canDo({ capture, snapshot: { cpus } }: BoardView, { module }: Kind): boolean | null {
  if (module === 'kvm_amd') return cpus.flags.length === 0 ? null : cpus.flags.includes('avic');
  const line = capture.lines('/proc/cpuinfo')?.find((candidate) => /^vmx flags\s*:/.test(candidate));
  return line === undefined ? null : /\s(?:apicv|vid)(?:\s|$)/.test(line);
}

/** Bit 59 of VT-d’s capability register; AMD’s IOMMUs post through their guest virtual APIC tables (GA, bit 7 of the features). */
function postedInterrupts({ capture }: BoardView): { value: boolean | null; evidence: string | null } {
  const intel = capture.paths(/^\/sys\/class\/iommu\/[^/]+\/intel-iommu\/cap$/);
  const amd = capture.paths(/^\/sys\/class\/iommu\/[^/]+\/amd-iommu\/features$/);
  const has = (path: string, bit: bigint) => /^[0-9a-f]{1,16}$/i.test(capture.value(path) ?? '') && ((BigInt(`0x${capture.value(path) ?? '0'}`) >> bit) & 1n) === 1n;
  const first = intel[0] ?? amd[0];
  if (first === undefined) return { value: null, evidence: null };
  return { value: intel.length > 0 ? intel.every((path) => has(path, 59n)) : amd.every((path) => has(path, 7n)), evidence: capture.evidence(first) };
}
