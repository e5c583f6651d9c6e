import { kernelParameter } from '../support/kernel-parameter.ts';

export const setting = kernelParameter({
  id: 'kernel.pcie-aspm', parameter: 'pcie_aspm.policy', guides: ['kvm-host', 'bare-metal'],
  title: 'No power saving on PCIe links',
  why: 'A link that sleeps needs microseconds to wake. pcie_aspm=off would leave links as the firmware set them.',
  source: 'Linux drivers/pci/pcie/aspm.c; Intel ECI guide, Host Configuration: BIOS (Native ASPM)',
  requested: ({ snapshot: { virtualisation } }) => (virtualisation.kind === 'vm' ? { notAskedFor: 'The links are the host’s.' } : { value: 'performance' }),
  effect: ({ capture }) => {
    const line = capture.value('/sys/module/pcie_aspm/parameters/policy');
    const active = /\[(\w+)\]/.exec(line ?? '')?.[1] ?? null;
    return { value: active, matches: active === null ? null : active === 'performance', evidence: capture.evidence('/sys/module/pcie_aspm/parameters/policy') };
  },
});
