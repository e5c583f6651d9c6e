import type { Snapshot } from '../../../shared/model/snapshot.ts';
import { formatCpuList } from '../../../shared/parsers/cpu-list.ts';
import { formatBytes, formatCount, formatDuration, plural } from '../../text/format.ts';

/** One line of what was read; null is “not known”, never a guess. */
export interface Fact { readonly name: string; readonly value: string | null; readonly evidence: string | null }
export interface FactGroup { readonly title: string; readonly facts: readonly Fact[] }

const fact = (name: string, value: string | null, evidence: string | null = null): Fact => ({ name, value, evidence });
const yesNo = (value: boolean | null) => value === null ? null : value ? 'yes' : 'no';
const joined = (parts: ReadonlyArray<string | null>) => parts.filter((part) => part !== null && part !== '').join(' · ') || null;

/** A snapshot's facts in the groups of the overview. */
export function factGroups(snapshot: Snapshot): FactGroup[] {
  return [kernelFacts(snapshot), powerFacts(snapshot), platformFacts(snapshot), memoryFacts(snapshot), deviceFacts(snapshot), toolFacts(snapshot)];
}

function kernelFacts({ kernel, distribution, virtualisation, limits, sysctls, initAffinity = null }: Snapshot): FactGroup {
  const rtRuntime = limits.rtRuntimeUs ?? null;
  return { title: 'Kernel', facts: [
    fact('Distribution', distribution.name),
    fact('Release', kernel.release, kernel.version),
    fact('Real time', kernel.realtime === null ? null : kernel.realtime ? 'PREEMPT_RT' : 'no', kernel.realtimeEvidence),
    fact('Preemption', kernel.preemption),
    fact('Init', kernel.initSystem),
    fact('Runs on', joined([virtualisation.kind === 'unknown' ? null : virtualisation.kind.replace('-', ' '), virtualisation.name]), virtualisation.evidence),
    fact('Process 1 may use', initAffinity === null ? null : `CPU ${formatCpuList(initAffinity)}`, initAffinity === null ? null : 'and so may every service that does not choose'),
    fact('RT throttling', rtRuntime === null ? null : rtRuntime < 0 ? 'off' : `${formatCount(rtRuntime)} µs of each second`, sysctls['kernel.sched_rt_runtime_us'] === undefined ? null : 'kernel.sched_rt_runtime_us'),
  ] };
}

function powerFacts({ clock, idle, frequency, cpus, identity, thermalThrottles = null }: Snapshot): FactGroup {
  const open = idle.states.filter((state) => state.name !== 'POLL' && state.disabledOn.length < cpus.online.length);
  return { title: 'CPU and power', facts: [
    fact('Model', cpus.model, identity.microcode === null ? null : `microcode ${identity.microcode}`),
    fact('Clocksource', clock.source, clock.available.length > 1 ? `available: ${clock.available.join(', ')}` : null),
    fact('SMT', joined([cpus.smt.active === null ? null : cpus.smt.active ? 'on' : 'off', cpus.smt.control])),
    fact('Idle driver', joined([idle.driver, idle.governor])),
    fact('Idle states open', idle.states.length === 0 ? null : open.length === 0 ? 'none' : open.map((state) => `${state.name}${state.exitLatencyUs === null ? '' : ` ${String(state.exitLatencyUs)} µs`}`).join(', ')),
    fact('Frequency driver', joined([frequency.driver, frequency.status, frequency.governors.join(', ')])),
    fact('Frequency', frequency.minKhz === null || frequency.maxKhz === null ? null : `${(frequency.minKhz / 1e6).toFixed(1)}–${(frequency.maxKhz / 1e6).toFixed(1)} GHz`),
    fact('Turbo', yesNo(frequency.turbo), frequency.turboEvidence),
    fact('Slowed by heat', thermalThrottles === null ? null : thermalThrottles === 0 ? 'never since boot' : `${formatCount(thermalThrottles)} times since boot`),
  ] };
}

function platformFacts({ identity, bmc, clock, bootId }: Snapshot): FactGroup {
  const { firmware } = identity;
  return { title: 'Platform', facts: [
    fact('Machine', joined([identity.vendor, identity.product])),
    fact('Mainboard', identity.board),
    fact('Serial number', identity.serial),
    fact('Firmware', joined([firmware.vendor, firmware.version, firmware.date]), firmware.kind === null ? null : firmware.kind.toUpperCase()),
    fact('Secure Boot', yesNo(identity.secureBoot), identity.lockdown === null ? null : `lockdown: ${identity.lockdown}`),
    fact('BMC', yesNo(bmc.present), bmc.evidence),
    fact('Up for', clock.uptimeSeconds === null ? null : formatDuration(clock.uptimeSeconds), bootId === null ? null : `boot ${bootId}`),
  ] };
}

function memoryFacts({ memory, numaNodes, limits }: Snapshot): FactGroup {
  const pages = memory.hugepages.map((size) => `${String(size.total)} × ${formatBytes(size.sizeKb * 1024)} (${String(size.free)} free)`);
  return { title: 'Memory', facts: [
    fact('Memory', memory.totalBytes === null ? null : formatBytes(memory.totalBytes), numaNodes.length > 1 ? plural(numaNodes.length, 'node') : null),
    fact('Swap', memory.swapBytes === null ? null : memory.swapBytes === 0 ? 'none' : formatBytes(memory.swapBytes)),
    fact('Huge pages', pages.length === 0 ? null : pages.join(', ')),
    fact('Transparent huge pages', memory.transparentHugepages),
    fact('KSM', memory.ksm),
    fact('Locked memory allowed', limits.lockedMemoryBytes === null ? null : limits.lockedMemoryBytes >= Number.MAX_SAFE_INTEGER ? 'no limit' : formatBytes(limits.lockedMemoryBytes)),
  ] };
}

function deviceFacts({ interrupts, pci, iommu, resctrl, kvm, services, tunedProfile }: Snapshot): FactGroup {
  const active = services.filter((service) => service.active).map((service) => service.name);
  return { title: 'Devices and services', facts: [
    fact('Interrupts', `${String(interrupts.list.length)} lines`, interrupts.defaultAffinity === null ? null : `default affinity: CPU ${formatCpuList(interrupts.defaultAffinity)}`),
    fact('PCI devices', String(pci.length), `${String(pci.filter((device) => device.msi === 'msi' || device.msi === 'msi-x').length)} with MSI`),
    fact('IOMMU', joined([yesNo(iommu.active), iommu.defaultType, iommu.groups > 0 ? plural(iommu.groups, 'group') : null]), iommu.units.join(', ') || null),
    fact('Cache allocation', resctrl.supported ? joined([resctrl.flags.join(', '), resctrl.mounted ? 'mounted' : 'not mounted']) : 'not offered by this CPU or kernel'),
    fact('KVM', joined([yesNo(kvm.available), kvm.module]), Object.entries(kvm.parameters).map(([name, value]) => `${name}=${value}`).join(' ') || null),
    fact('Services active', active.join(', ') || 'none of those that matter'),
    fact('tuned profile', tunedProfile ?? 'none'),
  ] };
}

function toolFacts({ tools }: Snapshot): FactGroup {
  return { title: 'Tools', facts: tools.map((tool) => fact(tool.name, tool.path === null ? 'not installed' : tool.version ?? 'installed', tool.path)) };
}
