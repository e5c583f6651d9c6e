import { kernelMessages } from '../../parsers/snapshot/read.ts';
import { toldBy } from '../../parsers/snapshot/probe-version.ts';
import { effectiveOnly, lines, noStates, type Setting } from '../setting.ts';

const fix = 'Find who does it (intel_lpmd, a script of thermal control, chcpu) and let it be done before a run, or not at all; CPUs that are to stay off belong in the command line (nosmt, maxcpus=).';

export const setting: Setting = {
  id: 'runtime.no-cpu-hotplug', layer: 'host runtime', title: 'No CPU goes off or on during a run', guides: ['kvm-host', 'kvm-guest', 'bare-metal', 'acrn-rtvm'],
  why: 'To take a CPU away or bring one in, the kernel stops all of them.',
  source: 'Real-time KVM talk, “Doctor, it hurts when I …” (CPU hotplug)',
  assess: ({ capture, snapshot }) => {
    const requested = 'none since the start';
    const gone = kernelMessages(capture).filter((line) => /CPU \d+ is now offline/.test(line));
    const last = gone.at(-1);
    const evidence = lines(last ? `dmesg: ${last.trim()}` : null, capture.evidence('/sys/devices/system/cpu/online'));
    if (last !== undefined) {
      return { status: 'manual', stuckAt: null, states: { ...noStates, requested, effective: `${String(gone.length)} taken off since the start` }, verdicts: effectiveOnly(false), evidence, message: `CPUs were taken off ${gone.length === 1 ? 'once' : `${String(gone.length)} times`} since the start.`, fix };
    }
    if (!toldBy(capture, 2) || kernelMessages(capture).length === 0 || snapshot.unread.some(({ what }) => what === 'kernel messages of the boot')) {
      return { status: 'unknown', stuckAt: null, states: { ...noStates, requested }, verdicts: effectiveOnly(null), evidence, message: 'The kernel’s messages about it were not read.', fix: null };
    }
    return { status: 'ok', stuckAt: null, states: { ...noStates, requested, effective: requested }, verdicts: effectiveOnly(true), evidence, message: 'No CPU was taken off since the start.', fix: null };
  },
  change: () => ({ refused: 'Who takes CPUs off is not known here.', next: fix }),
};
