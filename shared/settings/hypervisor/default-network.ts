import type { LibvirtFiles } from '../../model/snapshot.ts';
import { lines, noStates, noVerdicts, verdictOf, type BoardView, type Setting } from '../setting.ts';
import { daemonsOf, hasLibvirt, olderProbe } from '../support/libvirt-host.ts';
import { packagesChange } from '../support/packages.ts';
import { actionStep } from '../support/steps.ts';

const id = 'hypervisor.default-network';
const name = 'default';
const why = 'A new VM is reached over it: its packages come that way, and so do we.';
/** Where the packages leave the definition. Source: Intel ECI guide, Real-Time VM Image Creation, and its note. */
const templates = ['/usr/share/libvirt/networks/default.xml', '/etc/libvirt/qemu/networks/default.xml'] as const;

type Network = LibvirtFiles['networks'][number];

export const setting: Setting = {
  id, layer: 'hypervisor', title: 'A network for VMs', why, order: 50, guides: ['kvm-host'],
  source: 'Intel ECI guide, Real-Time VM Image Creation; libvirt, Network XML format',
  assess: (board) => {
    const { libvirt } = board.snapshot;
    const requested = 'runs, and starts with the board';
    if (!libvirt) return olderProbe(requested);
    const network = networkOf(libvirt);
    if (!hasLibvirt(libvirt)) {
      return { status: 'manual', stuckAt: null, states: { ...noStates, requested, written: network?.defined ? 'defined' : 'not defined', effective: 'absent' }, verdicts: { ...noVerdicts, written: 'bad', effective: 'bad' }, evidence: [], message: 'libvirt is not installed, and its network comes with it.', fix: 'Install the packages for VMs, then read the board again.' };
    }
    if (network === undefined) {
      const hidden = board.capture.refused.some(({ path }) => path.startsWith('/etc/libvirt/qemu'));
      if (hidden) return { status: 'unknown', stuckAt: null, states: { ...noStates, requested }, verdicts: { ...noVerdicts, written: 'unknown', effective: 'unknown' }, evidence: [], message: 'Its definitions are readable by root only.', fix: null };
      const found = { states: { ...noStates, requested, written: 'not defined', effective: 'absent' }, verdicts: { ...noVerdicts, written: 'bad' as const, effective: 'bad' as const }, evidence: lines(...templates.slice(0, 1).map((path) => (board.capture.exists(path) ? `${path} is there` : null))) };
      return { ...found, status: 'change', stuckAt: 'written', message: 'There is no network for VMs.', fix: `virsh net-define ${templateOf(board)?.path ?? templates[0]}, net-autostart default, net-start default` };
    }
    const { active, autostart, bridge, defined } = network;
    const found = {
      states: { ...noStates, requested, written: !defined ? 'not defined' : autostart === null ? null : autostart ? 'autostart' : 'no autostart', effective: active === null ? null : active ? `runs${bridge === null ? '' : ` (${bridge})`}` : 'off' },
      verdicts: { ...noVerdicts, written: verdictOf(defined ? autostart : false), effective: verdictOf(active) },
      evidence: lines(
        defined ? `/etc/libvirt/qemu/networks/${network.name}.xml is there` : null, autostart ? `/etc/libvirt/qemu/networks/autostart/${network.name}.xml is there` : null,
        active ? (board.capture.exists(`/run/libvirt/network/${network.name}.xml`) ? `/run/libvirt/network/${network.name}.xml is there` : bridge === null ? null : `/sys/class/net/${bridge} is there`) : null,
      ),
    };
    const fix = `virsh net-autostart ${network.name}${active === true ? '' : `, virsh net-start ${network.name}`}`;
    if (active === false) return { ...found, status: 'change', stuckAt: autostart === true ? 'effective' : 'written', message: `The network ${network.name} is defined and does not run.`, fix };
    if (active === null || autostart === null) return { ...found, status: 'unknown', stuckAt: null, message: `Whether the network ${network.name} runs and starts with the board is readable by root only.`, fix: null };
    if (!autostart) return { ...found, status: 'change', stuckAt: 'written', message: `The network ${network.name} runs, but the next start will do without.`, fix };
    return { ...found, status: 'ok', stuckAt: null, message: `The network ${network.name} runs${bridge === null ? '' : ` on ${bridge}`}, and starts with the board.`, fix: null };
  },
  change: (board) => {
    const { libvirt } = board.snapshot;
    if (!libvirt) return { refused: 'This reading was taken with an older probe.', next: 'Read the board again.' };
    if (!hasLibvirt(libvirt)) return { refused: 'libvirt is not installed: a network is started through it.', next: 'Install the packages for VMs first, then read the board again.' };
    if (!daemonsOf(board).needed.every((socket) => libvirt.sockets.includes(socket))) {
      return { refused: 'libvirt does not answer: a network is started through it.', next: 'Choose “libvirt is running” first, then read the board again.' };
    }
    const network = networkOf(libvirt);
    const template = network?.defined ? null : templateOf(board);
    // The package that brings the definition defines it, too.
    const packages = packagesChange({ id, why }, [{ what: 'the default network of libvirt', there: network?.defined === true || template !== null, apt: ['libvirt-daemon-config-network', 'dnsmasq-base'], dnf: ['libvirt-daemon-config-network'] }], board);
    if ('refused' in packages) return packages;
    const caution = network?.defined ? '' : 'It takes 192.168.122.0/24 for the VMs. A board whose own network is that one (a VM on another libvirt host) needs another range: change it in the definition first.';
    return {
      steps: [...packages.steps, actionStep({ id, why, risk: 'network', caution }, `Start the network ${network?.name ?? name}, now and with the board`, {
        kind: 'network', name: network?.name ?? name, xml: template?.xml ?? null, active: true, autostart: true,
      })],
      restart: 'none',
    };
  },
};

/** Another network does as well where it runs and stays; else it is the default one that is asked for. */
const networkOf = ({ networks }: LibvirtFiles): Network | undefined =>
  networks.find((network) => network.active === true && network.autostart === true) ?? networks.find((network) => network.name === name);

function templateOf({ capture }: BoardView): { path: string; xml: string } | null {
  for (const path of templates) {
    const found = capture.lines(path);
    if (found !== undefined && found.some((line) => line.includes('<network'))) return { path, xml: `${found.join('\n')}\n` };
  }
  return null;
}
