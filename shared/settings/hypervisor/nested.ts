import { effectiveOnly, lines, noStates, notApplicable, type BoardView, type Setting } from '../setting.ts';
import { moduleParameter } from '../support/module-parameter.ts';

const id = 'hypervisor.nested';
const title = 'VMs inside VMs';
const why = 'A real-time guest that runs VMs of its own leaves through two hypervisors on every exit. Only offered, and not used, it costs nothing with Intel.';
const source = 'Linux Documentation/virt/kvm/x86/running-nested-guests.rst; arch/x86/kvm/svm (AVIC beside nested guests since 5.19)';
const guides = ['kvm-host'] as const;

const off = { kvm_intel: moduleOff('kvm_intel', 'N'), kvm_amd: moduleOff('kvm_amd', '0') } as const;

export const setting: Setting = {
  id, layer: 'hypervisor', title, why, source, guides, order: 140,
  choice: 'Off is for hosts whose guests must not run VMs, or with AMD and a kernel before 5.19.',
  assess: (board) => {
    const found = loaded(board);
    if (found === null) return notApplicable('KVM’s module for this processor is not there to be asked.');
    const { module, value } = found;
    const on = value === 'Y' || value === '1';
    const costs = on && module === 'kvm_amd' && olderThan519(board.snapshot.kernel.release);
    const common = { states: { ...noStates, effective: on ? 'offered' : 'off' }, evidence: lines(board.capture.evidence(`/sys/module/${module}/parameters/nested`)) };
    if (costs) return { ...common, status: 'change', stuckAt: 'effective', verdicts: effectiveOnly(false), message: 'It is offered, and this kernel gives up AVIC for every guest that sees it: its interrupts then cost exits.', fix: 'options kvm_amd nested=0 in a file of /etc/modprobe.d/, then load the module again or restart.' };
    return { ...common, status: 'ok', stuckAt: null, verdicts: effectiveOnly(true), message: on ? 'It is offered. That costs nothing as long as no guest runs a VM.' : 'It is off.', fix: null };
  },
  change: (board) => {
    const found = loaded(board);
    return found === null ? { refused: 'KVM’s module for this processor is not loaded.', next: 'Load it first.' } : off[found.module].change?.(board) ?? { refused: 'No change of ours makes it.', next: 'options … nested=0 in /etc/modprobe.d/.' };
  },
};

function moduleOff(module: 'kvm_intel' | 'kvm_amd', value: string): Setting {
  return moduleParameter({ id, title, why, source, guides, module, parameter: 'nested', value, matches: (found) => found === 'N' || found === '0' });
}

function loaded({ capture }: BoardView): { module: 'kvm_intel' | 'kvm_amd'; value: string } | null {
  for (const module of ['kvm_intel', 'kvm_amd'] as const) {
    const value = capture.value(`/sys/module/${module}/parameters/nested`);
    if (value !== null) return { module, value };
  }
  return null;
}

function olderThan519(release: string | null): boolean {
  const [, major, minor] = /^(\d{1,3})\.(\d{1,3})/.exec(release ?? '') ?? [];
  return major !== undefined && (Number(major) < 5 || (Number(major) === 5 && Number(minor) < 19));
}
