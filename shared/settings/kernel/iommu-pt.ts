import { kernelParameter } from '../support/kernel-parameter.ts';

export const setting = kernelParameter({
  id: 'kernel.iommu-pt', parameter: 'iommu', guides: ['kvm-host'],
  title: 'DMA of the host untranslated',
  why: 'With the IOMMU on for passed-through devices, the host’s own devices need not pay for translation.',
  source: 'Linux Documentation/admin-guide/kernel-parameters.txt',
  requested: ({ snapshot: { iommu, virtualisation } }) => (virtualisation.kind === 'vm' ? { notAskedFor: 'This is a virtual machine.' } : iommu.active === false ? { notAskedFor: 'The IOMMU is not in use.' } : { value: 'pt' }),
  effect: ({ snapshot: { iommu } }) => ({ value: iommu.defaultType, matches: iommu.defaultType === null ? null : /^(?:identity|passthrough)$/i.test(iommu.defaultType), evidence: iommu.defaultType === null ? null : `/sys/kernel/iommu_groups/*/type: ${iommu.defaultType}` }),
});
