import type { LibvirtFiles } from '../../model/snapshot.ts';
import { noStates, noVerdicts, type BoardView, type Finding } from '../setting.ts';
import { hasTool, type Need } from './packages.ts';

/** A reading that is older than what is asked of it. */
export const olderProbe = (requested: string): Finding => ({
  status: 'unknown', stuckAt: null, states: { ...noStates, requested }, verdicts: { ...noVerdicts, effective: 'unknown' }, evidence: [],
  message: 'This reading was taken with an older probe, which did not look at it, or it was cut off. Read the board again.', fix: null,
});

/** libvirt comes as one daemon, or as one for each of its parts. Source: https://libvirt.org/daemons.html */
export interface Daemons {
  readonly kind: 'monolithic' | 'modular';
  /** Enabled for every start: the services, which start VMs and networks that are to come up with the board. */
  readonly services: readonly string[];
  /** Enabled and listening: whoever connects starts the daemon behind. */
  readonly sockets: readonly string[];
  /** Names below /run/libvirt that must be there for VMs and networks to be reached. */
  readonly needed: readonly string[];
}

const parts = ['qemu', 'network', 'storage', 'nodedev', 'nwfilter', 'secret', 'interface'] as const;
const essential: ReadonlySet<string> = new Set(['qemu', 'network', 'storage']);

/** The daemons of this board; before libvirt is installed, those that its distribution will bring. */
export function daemonsOf(board: BoardView): Daemons {
  const { libvirt } = board.snapshot;
  if (kindOf(board) === 'monolithic') return { kind: 'monolithic', services: ['libvirtd.service'], sockets: ['libvirtd.socket'], needed: ['libvirt-sock'] };
  const installed = libvirt?.units ?? [];
  const here = parts.filter((part) => (hasLibvirt(libvirt) ? installed.includes(`virt${part}d.socket`) : essential.has(part)));
  return {
    kind: 'modular', services: here.filter((part) => part === 'qemu' || part === 'network').map((part) => `virt${part}d.service`),
    sockets: here.map((part) => `virt${part}d.socket`), needed: here.filter((part) => essential.has(part)).map((part) => `virt${part}d-sock`),
  };
}

export const hasLibvirt = (libvirt: LibvirtFiles | undefined): boolean => libvirt?.units.some((unit) => unit === 'libvirtd.service' || unit === 'virtqemud.service') ?? false;

/** Where both are installed, the one that is enabled; else as the distribution has it: Fedora from 35 and RHEL from 9 are modular. */
function kindOf(board: BoardView): Daemons['kind'] {
  const { libvirt, distribution: { id, versionId, idLike } } = board.snapshot;
  const has = (unit: string) => libvirt?.units.includes(unit) ?? false;
  if (has('libvirtd.service') !== has('virtqemud.service')) return has('libvirtd.service') ? 'monolithic' : 'modular';
  for (const [kind, name] of [['monolithic', 'libvirtd'], ['modular', 'virtqemud']] as const) if (isEnabled(board, `${name}.service`) || isEnabled(board, `${name}.socket`)) return kind;
  const release = Number.parseInt(versionId ?? '', 10);
  return (id === 'fedora' && release >= 35) || ((id === 'rhel' || idLike.includes('rhel')) && release >= 9) ? 'modular' : 'monolithic';
}

/** A service stands in the reading without its ending. */
export const isEnabled = ({ snapshot: { services } }: BoardView, unit: string): boolean =>
  services.some(({ name, enabled }) => enabled === 'enabled' && (name === unit || `${name}.service` === unit));

/** What running VMs takes, by what shows on the board. Packages: Intel ECI guide, Host Configuration: Dependencies, less what only its shell commands use. */
export function vmNeeds(board: BoardView): Need[] {
  const { libvirt } = board.snapshot;
  return [
    { what: 'QEMU with KVM', there: hasTool(board, 'qemu-system-x86_64', 'qemu-kvm') || board.capture.exists('/usr/libexec/qemu-kvm'), apt: ['qemu-system-x86'], dnf: ['qemu-kvm'] },
    { what: 'libvirt’s daemon', there: hasLibvirt(libvirt), apt: ['libvirt-daemon-system', 'dnsmasq-base'], dnf: ['libvirt'] },
    { what: 'virsh', there: hasTool(board, 'virsh'), apt: ['libvirt-clients', 'libxml2-utils'], dnf: ['libvirt-client'] },
    { what: 'virt-install', there: hasTool(board, 'virt-install'), apt: ['virtinst'], dnf: ['virt-install'] },
    { what: 'qemu-img', there: hasTool(board, 'qemu-img'), apt: ['qemu-utils'], dnf: ['qemu-img'] },
    { what: 'a maker of ISO images', there: hasTool(board, 'xorrisofs', 'genisoimage'), apt: ['xorriso'], dnf: ['xorriso'] },
    { what: 'the osinfo database', there: (libvirt?.osDatabase ?? null) !== null, apt: ['osinfo-db', 'osinfo-db-tools'], dnf: ['osinfo-db', 'osinfo-db-tools'] },
  ];
}
