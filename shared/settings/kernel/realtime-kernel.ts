import { grubMenuOf } from '../../planning/boot/grub-menu.ts';
import { installedRealtimeKernels, isRealtimeRelease } from '../../planning/packages/installed-realtime.ts';
import { lines, noVerdicts, verdictOf, type BoardView, type Finding, type Setting } from '../setting.ts';

export const setting: Setting = {
  id: 'kernel.realtime', layer: 'host kernel', guides: ['kvm-host', 'kvm-guest', 'bare-metal', 'acrn-rtvm'],
  title: 'Real-time kernel',
  why: 'Only a PREEMPT_RT kernel can be preempted nearly everywhere; others have sections of milliseconds that nothing interrupts.',
  source: 'Real-time KVM talk, PREEMPT_RT kernel changes; Intel ECI guide, Host Configuration: Linux Kernel',
  assess: ({ snapshot: { kernel }, capture }) => {
    const next = grubMenuOf(capture)?.standard ?? null;
    const nextGood = next === null || next.release === null ? null : next.release === kernel.release ? kernel.realtime : isRealtimeRelease(next.release);
    const states = { requested: 'PREEMPT_RT', written: next?.release ?? null, booted: kernel.release, effective: kernel.realtime === null ? null : kernel.realtime ? 'PREEMPT_RT' : kernel.preemption ?? 'not PREEMPT_RT' };
    const verdicts = { ...noVerdicts, written: verdictOf(nextGood), booted: verdictOf(kernel.realtime), effective: verdictOf(kernel.realtime) };
    const evidence = lines(kernel.realtimeEvidence, next?.linux);
    const found = { states, verdicts, evidence };
    const running = kernel.release ?? 'The running kernel';
    if (kernel.realtime === null) return { ...found, status: 'unknown', stuckAt: null, message: 'It cannot be told whether this kernel is a real-time kernel.', fix: null };
    if (kernel.realtime && nextGood === false) {
      return { ...found, status: 'change', stuckAt: 'written', message: `${running} is a real-time kernel, but the next start is with ${next?.release ?? 'another'}.`, fix: 'If it has proved good, make it the default of the boot loader.' };
    }
    if (kernel.realtime) return { ...found, status: 'ok', stuckAt: null, message: `${running} is a real-time kernel.`, fix: null };
    return { ...found, ...lacking(capture, running, nextGood === true ? next?.release ?? null : null) };
  },
};

/** Not running: on its way, installed, or not there. */
function lacking(capture: BoardView['capture'], running: string, next: string | null): Pick<Finding, 'status' | 'stuckAt' | 'message' | 'fix'> {
  if (next !== null) return { status: 'change', stuckAt: 'booted', message: `${running} is not a real-time kernel; the next start is with ${next}.`, fix: 'Start the board again.' };
  const installed = installedRealtimeKernels(capture).at(-1);
  return installed === undefined
    ? { status: 'change', stuckAt: 'written', message: `${running} is not a real-time kernel.`, fix: 'Install one: linux-image-rt-amd64 (Debian), ubuntu-realtime (Ubuntu Pro), kernel-rt (RHEL), linux-intel-rt (ECI).' }
    : { status: 'change', stuckAt: 'written', message: `${installed} is installed, but ${running} is running and stays the default.`, fix: 'Try it once, then make it the default of the boot loader.' };
}
