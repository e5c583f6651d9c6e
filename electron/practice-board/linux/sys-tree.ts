import { formatCpuList, parseCpuMask } from '../../../shared/parsers/cpu-list.ts';
import { FileError } from '../files/file-error.ts';
import { ComputedFile, Folder, Link } from '../files/inode.ts';
import { formatCpuMask } from './cpu-mask.ts';
import type { PciSpec } from './machine-spec.ts';
import { memoryFigures } from './meminfo.ts';
import { modulesFolder } from './modules.ts';
import type { PretendLinux } from './pretend-linux.ts';
import { buildResctrl } from './resctrl-tree.ts';
import { buildSysCpu } from './sys-cpu-tree.ts';
import { TreeBuilder } from './tree-builder.ts';

/** /sys of the present boot. */
export function buildSys(linux: PretendLinux): Folder {
  const root = new Folder({ mode: 0o555 });
  root.sealed = true;
  const tree = new TreeBuilder(root, true);
  buildSysCpu(linux, tree);
  buildNodes(linux, tree);
  buildIdentity(linux, tree);
  buildKernel(linux, tree);
  tree.put('/module', modulesFolder(linux));
  for (const device of linux.spec.pci) buildPci(linux, tree, device);
  buildIommu(linux, tree);
  buildResctrl(linux, tree);
  for (const [kind, name] of [['performance', 'cpu_core'], ['efficiency', 'cpu_atom']] as const) {
    const cpus = linux.spec.cpus.filter((cpu) => cpu.kind === kind).map(({ cpu }) => cpu);
    if (cpus.length > 0) tree.value(`/devices/${name}/cpus`, formatCpuList(cpus));
  }
  tree.folder('/devices/system/clocksource/clocksource0');
  tree.value('/devices/system/clocksource/clocksource0/current_clocksource', 'tsc');
  tree.value('/devices/system/clocksource/clocksource0/available_clocksource', 'tsc hpet acpi_pm ');
  maskKnob(linux, tree, '/devices/virtual/workqueue/cpumask', linux.housekeeping);
  maskKnob(linux, tree, '/devices/virtual/workqueue/writeback/cpumask', linux.spec.cpus.map(({ cpu }) => cpu));
  tree.value('/class/watchdog/watchdog0/identity', 'iTCO_wdt');
  tree.value('/class/watchdog/watchdog0/timeout', 30);
  tree.value('/class/watchdog/watchdog0/state', 'inactive');
  tree.put('/fs/cgroup/system.slice', new Folder({ mode: 0o555 }, {
    names: () => linux.units.all().filter((unit) => unit.active === 'active' && unit.name.endsWith('.service')).map((unit) => unit.name),
    find: (name) => (linux.units.find(name)?.active === 'active' ? new Folder({ mode: 0o555 }) : undefined),
  }));
  tree.value('/fs/cgroup/cgroup.controllers', 'cpuset cpu io memory hugetlb pids rdma misc');
  tree.value('/power/state', 'freeze mem disk');
  choice(linux, tree, '/power/mem_sleep', ['s2idle', 'deep'], 'deep');
  return root;
}

function buildNodes(linux: PretendLinux, tree: TreeBuilder): void {
  const base = '/devices/system/node';
  tree.value(`${base}/online`, formatCpuList(linux.spec.nodes.map(({ id }) => id)));
  for (const node of linux.spec.nodes) {
    const folder = `${base}/node${node.id}`;
    const cpus = (): number[] => linux.spec.cpus.filter((cpu) => cpu.node === node.id && linux.online.includes(cpu.cpu)).map(({ cpu }) => cpu);
    tree.value(`${folder}/cpulist`, () => formatCpuList(cpus()));
    tree.value(`${folder}/cpumap`, () => formatCpuMask(cpus(), linux.spec.cpus.length));
    tree.value(`${folder}/distance`, node.distances);
    tree.computed(`${folder}/meminfo`, () => {
      const memory = memoryFigures(linux, node.id);
      const row = (name: string, value: number): string => `Node ${node.id} ${`${name}:`.padEnd(16)}${String(value).padStart(8)} kB\n`;
      return row('MemTotal', memory.totalKib) + row('MemFree', memory.freeKib) + row('MemUsed', memory.totalKib - memory.freeKib);
    });
    for (const size of [2048, 1_048_576]) {
      const total = (): number => linux.hugePages(size, node.id);
      tree.value(`${folder}/hugepages/hugepages-${size}kB/nr_hugepages`, total);
      tree.value(`${folder}/hugepages/hugepages-${size}kB/free_hugepages`, () => Math.max(0, total() - linux.hypervisor.hugePagesInUse(size, node.id)));
      tree.value(`${folder}/hugepages/hugepages-${size}kB/surplus_hugepages`, 0);
    }
  }
}

function buildIdentity(linux: PretendLinux, tree: TreeBuilder): void {
  const { spec } = linux;
  const secret = new Set(['product_serial', 'board_serial', 'product_uuid', 'chassis_serial']);
  for (const [name, text] of Object.entries(spec.dmi)) tree.value(`/class/dmi/id/${name}`, text, { mode: secret.has(name) ? 0o400 : 0o444 });
  for (const table of ['APIC', 'DSDT', 'FACP', 'HPET', 'MCFG', 'SRAT', 'DMAR']) tree.computed(`/firmware/acpi/tables/${table}`, () => table, { mode: 0o400 });
  if (spec.bmc) tree.folder('/firmware/dmi/entries/38-0');
  if (spec.boot.efi) {
    tree.value('/firmware/efi/fw_platform_size', 64);
    tree.put('/firmware/efi/efivars/SecureBoot-8be4df61-93ca-11d2-aa0d-00e098032b8c', new ComputedFile(() => `\x06\0\0\0${spec.boot.secureBoot ? '\x01' : '\0'}`));
  }
  const { firmwareAttributes: attributes } = spec;
  if (attributes === undefined) return;
  const base = `/class/firmware-attributes/${attributes.driver}`;
  tree.value(`${base}/attributes/pending_reboot`, () => (linux.pendingFirmwareReboot ? 1 : 0));
  tree.value(`${base}/authentication/Admin/is_enabled`, 0);
  tree.value(`${base}/authentication/Admin/role`, 'bios-admin');
  for (const [name, { value, possible, displayName }] of Object.entries(attributes.values)) {
    const folder = `${base}/attributes/${name}`;
    tree.value(`${folder}/type`, 'enumeration');
    tree.value(`${folder}/display_name`, displayName);
    tree.value(`${folder}/default_value`, possible[0] ?? value);
    tree.value(`${folder}/possible_values`, `${possible.join(';')};`);
    tree.knob(`${folder}/current_value`, () => linux.firmwareValues.get(name) ?? value, (text) => {
      if (!possible.includes(text)) throw new FileError('EINVAL', folder);
      linux.firmwareValues.set(name, text);
      linux.pendingFirmwareReboot = true;
    }, { mode: 0o600 });
  }
}

function choice(linux: PretendLinux, tree: TreeBuilder, path: string, all: readonly string[], initial: string): void {
  tree.knob(path, () => all.map((one) => (one === (linux.cpuKnobs.get(path) ?? initial) ? `[${one}]` : one)).join(' '), (text) => {
    if (!all.includes(text)) throw new FileError('EINVAL', path);
    linux.cpuKnobs.set(path, text);
  });
}

/** A CPU mask that keeps what is written until the next boot. */
function maskKnob(linux: PretendLinux, tree: TreeBuilder, path: string, initial: readonly number[]): void {
  const count = linux.spec.cpus.length;
  tree.knob(path, () => linux.cpuKnobs.get(path) ?? formatCpuMask(initial, count), (text) => {
    const mask = parseCpuMask(text);
    if (!mask.ok) throw new FileError('EINVAL', path);
    linux.cpuKnobs.set(path, formatCpuMask(mask.value, count));
  });
}

function buildKernel(linux: PretendLinux, tree: TreeBuilder): void {
  const { kernel } = linux;
  if (kernel.realtimeFile) tree.value('/kernel/realtime', 1);
  choice(linux, tree, '/kernel/security/lockdown', ['none', 'integrity', 'confidentiality'], linux.spec.boot.secureBoot ? 'integrity' : 'none');
  if (!kernel.realtime) {
    choice(linux, tree, '/kernel/mm/transparent_hugepage/enabled', ['always', 'madvise', 'never'], 'madvise');
    choice(linux, tree, '/kernel/mm/transparent_hugepage/defrag', ['always', 'defer', 'defer+madvise', 'madvise', 'never'], 'madvise');
  }
  tree.knob('/kernel/mm/ksm/run', () => linux.cpuKnobs.get('ksm') ?? '0', (text) => {
    if (!/^[012]$/.test(text)) throw new FileError('EINVAL', 'run');
    linux.cpuKnobs.set('ksm', text);
  });
  for (const size of [2048, 1_048_576]) {
    const folder = `/kernel/mm/hugepages/hugepages-${size}kB`;
    tree.knob(`${folder}/nr_hugepages`, () => linux.hugePages(size), (text) => {
      if (!/^\d+$/.test(text)) throw new FileError('EINVAL', folder);
      if (size === 2048) linux.sysctls.set('vm.nr_hugepages', text);
      // As many as find room: pages of 1 GiB need memory that lies together.
      else linux.giantPages = Math.min(Number(text), Math.floor(memoryFigures(linux).totalKib * 0.9 / size));
    });
    tree.value(`${folder}/free_hugepages`, () => Math.max(0, linux.hugePages(size) - linux.hypervisor.hugePagesInUse(size)));
    tree.value(`${folder}/resv_hugepages`, 0);
    tree.value(`${folder}/surplus_hugepages`, 0);
  }
  const debug = tree.folder('/kernel/debug');
  debug.mode = 0o700;
  tree.value('/kernel/debug/sched/preempt', kernel.realtime ? '(full)' : 'none (voluntary) full ');
  const tracing = tree.folder('/kernel/tracing');
  tracing.mode = 0o700;
  tree.value('/kernel/tracing/available_tracers', 'timerlat osnoise hwlat blk function_graph wakeup_dl wakeup_rt wakeup function nop');
  tree.value('/kernel/tracing/current_tracer', 'nop');
}

/** DMA remapping: on when asked for, and by default where the firmware is locked to it (Ubuntu with Secure Boot). */
function buildIommu(linux: PretendLinux, tree: TreeBuilder): void {
  if ((!/(^| )intel_iommu=on/.test(linux.commandLine) && !linux.spec.boot.secureBoot) || linux.firmwareSetting('VtForDirectIo') === 'Disabled') return;
  for (const [index, socket] of [...new Set(linux.spec.cpus.map((cpu) => cpu.socket))].entries()) tree.folder(`/class/iommu/dmar${index}/intel-iommu/socket${socket}`);
  for (const [group, device] of linux.spec.pci.entries()) {
    tree.link(`/kernel/iommu_groups/${group}/devices/0000:${device.address}`, `../../../../devices/pci0000:00/0000:${device.address}`);
    tree.value(`/kernel/iommu_groups/${group}/type`, /(^| )iommu=pt/.test(linux.commandLine) ? 'identity' : 'DMA-FQ');
  }
}

function buildPci(linux: PretendLinux, tree: TreeBuilder, device: PciSpec): void {
  const name = `0000:${device.address}`;
  const base = `/devices/pci0000:00/${name}`;
  tree.put(`/bus/pci/devices/${name}`, new Link(() => `../../../devices/pci0000:00/${name}`));
  tree.value(`${base}/uevent`, [
    ...(device.driver === undefined ? [] : [`DRIVER=${device.driver}`]), `PCI_CLASS=${device.classCode.replace(/^0/, '')}00`,
    `PCI_ID=${device.vendorId.toUpperCase()}:${device.deviceId.toUpperCase()}`, `PCI_SLOT_NAME=${name}`,
  ].join('\n'));
  tree.value(`${base}/numa_node`, device.node ?? (linux.spec.nodes.length > 1 ? 0 : -1));
  tree.value(`${base}/vendor`, `0x${device.vendorId}`);
  tree.value(`${base}/device`, `0x${device.deviceId}`);
  tree.value(`${base}/class`, `0x${device.classCode}00`);
  if (device.driver !== undefined) {
    tree.link(`/bus/pci/drivers/${device.driver}/${name}`, `../../../../devices/pci0000:00/${name}`);
    tree.link(`${base}/driver`, `../../../bus/pci/drivers/${device.driver}`);
  }
  for (const interrupt of device.interrupts ?? []) {
    const irq = linux.interrupts.list.find((one) => one.name === interrupt.name);
    if (irq !== undefined) tree.value(`${base}/msi_irqs/${irq.number}`, 'msix');
  }
  for (const state of ['clkpm', 'l0s_aspm', 'l1_aspm']) tree.value(`${base}/link/${state}`, state === 'l1_aspm' ? 1 : 0);
  if (/^02/.test(device.classCode)) {
    const interfaceName = (device.interrupts?.[0]?.name ?? 'eth0').replace(/-.*$/, '');
    tree.value(`/class/net/${interfaceName}/operstate`, 'up');
    maskKnob(linux, tree, `/class/net/${interfaceName}/queues/rx-0/rps_cpus`, []);
    maskKnob(linux, tree, `/class/net/${interfaceName}/queues/tx-0/xps_cpus`, []);
  }
}
