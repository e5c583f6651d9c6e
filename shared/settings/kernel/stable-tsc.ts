import { kernelMessages } from '../../parsers/snapshot/read.ts';
import { effectiveOnly, lines, noStates, type Setting } from '../setting.ts';

const advice = {
  vm: 'On its host: the CPU passed through (host-passthrough, migratable off, invtsc), and the clock of the host itself on tsc.',
  board: 'Use hardware with a stable counter. Where only the check is wrong, tsc=reliable switches it off; a firmware update may put counters right that differ at the start.',
} as const;

export const setting: Setting = {
  id: 'kernel.stable-tsc', layer: 'host kernel', title: 'Time-stamp counter is stable', guides: ['kvm-host', 'kvm-guest', 'bare-metal', 'acrn-rtvm'],
  why: 'A counter that changes its pace, stops or differs between CPUs is given up by the kernel, in the middle of the work: all CPUs stop for it, and every reading of the time is slow from then on.',
  source: 'Real-time KVM talk, “Doctor, it hurts when I …” (clocksource change from TSC; use hardware with stable TSC)',
  assess: ({ snapshot: { cpus, clock, virtualisation }, capture }) => {
    const constant = cpus.flags.includes('constant_tsc');
    const nonstop = cpus.flags.includes('nonstop_tsc');
    const bad = kernelMessages(capture).find((line) => /Marking TSC unstable|Marking clocksource 'tsc[^']*' as unstable|TSC found unstable/.test(line));
    const fix = advice[virtualisation.kind === 'vm' ? 'vm' : 'board'];
    const states = { ...noStates, requested: 'constant, never stops', effective: cpus.flags.length === 0 ? null : bad ? 'given up' : constant && nonstop ? 'constant, never stops' : constant ? 'constant, stops in deep idle' : 'not constant' };
    const evidence = lines(bad ? `dmesg: ${bad.trim()}` : null, cpus.flags.length === 0 ? null : `/proc/cpuinfo: flags ${['constant_tsc', 'nonstop_tsc', 'tsc_known_freq'].filter((flag) => cpus.flags.includes(flag)).join(' ') || 'without constant_tsc'}`);
    if (cpus.flags.length === 0) return { status: 'unknown', stuckAt: null, states, verdicts: effectiveOnly(null), evidence, message: 'The flags of the processor were not read.', fix: null };
    const found = { states, verdicts: effectiveOnly(false), evidence, fix };
    if (bad) return { ...found, status: 'blocked', stuckAt: 'effective', message: `The kernel has given it up since the start; the clock is ${clock.source ?? 'another'} now.` };
    if (!constant) return { ...found, status: 'blocked', stuckAt: 'effective', message: 'The processor does not say that its counter runs at one pace. A PREEMPT_RT kernel refuses KVM without it.' };
    if (!nonstop) return { ...found, status: 'blocked', stuckAt: 'effective', message: 'The counter stops in deep idle states.' };
    return { ...found, status: 'ok', stuckAt: null, verdicts: effectiveOnly(true), message: 'It runs at one pace, never stops, and nothing was said against it.', fix: null };
  },
  change: ({ snapshot: { virtualisation } }) => ({ refused: 'It is a property of the processor.', next: advice[virtualisation.kind === 'vm' ? 'vm' : 'board'] }),
};
