import { pathsBelow } from '../support/paths-below.ts';
import { sysfsValue } from '../support/sysfs-value.ts';

export const setting = sysfsValue({
  id: 'runtime.cpufreq-governor', guides: ['kvm-host', 'bare-metal'],
  title: 'Frequency governor performance',
  why: 'Other governors change the frequency with the load, and each change costs tens of microseconds.',
  source: 'Real-time KVM talk, “Doctor, it hurts when I …”',
  requested: ({ snapshot }) => (snapshot.frequency.driver === null ? { notAskedFor: 'No driver changes the frequency.' } : { value: 'performance' }),
  paths: ({ capture }) => pathsBelow(capture, '/sys/devices').filter((path) => /\/cpufreq\/policy\d+\/scaling_governor$/.test(path)),
  glob: '/sys/devices/system/cpu/cpufreq/policy*/scaling_governor',
  byDefault: ({ pending, snapshot }) => {
    const word = pending?.findLast(({ name }) => name === 'cpufreq.default_governor');
    if (word) return { value: word.value, evidence: `command line: ${word.text}` };
    return snapshot.kernel.config['CONFIG_CPU_FREQ_DEFAULT_GOV_PERFORMANCE'] === 'y'
      ? { value: 'performance', evidence: 'CONFIG_CPU_FREQ_DEFAULT_GOV_PERFORMANCE=y' } : null;
  },
  absent: 'No governor was read.',
  caution: 'power-profiles-daemon and tuned change it again.',
});
