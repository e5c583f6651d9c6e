import { effectiveOnly, lines, noStates, type Setting } from '../setting.ts';
import { hasLibvirt, olderProbe, vmNeeds } from '../support/libvirt-host.ts';
import { packagesChange, packagesChoice, packagesCommand } from '../support/packages.ts';

const id = 'hypervisor.packages';
const why = 'QEMU runs the VM, libvirt keeps it and starts it with its pins and priorities, virt-install makes it.';

export const setting: Setting = {
  id, layer: 'hypervisor', title: 'Packages for VMs', why, order: 20, guides: ['kvm-host'],
  source: 'Intel ECI guide, Host Configuration: Dependencies',
  choice: packagesChoice,
  assess: (board) => {
    const { libvirt, tools } = board.snapshot;
    if (!libvirt) return olderProbe('installed');
    const needs = vmNeeds(board);
    const missing = needs.filter(({ there }) => !there).map(({ what }) => what);
    const states = { ...noStates, requested: 'installed', effective: missing.length === 0 ? 'installed' : `without ${missing.join(', ')}` };
    const evidence = lines(
      ...tools.filter(({ name }) => ['virsh', 'virt-install', 'qemu-system-x86_64', 'qemu-kvm', 'qemu-img'].includes(name)).map(({ name, path, version }) => `${path ?? name}${version === null ? '' : ` (${version})`}`),
      hasLibvirt(libvirt) ? `units: ${libvirt.units.filter((unit) => /^(?:libvirtd|virtqemud)\.service$/.test(unit)).join(', ')}` : null,
    );
    return missing.length === 0
      ? { status: 'ok', stuckAt: null, states, verdicts: effectiveOnly(true), evidence, message: 'All that running VMs takes is installed.', fix: null }
      : { status: 'change', stuckAt: 'effective', states, verdicts: effectiveOnly(false), evidence, message: `Not installed: ${missing.join(', ')}.`, fix: packagesCommand(needs, board) };
  },
  change: (board) => (board.snapshot.libvirt === undefined
    ? { refused: 'This reading was taken with an older probe.', next: 'Read the board again.' } : packagesChange({ id, why }, vmNeeds(board), board)),
};
