import { lines, noStates, noVerdicts, verdictOf, type BoardView, type Setting } from '../setting.ts';
import { fileStep, header, moduleStep } from '../support/steps.ts';

const id = 'guest.halt-poll';
const title = 'A vCPU does not halt at once';
const why = 'Each time a vCPU halts it leaves the guest, and the host must wake its thread. idle=poll never halts, at 100 % of a host CPU for each vCPU; haltpoll polls for a while in the guest first.';
const module = 'cpuidle_haltpoll';
const fix = 'idle=poll with the kernel plan; or, without its cost, the driver haltpoll: options cpuidle_haltpoll force=Y in /etc/modprobe.d/, cpuidle_haltpoll in /etc/modules-load.d/, modprobe cpuidle_haltpoll.';

export const setting: Setting = {
  id, layer: 'guest runtime', title, why, guides: ['kvm-guest'],
  source: 'Linux Documentation/virt/guest-halt-polling.rst; Real-time KVM talk, priority inversion & starvation (idle=poll)',
  choice: 'haltpoll is for guests that may not take 100 % of their host CPUs; with idle=poll nothing is to be done.',
  assess: ({ snapshot: { idle }, running, pending, capture }) => {
    const polls = (line: BoardView['running']) => line?.findLast(({ name }) => name === 'idle')?.value === 'poll';
    const limit = capture.value('/sys/module/haltpoll/parameters/guest_halt_poll_ns');
    const effective = polls(running) ? 'never halts (idle=poll)' : idle.driver === 'haltpoll' ? `polls first (haltpoll${limit === null ? '' : `, ${limit} ns at most`})` : idle.driver === null ? null : 'halts at once';
    const good = effective === null ? null : effective !== 'halts at once';
    const written = polls(pending) || (capture.lines('/etc/modules-load.d/rtvm-bench-haltpoll.conf')?.includes(module) ?? false);
    const found = {
      states: { ...noStates, requested: 'idle=poll or haltpoll', written: written ? 'asked for' : null, effective }, verdicts: { ...noVerdicts, written: written ? 'good' as const : 'none' as const, effective: verdictOf(good) },
      evidence: lines(capture.evidence('/sys/devices/system/cpu/cpuidle/current_driver'), capture.evidence('/sys/module/haltpoll/parameters/guest_halt_poll_ns')),
    };
    if (good === null) return { ...found, status: 'unknown', stuckAt: null, message: 'What the idle vCPU does was not read.', fix: null };
    return good
      ? { ...found, status: 'ok', stuckAt: null, message: polls(running) ? 'It never halts: each vCPU takes 100 % of its host CPU, idle or not.' : 'It polls in the guest before it halts. Waits longer than that still leave the guest; idle=poll never does, at its cost.', fix: null }
      : { ...found, status: 'manual', stuckAt: null, message: 'It halts at once, and leaves the guest each time.', fix };
  },
  change: ({ running, snapshot: { kernel } }) => {
    if (running?.some(({ name, value }) => name === 'idle' && value === 'poll')) return { refused: 'With idle=poll the kernel takes no idle driver.', next: 'Nothing is to be done.' };
    if (kernel.config['CONFIG_HALTPOLL_CPUIDLE'] === 'n') return { refused: 'This kernel is built without haltpoll.', next: 'Use idle=poll, with the kernel plan.' };
    return {
      steps: [
        fileStep({ id, why }, '/etc/modprobe.d/zz-rtvm-bench-haltpoll.conf', [header(title), `options ${module} force=Y`]),
        fileStep({ id, why }, '/etc/modules-load.d/rtvm-bench-haltpoll.conf', [header(title), module]), moduleStep({ id, why }, module),
      ],
      restart: 'none',
    };
  },
};
