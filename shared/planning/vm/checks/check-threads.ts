import type { Finding } from '../../../model/finding.ts';
import type { VmMap } from '../../../model/vm-map.ts';
import { attributeOf } from '../xml/attributes.ts';
import { elementOf, elementsOf, textOf, type XmlElement } from '../xml/xml-tree.ts';
import { formatCpuset } from '../cpuset.ts';
import { repeated } from '../repeated.ts';
import { emulatorCpusOf, ioThreadIdsOf, pinsOf, vcpuCountOf, vcpuSchedulesOf } from '../domain-facts.ts';

const vcpuList = (vcpus: readonly number[]) => (vcpus.length === 1 ? `vCPU ${formatCpuset(vcpus)}` : `vCPUs ${formatCpuset(vcpus)}`);

/** Where the VM's threads run and with what priority: vCPUs, emulator, I/O threads. Sources: Intel ECI, Real-Time VM Configuration; libvirt, “CPU Tuning”. */
export function checkThreads(domain: XmlElement, map: VmMap | null): Finding[] {
  const count = vcpuCountOf(domain) ?? 0;
  const all = Array.from({ length: Math.min(count, 8192) }, (_, vcpu) => vcpu);
  return [...checkPins(domain, all), ...checkPlaces(domain, map), ...checkEmulator(domain), ...checkIoThreads(domain), ...checkSchedules(domain, all, map), ...checkQuotas(domain),
    ...(count !== 1 ? [] : [finding('one-vcpu', 'note', 'vcpu', 'The VM has one vCPU: its housekeeping and its real-time work share it.', 'Give it two or more.')])];
}

const finding = (rule: string, severity: Finding['severity'], element: string, message: string, fix: string): Finding => ({ rule, severity, element, message, fix });

function checkPins(domain: XmlElement, all: readonly number[]): Finding[] {
  const pins = pinsOf(domain, 'vcpupin', 'vcpu');
  const [pinned, present] = [new Set(pins.map(({ number }) => number)), new Set(all)];
  const free = all.filter((vcpu) => !pinned.has(vcpu));
  const loose = pins.filter(({ number, cpus }) => present.has(number) && (cpus?.length ?? 0) > 1);
  const missing = pins.filter(({ number }) => !present.has(number));
  const twice = repeated(pins.map(({ number }) => number));
  const unread = pins.filter(({ cpus }) => cpus === null);
  return [
    ...(free.length === 0 ? [] : [finding('vcpu-pins', 'error', 'cputune/vcpupin', `${vcpuList(free)} ${free.length === 1 ? 'is' : 'are'} not pinned: the host moves ${free.length === 1 ? 'it' : 'them'} from CPU to CPU, and runs other work in between.`, 'Pin each vCPU to an isolated host CPU: <vcpupin vcpu=… cpuset=…/>.')]),
    ...(loose.length === 0 ? [] : [finding('vcpu-pins', 'warning', 'cputune/vcpupin', `${vcpuList(loose.map(({ number }) => number))} may run on several CPUs; on isolated CPUs nobody balances, elsewhere others run there too.`, 'Name one CPU for each vCPU.')]),
    ...(missing.length === 0 ? [] : [finding('vcpu-missing', 'error', 'cputune/vcpupin', `${vcpuList(missing.map(({ number }) => number))} ${missing.length === 1 ? 'is' : 'are'} pinned, and the VM has vCPUs ${formatCpuset(all)}: libvirt drops this without a word.`, 'Let the number of vCPUs and the pins agree.')]),
    ...(twice.length === 0 ? [] : [finding('vcpu-pins', 'error', 'cputune/vcpupin', `${vcpuList(twice)} ${twice.length === 1 ? 'has' : 'have'} two places; libvirt refuses that (“duplicate vcpupin”).`, 'Pin each vCPU once.')]),
    ...(unread.length === 0 ? [] : [finding('vcpu-pins', 'error', 'cputune/vcpupin', `“${attributeOf(unread[0]?.element, 'cpuset') ?? ''}” is no list of CPUs for libvirt.`, 'Write numbers and ranges: 4,6,8-10.')]),
  ];
}

function checkPlaces(domain: XmlElement, map: VmMap | null): Finding[] {
  const places = pinsOf(domain, 'vcpupin', 'vcpu').flatMap(({ number, cpus }) => (cpus?.length === 1 ? [{ vcpu: number, cpu: cpus[0] ?? 0 }] : []));
  const shared = repeated(places.map(({ cpu }) => cpu));
  const isolated = map?.isolated === undefined || map.isolated === null ? null : new Set(map.isolated);
  const open = isolated === null ? [] : places.filter(({ cpu }) => !isolated.has(cpu));
  return [
    ...(shared.length === 0 ? [] : [finding('overcommit', 'error', 'cputune/vcpupin', `Several vCPUs share CPU ${formatCpuset(shared)}: one waits for the other.`, 'Give each vCPU a CPU of its own.')]),
    ...(open.length === 0 ? [] : [finding('not-isolated', 'warning', 'cputune/vcpupin', `CPU ${formatCpuset(open.map(({ cpu }) => cpu))} ${open.length === 1 ? 'is' : 'are'} not isolated: the host runs other work there.`, 'Isolate them on the kernel command line, or place the vCPUs elsewhere.')]),
  ];
}

const busyCpus = (domain: XmlElement) => new Set(pinsOf(domain, 'vcpupin', 'vcpu').flatMap(({ cpus }) => cpus ?? []));

function checkEmulator(domain: XmlElement): Finding[] {
  const cpus = emulatorCpusOf(domain);
  if (cpus === null) return [finding('emulator-pin', 'warning', 'cputune/emulatorpin', 'The emulator’s threads may run on any CPU, also on those of the vCPUs.', 'Pin them beside: <emulatorpin cpuset=…/>.')];
  const busy = busyCpus(domain);
  const shared = cpus.filter((cpu) => busy.has(cpu));
  const only = shared.length === cpus.length;
  return shared.length === 0 ? [] : [finding('emulator-pin', only ? 'error' : 'warning', 'cputune/emulatorpin',
    `The emulator’s threads may run on CPU ${formatCpuset(shared)}, which vCPUs have${only ? ', and nowhere else: with a real-time priority the vCPUs starve them, and then wait for them' : ''}.`, 'Take the vCPUs’ CPUs out of the list.')];
}

function checkIoThreads(domain: XmlElement): Finding[] {
  const pins = new Map(pinsOf(domain, 'iothreadpin', 'iothread').map(({ number, cpus }) => [number, cpus]));
  const ids = ioThreadIdsOf(domain);
  const loose = ids.filter((id) => !pins.has(id));
  const [busy, present] = [busyCpus(domain), new Set(ids)];
  const shared = ids.filter((id) => pins.get(id)?.some((cpu) => busy.has(cpu)) === true);
  const missing = [...pins.keys()].filter((id) => !present.has(id));
  return [
    ...(loose.length === 0 ? [] : [finding('iothread-pins', 'warning', 'cputune/iothreadpin', `I/O thread ${formatCpuset(loose)} may run on any CPU, also on those of the vCPUs.`, 'Pin it beside: <iothreadpin iothread=… cpuset=…/>.')]),
    ...(shared.length === 0 ? [] : [finding('iothread-pins', 'warning', 'cputune/iothreadpin', `I/O thread ${formatCpuset(shared)} may run on a CPU that a vCPU has.`, 'Take the vCPUs’ CPUs out of the list.')]),
    ...(missing.length === 0 ? [] : [finding('iothread-pins', 'error', 'cputune/iothreadpin', `I/O thread ${missing.join(', ')} is pinned, and the domain has no such; libvirt refuses that (“Cannot find 'iothread'”).`, 'Let <iothreads> and the pins agree.')]),
  ];
}

function checkSchedules(domain: XmlElement, all: readonly number[], map: VmMap | null): Finding[] {
  const schedules = vcpuSchedulesOf(domain);
  const isRealtime = (vcpu: number) => /^(?:fifo|rr)$/.test(schedules.get(vcpu)?.policy ?? '');
  const ordinary = all.filter((vcpu) => !isRealtime(vcpu));
  const missing = [...schedules.keys()].filter((vcpu) => vcpu >= all.length);
  const refused = [...schedules].filter(([vcpu, { priority }]) => isRealtime(vcpu) && !(priority !== null && priority >= 1 && priority <= 99)).map(([vcpu]) => vcpu);
  return [
    ...(ordinary.length === 0 || map?.scheduler.policy === 'other' ? [] : [finding('vcpu-scheduler', 'error', 'cputune/vcpusched', `${vcpuList(ordinary)} ${ordinary.length === 1 ? 'has' : 'have'} no real-time priority: whatever else becomes ready on the CPU takes turns with the guest.`, 'Write <vcpusched vcpus=… scheduler=\'fifo\' priority=…/>: 1 for vCPU 0, 10 for the others.')]),
    ...(missing.length === 0 ? [] : [finding('vcpu-missing', 'error', 'cputune/vcpusched', `${vcpuList(missing)} ${missing.length === 1 ? 'has' : 'have'} a priority and is not there; libvirt refuses that.`, 'Let the number of vCPUs and the priorities agree.')]),
    ...(refused.length === 0 ? [] : [finding('vcpu-scheduler', 'error', 'cputune/vcpusched', `The priority of ${vcpuList(refused)} is not from 1 to 99: libvirt takes it, and the kernel refuses it when the VM starts.`, 'Write a priority from 1 to 99.')]),
  ];
}

/** A quota stops a thread that has had its share of a period, whatever it was doing. */
function checkQuotas(domain: XmlElement): Finding[] {
  const limits = elementsOf(elementOf(domain, 'cputune')).filter((element) => /^(?:|global_|emulator_|iothread_)quota$/.test(element.name) && Number(textOf(element)) > 0);
  return limits.map((element) => finding('cpu-quota', element.name === 'emulator_quota' || element.name === 'iothread_quota' ? 'note' : 'warning', `cputune/${element.name}`,
    `A quota (${element.name} ${textOf(element)}) stops threads of the VM for the rest of each period once they have used it.`, `Take <${element.name}> out.`));
}

