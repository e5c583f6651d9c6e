import { lines, noStates, noVerdicts, verdictOf, type Setting } from '../setting.ts';
import { withoutSystemd } from '../support/init-system.ts';
import { daemonsOf, hasLibvirt, isEnabled, olderProbe, vmNeeds } from '../support/libvirt-host.ts';
import { packagesChange } from '../support/packages.ts';
import { enableStep, unitStep } from '../support/steps.ts';

const id = 'hypervisor.libvirt';
const why = 'libvirt starts a VM, gives its threads their CPUs and priorities, and its cache; without its daemon nothing does.';

export const setting: Setting = {
  id, layer: 'hypervisor', title: 'libvirt is running', why, order: 30, guides: ['kvm-host'],
  source: 'libvirt, Daemons (monolithic and modular): https://libvirt.org/daemons.html',
  assess: (board) => {
    const { libvirt, services } = board.snapshot;
    if (!libvirt) return olderProbe('running, with every start');
    const { kind, sockets, services: starters, needed } = daemonsOf(board);
    const requested = `${kind === 'monolithic' ? 'libvirtd' : 'virtqemud, virtnetworkd …'} running, with every start`;
    if (!hasLibvirt(libvirt)) {
      return { status: 'manual', stuckAt: null, states: { ...noStates, requested, written: 'absent', effective: 'not installed' }, verdicts: { ...noVerdicts, written: 'bad', effective: 'bad' }, evidence: [], message: 'libvirt is not installed.', fix: 'Install the packages for VMs; this comes with them.' };
    }
    const silent = needed.filter((socket) => !libvirt.sockets.includes(socket));
    const off = [...starters, ...sockets].filter((unit) => !isEnabled(board, unit));
    const told = services.length > 0;
    const states = {
      ...noStates, requested, written: !told ? null : off.length === 0 ? 'enabled' : `not enabled: ${off.join(', ')}`,
      effective: silent.length === 0 ? 'listening' : `nothing listens at ${silent.map((socket) => `/run/libvirt/${socket}`).join(', ')}`,
    };
    const found = {
      states, verdicts: { ...noVerdicts, written: verdictOf(told ? off.length === 0 : null), effective: verdictOf(silent.length === 0) },
      evidence: lines(...needed.filter((socket) => !silent.includes(socket)).map((socket) => `/run/libvirt/${socket} is there`), ...[...starters, ...sockets].filter((unit) => isEnabled(board, unit)).map((unit) => `${unit}: enabled`)),
    };
    const both = isEnabled(board, 'libvirtd.service') && isEnabled(board, 'virtqemud.service') ? ' Both libvirtd and virtqemud are enabled, and they exclude each other: disable one.' : '';
    const fix = `systemctl enable ${starters.join(' ')} && systemctl enable --now ${sockets.join(' ')}`;
    if (silent.length > 0) return { ...found, status: 'change', stuckAt: off.length > 0 ? 'written' : 'effective', message: `libvirt (${kind}) does not answer.${both}`, fix };
    if (off.length > 0 && told) return { ...found, status: 'change', stuckAt: 'written', message: `libvirt (${kind}) answers, but the next start will do without: VMs and networks that start with the board will not.${both}`, fix };
    return { ...found, status: 'ok', stuckAt: null, message: `libvirt (${kind}) answers, and starts with the board.${both}`, fix: null };
  },
  change: (board) => {
    const { libvirt } = board.snapshot;
    if (!libvirt) return { refused: 'This reading was taken with an older probe.', next: 'Read the board again.' };
    const refused = withoutSystemd(board);
    if (refused) return refused;
    const packages = hasLibvirt(libvirt) ? { steps: [], restart: 'none' as const } : packagesChange({ id, why }, vmNeeds(board), board);
    if ('refused' in packages) return packages;
    const { services, sockets, needed } = daemonsOf(board);
    // A daemon that runs without its socket would keep the socket from starting: what listens is left as it is.
    const listens = needed.every((socket) => libvirt.sockets.includes(socket));
    return {
      steps: [...packages.steps, ...services.map((unit) => enableStep({ id, why }, unit)), ...sockets.map((unit) => (listens ? enableStep({ id, why }, unit) : unitStep({ id, why }, unit, true)))],
      restart: 'none',
    };
  },
};
