import { FileError } from '../files/file-error.ts';
import type { PretendLinux } from '../linux/pretend-linux.ts';
import type { Process, Thread } from '../processes/process.ts';
import { ioThreadsOf, memoryKibOf, nameOf, numbersOf, scheduleOf, uuidOf, vcpusOf, type Schedule } from './domain-numbers.ts';
import { LibvirtError, unsupported } from './libvirt-error.ts';
import { at, attribute, childOf, childrenOf, type XmlNode } from './xml-node.ts';

/** User that QEMU runs as: libvirt-qemu of Debian and Ubuntu, qemu of RHEL. */
export const qemuUser = (linux: PretendLinux): { uid: number; name: string } => (linux.spec.distribution.packages === 'dpkg' ? { uid: 64_055, name: 'libvirt-qemu' } : { uid: 107, name: 'qemu' });

export interface QemuThreads {
  readonly process: Process;
  readonly vcpus: readonly Thread[];
  /** Threads of the kernel that work for it. */
  readonly kernel: readonly Process[];
}

/**
 * The process of a running domain with its threads, placed as libvirt places them: `cputune`, else `cpuset` of `vcpu`, else
 * the CPUs that are not isolated. Errors: LibvirtError for CPUs that are not there and priorities that are none.
 */
export function startQemu(linux: PretendLinux, domain: XmlNode, machine: string, terminal: string): QemuThreads {
  const { processes } = linux;
  const places = placesOf(linux, domain, machine);
  const process = processes.add({
    parent: processes.find(1), name: 'qemu-system-x86', argv: argumentsOf(domain, terminal),
    prepare: (child) => {
      const { uid } = qemuUser(linux);
      Object.assign(child, { uid, gid: uid === 107 ? 107 : 106, groups: [uid === 107 ? 107 : 106], group: child.pid, session: child.pid, unit: undefined, cgroup: `/machine.slice/machine-${machine.replaceAll('-', '\\x2d')}.scope/libvirt/emulator` });
      child.residentKb = Math.round(memoryKibOf(domain) * (isLocked(domain) ? 1 : 0.4)) + 61_000;
      child.lockedKb = isLocked(domain) ? memoryKibOf(domain) + 61_440 : 0;
      child.limits = { rtPriority: 0, lockedMemoryBytes: isLocked(domain) ? Infinity : 8_388_608 };
    },
  });
  const thread = (name: string, cpus: readonly number[], schedule: Schedule | undefined): Thread => {
    const made: Thread = { tid: processes.nextPid(), name, affinity: cpus, lastCpu: cpus[0] ?? linux.housekeeping[0] ?? 0, policy: schedule?.policy ?? 'other', priority: schedule?.priority ?? 0 };
    process.threads.push(made);
    return made;
  };
  Object.assign(process.main, { affinity: places.emulator, lastCpu: places.emulator[0] ?? linux.housekeeping[0] ?? 0, ...places.emulatorSchedule });
  thread('call_rcu', places.emulator, places.emulatorSchedule);
  for (const { id, cpus, schedule } of places.ioThreads) thread(`IO iothread${id}`, cpus, schedule);
  thread('IO mon_iothread', places.emulator, places.emulatorSchedule);
  const vcpus = places.vcpus.map(({ cpus, schedule }, vcpu) => thread(`CPU ${vcpu}/KVM`, cpus, schedule));
  const graphics = attribute(childOf(at(domain, 'devices'), 'graphics'), 'type');
  if (graphics === 'vnc') thread('vnc_worker', places.emulator, places.emulatorSchedule);
  if (graphics === 'spice') thread('SPICE Worker', places.emulator, places.emulatorSchedule);
  return { process, vcpus, kernel: kernelThreads(linux, domain, process, places.emulator) };
}

export const isLocked = (domain: XmlNode): boolean => at(domain, 'memoryBacking', 'locked') !== undefined;

/** vhost of each network card, and KVM's worker: children of kthreadd that bear the number of the process. */
function kernelThreads(linux: PretendLinux, domain: XmlNode, process: Process, emulator: readonly number[]): Process[] {
  const kthreadd = linux.processes.all().find(({ name }) => name === 'kthreadd');
  const add = (name: string, affinity: readonly number[]): Process => {
    const made = linux.processes.add({ parent: kthreadd, name, argv: [] });
    Object.assign(made.main, { affinity, lastCpu: affinity[0] ?? linux.housekeeping[0] ?? 0 });
    return made;
  };
  const cards = childrenOf(at(domain, 'devices'), 'interface').filter((card) => attribute(childOf(card, 'model'), 'type') === 'virtio');
  return [...cards.map(() => add(`vhost-${process.pid}`, emulator)), add(`kvm-pit/${process.pid}`, [])];
}

interface Places {
  readonly emulator: readonly number[];
  readonly emulatorSchedule: Schedule | undefined;
  readonly vcpus: readonly { readonly cpus: readonly number[]; readonly schedule: Schedule | undefined }[];
  readonly ioThreads: readonly { readonly id: number; readonly cpus: readonly number[]; readonly schedule: Schedule | undefined }[];
}

function placesOf(linux: PretendLinux, domain: XmlNode, machine: string): Places {
  const tune = at(domain, 'cputune');
  const cpuset = attribute(at(domain, 'vcpu'), 'cpuset');
  const everyone = cpuset === undefined ? [] : numbersOf(cpuset);
  const scope = `/sys/fs/cgroup/machine.slice/machine-${machine.replaceAll('-', '\\x2d')}.scope/libvirt`;
  const pinned = (name: string, key: string | undefined, value: number, folder: string): readonly number[] => {
    const pin = childrenOf(tune, name).find((one) => key === undefined || Number(attribute(one, key)) === value);
    const cpus = pin === undefined ? everyone : numbersOf(attribute(pin, 'cpuset'));
    if (cpus.some((cpu) => cpu > linux.highestCpu)) throw new LibvirtError(`Unable to write to '${scope}/${folder}/cpuset.cpus': ${new FileError('ERANGE').text}`);
    if (cpus.length > 0 && !cpus.some((cpu) => linux.online.includes(cpu))) throw new LibvirtError(`Unable to write to '${scope}/${folder}/cpuset.cpus': ${new FileError('EINVAL').text}`);
    return cpus;
  };
  const scheduled = (name: string, key: string | undefined, value: number): Schedule | undefined => {
    const element = childrenOf(tune, name).findLast((one) => key === undefined || numbersOf(attribute(one, key)).includes(value));
    const schedule = element === undefined ? undefined : scheduleOf(element);
    if (schedule !== undefined && (schedule.policy === 'fifo' || schedule.policy === 'rr') && (schedule.priority < 1 || schedule.priority > 99)) throw unsupported(`Scheduler priority ${schedule.priority} out of range [1, 99]`);
    return schedule;
  };
  return {
    emulator: pinned('emulatorpin', undefined, 0, 'emulator'), emulatorSchedule: scheduled('emulatorsched', undefined, 0),
    vcpus: Array.from({ length: vcpusOf(domain) }, (_, vcpu) => ({ cpus: pinned('vcpupin', 'vcpu', vcpu, `vcpu${vcpu}`), schedule: scheduled('vcpusched', 'vcpus', vcpu) })),
    ioThreads: ioThreadsOf(domain).map((id) => ({ id, cpus: pinned('iothreadpin', 'iothread', id, `iothread${id}`), schedule: scheduled('iothreadsched', 'iothreads', id) })),
  };
}

/** The command line of QEMU as far as anybody reads it. */
function argumentsOf(domain: XmlNode, terminal: string): string[] {
  const state = (name: string): string | undefined => attribute(at(domain, 'features', name), 'state');
  const mode = attribute(at(domain, 'cpu'), 'mode');
  const cpu = [
    mode === 'host-passthrough' ? 'host' : at(domain, 'cpu', 'model')?.text ?? 'qemu64',
    ...(mode === 'host-passthrough' ? [`migratable=${attribute(at(domain, 'cpu'), 'migratable') ?? 'on'}`] : []), ...(state('pmu') === 'off' ? ['pmu=off'] : []),
    ...(attribute(at(domain, 'cpu', 'cache'), 'mode') === 'passthrough' ? ['host-cache-info=on', 'l3-cache=off'] : []),
    ...childrenOf(at(domain, 'cpu'), 'feature').map((feature) => `${attribute(feature, 'name') ?? ''}=${attribute(feature, 'policy') === 'disable' ? 'off' : 'on'}`),
  ];
  const hpet = childrenOf(at(domain, 'clock'), 'timer').some((timer) => attribute(timer, 'name') === 'hpet' && attribute(timer, 'present') === 'no');
  const disks = childrenOf(at(domain, 'devices'), 'disk').flatMap((disk, index) => ['-blockdev', JSON.stringify({ driver: 'file', filename: attribute(childOf(disk, 'source'), 'file') ?? '', 'node-name': `libvirt-${index + 1}-storage` })]);
  const huge = at(domain, 'memoryBacking', 'hugepages') === undefined ? [] : ['-mem-prealloc', '-mem-path', `/dev/hugepages/libvirt/qemu/${nameOf(domain)}`];
  return [
    '/usr/bin/qemu-system-x86_64', '-name', `guest=${nameOf(domain)},debug-threads=on`, '-S', '-machine', `${attribute(at(domain, 'os', 'type'), 'machine') ?? 'pc'},usb=off${state('vmport') === 'off' ? ',vmport=off' : ''},dump-guest-core=off`,
    '-accel', attribute(domain, 'type') === 'kvm' ? 'kvm' : 'tcg', '-cpu', cpu.join(','), '-m', String(Math.round(memoryKibOf(domain) / 1024)), ...huge, '-overcommit', `mem-lock=${isLocked(domain) ? 'on' : 'off'}`,
    '-smp', String(vcpusOf(domain)), '-uuid', uuidOf(domain), '-no-user-config', '-nodefaults', ...(hpet ? ['-no-hpet'] : []), '-no-shutdown', '-boot', 'strict=on', ...disks, '-chardev', `pty,id=charserial0,path=${terminal}`, '-msg', 'timestamp=on',
  ];
}
