import { firmwareItem } from '../support/firmware-item.ts';

export const setting = firmwareItem({
  id: 'firmware.vmx', title: 'Intel (VMX) Virtualization', option: 'Enabled',
  menu: 'Intel Advanced Menu → CPU Configuration',
  does: 'Lets the processor run virtual machines. AMD calls it SVM Mode.',
  why: 'Without it there is no KVM.',
  shows: 'As the flag vmx or svm in /proc/cpuinfo; where the firmware locked it, the kernel says “disabled by BIOS”.',
  source: 'Intel ECI guide, Host Configuration: BIOS',
  seen: ({ snapshot: { cpus, kvm }, capture }) => {
    if (cpus.flags.length === 0) return null;
    const flag = ['vmx', 'svm'].find((name) => cpus.flags.includes(name));
    const locked = capture.command('dmesg')?.lines.find((line) => /(?:VMX|SVM|kvm).*disabled (?:by|in) (?:the )?(?:BIOS|bios)/.test(line));
    return {
      value: flag === undefined ? 'the processor does not offer it' : 'the processor offers it', matches: flag !== undefined,
      evidence: locked ? `dmesg: ${locked.trim()}` : `/proc/cpuinfo: flags ${flag === undefined ? 'without vmx and svm' : `… ${flag} …`}${kvm.available ? '; /dev/kvm is there' : ''}`,
    };
  },
});
