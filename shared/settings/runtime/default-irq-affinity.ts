import { formatCpuList, parseCpuList } from '../../parsers/cpu-list.ts';
import { avoidsIsolated, housekeepingAsked, maskShown, maskWritten } from '../support/cpu-masks.ts';
import { sysfsValue } from '../support/sysfs-value.ts';

export const setting = sysfsValue({
  id: 'runtime.default-irq-affinity', guides: ['kvm-host', 'kvm-guest', 'bare-metal', 'acrn-rtvm'],
  title: 'New interrupts stay off isolated CPUs',
  why: 'An interrupt that appears later (a cable, a USB device) takes the default affinity.',
  source: 'Intel ECI guide, Host Configuration: Linux Kernel (irqaffinity)',
  requested: housekeepingAsked,
  matches: (value, _requested, board) => avoidsIsolated(value, board),
  paths: () => ['/proc/irq/default_smp_affinity'],
  // The mask may name CPUs beyond those that are there.
  shown: maskShown,
  written: maskWritten,
  byDefault: ({ pending }) => {
    const word = pending?.findLast(({ name }) => name === 'irqaffinity');
    const cpus = parseCpuList(word?.value ?? '');
    return word && cpus.ok ? { value: formatCpuList(cpus.value), evidence: `command line: ${word.text}` } : null;
  },
  absent: 'It was not read.',
  caution: 'Drivers that are loaded before the line is read take the kernel’s default: irqaffinity= on the command line sets it from the start.',
});
