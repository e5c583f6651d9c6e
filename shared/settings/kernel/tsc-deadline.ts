import { effectiveOnly, lines, noStates, type Setting } from '../setting.ts';

const fix = 'On its host: <feature policy="require" name="tsc-deadline"/> in the VM’s CPU (vm tune writes it), then start the VM again.';

export const setting: Setting = {
  id: 'kernel.tsc-deadline', layer: 'guest kernel', title: 'Timer by TSC deadline', guides: ['kvm-guest'],
  why: 'A timer of the guest is then one write, which KVM handles without the emulator and fires ahead of time; else it is counted down in steps.',
  source: 'Intel ECI guide, Real-Time VM Configuration (tsc-deadline); Real-time KVM talk, kernel changes (advance of the TSC deadline timer)',
  assess: ({ snapshot: { cpus } }) => {
    const has = cpus.flags.includes('tsc_deadline_timer');
    const told = cpus.flags.length > 0;
    const common = {
      states: { ...noStates, requested: 'offered', effective: !told ? null : has ? 'offered' : 'not offered' }, verdicts: effectiveOnly(told ? has : null),
      evidence: lines(told ? `/proc/cpuinfo: flags ${has ? '… tsc_deadline_timer …' : 'without tsc_deadline_timer'}` : null),
    };
    if (!told) return { ...common, status: 'unknown', stuckAt: null, message: 'The flags of the processor were not read.', fix: null };
    return has ? { ...common, status: 'ok', stuckAt: null, message: 'The VM has it.', fix: null } : { ...common, status: 'blocked', stuckAt: 'effective', message: 'The VM’s processor does not offer it.', fix };
  },
  change: () => ({ refused: 'The processor of a VM is set on its host.', next: fix }),
};
