import type { Snapshot } from '../../model/snapshot.ts';
import type { Capture } from '../capture.ts';
import { messageMatching, naturalNumber } from './read.ts';

type Device = Snapshot['pci'][number];
const address = '[0-9a-f]{4,8}:[0-9a-f]{2}:[0-9a-f]{2}\\.[0-7]';

/**
 * PCI devices: names and capabilities from lspci where it is installed, the rest from /sys. `msi` is the capability;
 * without root it shows only where the device uses it, and is null otherwise.
 */
export function pciOf(capture: Capture): Device[] {
  const blocks = blocksOf(capture);
  const groups = iommuGroups(capture);
  const modes = interruptModes(capture);
  const named = capture.names(new RegExp(`^/sys/bus/pci/devices/${address}$`)).map((path) => path.slice('/sys/bus/pci/devices/'.length));
  return [...new Set([...named, ...blocks.keys()])].sort().map((device) => {
    const folder = `/sys/bus/pci/devices/${device}`;
    const block = blocks.get(device);
    const uevent = capture.lines(`${folder}/uevent`) ?? [];
    const most = naturalNumber(capture.value(`${folder}/sriov_totalvfs`));
    return {
      address: device,
      description: block?.[0]?.slice(device.length).trim() || plainDescription(uevent),
      driver: valueIn(uevent, 'DRIVER') ?? afterColon(block, 'Kernel driver in use'),
      msi: msiOf(modes.get(device), block),
      iommuGroup: groups.get(device) ?? naturalNumber(afterColon(block, 'IOMMU group')),
      numaNode: naturalNumber(capture.value(`${folder}/numa_node`)),
      ...(most === null || most === 0 ? {} : { virtualFunctions: { enabled: naturalNumber(capture.value(`${folder}/sriov_numvfs`)), most } }),
      ...(capture.exists(`${folder}/physfn`) ? { isVirtualFunction: true } : {}),
    };
  });
}

/** lspci's text by device: a line at the margin begins one. */
function blocksOf(capture: Capture): Map<string, string[]> {
  const blocks = new Map<string, string[]>();
  const output = capture.command('lspci');
  if (output === undefined || (output.status ?? 0) !== 0) return blocks;
  let current: string[] | undefined;
  for (const line of output.lines) {
    const device = new RegExp(`^(${address}) `).exec(line)?.[1];
    if (device !== undefined) {
      current = [];
      blocks.set(device, current);
    }
    current?.push(line);
  }
  return blocks;
}

function msiOf(mode: string | undefined, block: readonly string[] | undefined): Device['msi'] {
  const readable = block !== undefined && !block.some((line) => line.includes('<access denied>'));
  if (block?.some((line) => /Capabilities: .*MSI-X:/.test(line))) return 'msi-x';
  if (block?.some((line) => /Capabilities: .*MSI:/.test(line))) return 'msi';
  if (readable && block.some((line) => /Capabilities:|Status: Cap-/.test(line))) return 'none';
  return mode === 'msix' ? 'msi-x' : mode === 'msi' ? 'msi' : null;
}

/** How a device's interrupts come ("msi", "msix"), for those that use either. */
const interruptModes = (capture: Capture) => new Map(capture.paths(/^\/sys\/bus\/pci\/devices\/[^/]+\/msi_irqs\/\d+$/)
  .map((path) => [path.split('/')[5] ?? '', capture.value(path) ?? '']));

const valueIn = (uevent: readonly string[], key: string) => uevent.find((line) => line.startsWith(`${key}=`))?.slice(key.length + 1) ?? null;

const afterColon = (block: readonly string[] | undefined, key: string) => {
  const line = block?.find((candidate) => candidate.trim().startsWith(`${key}:`));
  return line === undefined ? null : line.slice(line.indexOf(':') + 1).trim();
};

/** Names as lspci gives them, by class and subclass or by class alone. */
const classNames: Readonly<Record<string, string>> = {
  '0100': 'SCSI storage controller', '0104': 'RAID bus controller', '0106': 'SATA controller', '0108': 'Non-Volatile memory controller', '01': 'Mass storage controller',
  '0200': 'Ethernet controller', '02': 'Network controller', '0300': 'VGA compatible controller', '03': 'Display controller', '0403': 'Audio device', '04': 'Multimedia controller',
  '05': 'Memory controller', '0600': 'Host bridge', '0601': 'ISA bridge', '0604': 'PCI bridge', '06': 'Bridge', '0700': 'Serial controller', '07': 'Communication controller',
  '08': 'System peripheral', '09': 'Input device controller', '0c03': 'USB controller', '0c05': 'SMBus', '0c': 'Serial bus controller', '0d': 'Wireless controller',
  '11': 'Signal processing controller', '12': 'Processing accelerators',
};

/** Without lspci (not installed, or a virtual machine, where it is not started): the class, the maker where it is a common one, and the numbers. */
function plainDescription(uevent: readonly string[]): string {
  const kind = (valueIn(uevent, 'PCI_CLASS') ?? '').toLowerCase().padStart(6, '0');
  const id = valueIn(uevent, 'PCI_ID')?.toLowerCase();
  const maker = makers[id?.slice(0, 4) ?? ''];
  return `${classNames[kind.slice(0, 4)] ?? classNames[kind.slice(0, 2)] ?? 'Device'} [${kind.slice(0, 4)}]${maker === undefined ? '' : `: ${maker}`}${id === undefined ? '' : ` [${id}]`}`;
}

const makers: Readonly<Record<string, string>> = {
  '8086': 'Intel', '1022': 'AMD', '1002': 'AMD graphics', '10de': 'NVIDIA', '10ec': 'Realtek', '14e4': 'Broadcom', '15b3': 'Mellanox', '144d': 'Samsung',
  '1af4': 'Virtio', '1b36': 'QEMU', '1234': 'QEMU', '15ad': 'VMware', '80ee': 'VirtualBox', '1414': 'Microsoft', '1b21': 'ASMedia', '1a03': 'ASPEED',
};

function iommuGroups(capture: Capture): Map<string, number> {
  const groups = new Map<string, number>();
  for (const path of capture.names(/^\/sys\/kernel\/iommu_groups\/\d{1,6}\/devices\//)) {
    const parts = path.split('/');
    const group = naturalNumber(parts[4]);
    if (group !== null && parts[6] !== undefined) groups.set(parts[6], group);
  }
  return groups;
}

/** A unit in /sys/class/iommu is an IOMMU at work; the table of the firmware alone proves nothing. */
export function iommuOf(capture: Capture): Snapshot['iommu'] {
  const units = capture.names(/^\/sys\/class\/iommu\/[^/]+$/).map((path) => path.slice('/sys/class/iommu/'.length)).sort();
  const groups = new Set(iommuGroups(capture).values()).size;
  const types = new Set(capture.paths(/^\/sys\/kernel\/iommu_groups\/\d{1,6}\/type$/).flatMap((path) => capture.value(path) ?? []));
  const message = /Default domain type: (\w+)/.exec(messageMatching(capture, /iommu: Default domain type:/) ?? '')?.[1];
  return {
    active: units.length > 0 ? true : capture.exists('/sys/class/iommu') ? false : null,
    units,
    groups,
    defaultType: message ?? (types.size === 1 ? [...types][0] ?? null : null),
  };
}
