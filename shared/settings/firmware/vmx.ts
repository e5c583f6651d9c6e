import { firmwareItem } from '../support/firmware-item.ts';

export const setting = firmwareItem({
  id: 'firmware.vmx', title: 'Intel (VMX) Virtualization', option: 'Enabled',
  menu: 'Intel Advanced Menu → CPU Configuration',
  why: 'Without it there is no KVM.',
  source: 'Intel ECI guide, Host Configuration: BIOS',
  seen: ({ snapshot: { cpus, kvm } }) => (cpus.flags.length === 0 ? null : {
    value: cpus.flags.includes('vmx') || cpus.flags.includes('svm') ? 'the processor offers it' : 'the processor does not offer it', matches: cpus.flags.includes('vmx') || cpus.flags.includes('svm'),
    evidence: `/proc/cpuinfo: flags ${cpus.flags.includes('vmx') ? '… vmx …' : cpus.flags.includes('svm') ? '… svm …' : 'without vmx and svm'}${kvm.available ? '; /dev/kvm is there' : ''}`,
  }),
});
