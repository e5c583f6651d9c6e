import { kernelParameter } from '../support/kernel-parameter.ts';

export const setting = kernelParameter({
  id: 'kernel.intel-iommu', parameter: 'intel_iommu', guides: ['kvm-host'],
  title: 'IOMMU on',
  why: 'Devices can be given to a VM only through the IOMMU.',
  source: 'Linux Documentation/admin-guide/kernel-parameters.txt',
  requested: ({ snapshot: { cpus, iommu, virtualisation } }) => (virtualisation.kind === 'vm' ? { notAskedFor: 'This is a virtual machine.' } : cpus.vendor !== null && cpus.vendor !== 'GenuineIntel' ? { notAskedFor: 'AMD’s IOMMU is on by itself.' } : iommu.active ? { notAskedFor: 'The IOMMU is in use without it.' } : { value: 'on' }),
  effect: ({ snapshot: { iommu } }) => ({ value: iommu.active === null ? null : iommu.active ? 'in use' : 'not in use', matches: iommu.active, evidence: iommu.units[0] ? `/sys/class/iommu/${iommu.units[0]}` : '/sys/class/iommu: empty' }),
});
