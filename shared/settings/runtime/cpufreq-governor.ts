import { liveValue } from '../support/live-value.ts';

export const setting = liveValue({
  id: 'runtime.cpufreq-governor', guides: ['kvm-host', 'bare-metal'],
  title: 'Frequency governor performance',
  why: 'Other governors change the frequency with the load, and each change costs tens of microseconds.',
  source: 'Real-time KVM talk, “Doctor, it hurts when I …”',
  requested: ({ snapshot }) => (snapshot.frequency.driver === null ? { notAskedFor: 'No driver changes the frequency.' } : { value: 'performance' }),
  live: ({ snapshot, capture }) => ({
    value: snapshot.frequency.governors.length === 0 ? null : snapshot.frequency.governors.join(', '),
    evidence: capture.paths(/cpufreq\/policy\d+\/scaling_governor$/).map((path) => capture.evidence(path, /^(?!performance)/) ?? capture.evidence(path))[0] ?? null,
  }),
  absent: 'No governor was read.',
  fix: () => 'Set it now (cpupower frequency-set -g performance) and for every start: cpufreq.default_governor=performance on the command line, or a unit that sets it.',
});
