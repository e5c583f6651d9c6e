import { toldBy } from '../../parsers/snapshot/probe-version.ts';
import { effectiveOnly, lines, noStates, notApplicable, type Setting } from '../setting.ts';

const path = '/proc/sys/kernel/modules_disabled';
const fix = 'Before a run: plug nothing in, mount nothing new, load what is needed (modprobe). For good until the next start: sysctl -w kernel.modules_disabled=1, once everything is loaded.';

export const setting: Setting = {
  id: 'runtime.modules-fixed', layer: 'host runtime', title: 'No module comes or goes during a run', guides: ['kvm-host', 'kvm-guest', 'bare-metal', 'acrn-rtvm'],
  why: 'Loading or unloading a module patches the running kernel: all CPUs are interrupted, isolated ones too, for as long as it takes.',
  source: 'Real-time KVM talk, “Doctor, it hurts when I …” (loading & unloading kernel modules)',
  assess: ({ capture, snapshot }) => {
    const value = capture.value(path);
    if (snapshot.kernel.config['CONFIG_MODULES'] === 'n') return { status: 'ok', stuckAt: null, states: { ...noStates, requested: 'none', effective: 'no modules' }, verdicts: effectiveOnly(true), evidence: ['CONFIG_MODULES is not set'], message: 'This kernel has no modules.', fix: null };
    if (value === '1') return { status: 'ok', stuckAt: null, states: { ...noStates, requested: 'none', effective: 'forbidden' }, verdicts: effectiveOnly(true), evidence: lines(capture.evidence(path)), message: 'No module can be loaded until the next start.', fix: null };
    if (value === null && toldBy(capture, 2)) return notApplicable('This kernel shows no kernel.modules_disabled.');
    return {
      status: value === null ? 'unknown' : 'manual', stuckAt: null, states: { ...noStates, requested: 'none', effective: value === null ? null : 'possible' }, verdicts: effectiveOnly(null), evidence: lines(capture.evidence(path)),
      message: value === null ? 'Whether modules may be loaded was not read: this reading was taken with an older probe, or was cut off.' : 'A device that is plugged in or a first mount loads modules at any time.', fix: value === null ? null : fix,
    };
  },
  change: () => ({ refused: 'kernel.modules_disabled cannot be taken back before the next start, so that nothing of ours could be undone.', next: fix }),
};
