import { lines, noVerdicts, verdictOf, type Setting } from '../setting.ts';

export const setting: Setting = {
  id: 'kernel.realtime', layer: 'host kernel', guides: ['kvm-host', 'kvm-guest', 'bare-metal', 'acrn-rtvm'],
  title: 'Real-time kernel',
  why: 'Only a PREEMPT_RT kernel can be preempted nearly everywhere; others have sections of milliseconds that nothing interrupts.',
  source: 'Real-time KVM talk, PREEMPT_RT kernel changes; Intel ECI guide, Host Configuration: Linux Kernel',
  assess: ({ snapshot: { kernel, tools } }) => {
    const states = { requested: 'PREEMPT_RT', written: null, booted: kernel.release, effective: kernel.realtime === null ? null : kernel.realtime ? 'PREEMPT_RT' : kernel.preemption ?? 'not PREEMPT_RT' };
    const verdicts = { ...noVerdicts, booted: verdictOf(kernel.realtime), effective: verdictOf(kernel.realtime) };
    const evidence = lines(kernel.realtimeEvidence);
    if (kernel.realtime === null) return { status: 'unknown', stuckAt: null, states, verdicts, evidence, message: 'It cannot be told whether this kernel is a real-time kernel.', fix: null };
    if (kernel.realtime) return { status: 'ok', stuckAt: null, states, verdicts, evidence, message: `${kernel.release ?? 'The running kernel'} is a real-time kernel.`, fix: null };
    const installed = tools.find(({ name }) => /^(?:linux-image.*-rt|linux-intel-rt|kernel-rt)/.test(name));
    return {
      status: 'change', stuckAt: installed ? 'booted' : 'written', states, verdicts, evidence,
      message: installed ? `${installed.name} is installed, but ${kernel.release ?? 'another kernel'} is running.` : `${kernel.release ?? 'The running kernel'} is not a real-time kernel.`,
      fix: installed ? 'Make the real-time kernel the default of the boot loader and start the board again.' : 'Install it: linux-image-rt-amd64 (Debian), pro enable realtime-kernel (Ubuntu Pro), kernel-rt (RHEL), linux-intel-rt (ECI).',
    };
  },
};
