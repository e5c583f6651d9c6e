import type { VmCheck } from '../../../model/vm.ts';
import { formatCpuList } from '../../../parsers/cpu-list.ts';
import { pinsOf, vcpuSchedulesOf } from '../domain-facts.ts';
import { sameNumbers } from '../cpuset.ts';
import { reachOf } from '../reach-of.ts';
import { priorityOf } from '../rules/thread-schedules.ts';
import { good, isRealTime, notAsked, overlap, policyWords, readAsRoot, shortened, tuneAndRestart, unknown, vcpuThreadsOf, wrong, type Subject } from './subject.ts';

const accelerated = { id: 'kvm', title: 'The processor runs the guest itself (KVM)' };
const places = { id: 'vcpu-places', title: 'Each vCPU is on its one host CPU' };
const schedules = { id: 'vcpu-schedules', title: 'Each vCPU has its policy and priority' };
const alone = { id: 'fifo-alone', title: 'No FIFO vCPU shares its CPU' };

export function checkVcpus(subject: Subject): VmCheck[] {
  const threads = vcpuThreadsOf(subject.vm);
  if (threads.length === 0) return [accelerated, places, schedules, alone].map((about) => unknown(about, { message: 'The threads of this VM were not seen.' }, readAsRoot));
  return [checkAccelerated(threads), checkPlaces(subject, threads), checkSchedules(subject, threads), checkAlone(subject, threads)];
}

type Threads = ReturnType<typeof vcpuThreadsOf>;

function checkAccelerated(threads: Threads): VmCheck {
  const emulated = threads.filter(({ name }) => /^CPU \d+\/TCG$/.test(name));
  const evidence = shortened(threads.map(({ threadId, name }) => `thread ${threadId}: ${name}`));
  return emulated.length === 0 ? good(accelerated, { message: 'Its vCPUs are threads of KVM.', evidence })
    : wrong(accelerated, { message: 'QEMU emulates the processor in software: nothing here has any bound in time.', evidence }, 'Give the domain type=\'kvm\'; where KVM is missing, the guide “KVM host” says why.');
}

function checkPlaces({ vm, map, running }: Subject, threads: Threads): VmCheck {
  const pins = new Map(pinsOf(running, 'vcpupin', 'vcpu').map(({ number, cpus }) => [number, cpus]));
  const mapped = new Map(map?.vcpus.map(({ vcpu, cpu }) => [vcpu, [cpu]]));
  const judged = threads.map(({ vcpu, threadId, name, cpus, lastCpu }) => {
    const defined = pins.get(vcpu) ?? null;
    const asked = mapped.get(vcpu) ?? defined;
    const seen = cpus === null ? 'where it may run was not read' : `may run on ${formatCpuList(cpus)}`;
    return {
      cpus, asked, defined, line: `vCPU ${vcpu} → ${cpus?.length === 1 ? 'CPU' : 'CPUs'} ${cpus === null ? '?' : formatCpuList(cpus)}: thread ${threadId} “${name}” ${seen}${lastCpu === null ? '' : `, ran last on ${lastCpu}`}${asked === null ? '' : `; ${mapped.has(vcpu) ? 'the map' : 'the definition'} asks for ${formatCpuList(asked)}`}`,
    };
  });
  const evidence = judged.map(({ line }) => line);
  const missing = [...mapped.keys()].filter((vcpu) => !threads.some((thread) => thread.vcpu === vcpu));
  if (judged.every(({ asked }) => asked === null)) return notAsked(places, { message: 'Neither its definition nor a CPU map gives its vCPUs CPUs of their own: they go where the host lets them.', evidence });
  if (judged.some(({ cpus }) => cpus === null)) return unknown(places, { message: 'Where some vCPUs may run was not read.', evidence }, readAsRoot);
  const astray = judged.filter(({ cpus, asked }) => cpus?.length !== 1 || (asked !== null && !sameNumbers(cpus, asked)));
  if (missing.length > 0) return wrong(places, { message: `The map places vCPU ${formatCpuList(missing)}, which the running VM does not have.`, evidence }, tuneAndRestart);
  if (astray.length === 0) return good(places, { message: `${threads.map(({ vcpu, cpus }) => `${vcpu}→${formatCpuList(cpus ?? [])}`).join(', ')} (vCPU→host CPU).`, evidence });
  const wide = astray.filter(({ cpus }) => cpus?.length !== 1).length;
  const moved = astray.some(({ cpus, defined }) => defined?.length === 1 && !sameNumbers(cpus, defined));
  return wrong(places, { message: wide > 0 ? `${wide} of ${threads.length} vCPUs may run on several CPUs.` : `${astray.length} of ${threads.length} vCPUs are on another CPU than asked.`, evidence },
    moved ? `They were moved after the start. \`virsh vcpupin ${vm.name} VCPU CPU --live\` puts them back at once; a restart of the VM does too.` : tuneAndRestart);
}

function checkSchedules({ map, running }: Subject, threads: Threads): VmCheck {
  const defined = vcpuSchedulesOf(running);
  const mapped = new Set(map?.vcpus.map(({ vcpu }) => vcpu));
  const askedOf = (vcpu: number): { policy: string; priority: number } | null => {
    if (map !== null && mapped.has(vcpu)) return map.scheduler.policy === 'other' ? { policy: 'other', priority: 0 } : { policy: map.scheduler.policy, priority: priorityOf(map, vcpu) };
    const schedule = defined.get(vcpu);
    return schedule === undefined ? null : { policy: schedule.policy, priority: schedule.priority ?? 0 };
  };
  const judged = threads.map(({ vcpu, threadId, policy, priority }) => {
    const asked = askedOf(vcpu);
    const isSo = asked === null || (asked.policy === policy && (policy === 'other' || asked.priority === priority));
    return { asked, isSo, line: `vCPU ${vcpu}, thread ${threadId}: ${policyWords({ policy, priority })}${asked === null ? '' : `; ${map !== null && mapped.has(vcpu) ? 'the map' : 'the definition'} asks for ${policyWords(asked)}`}` };
  });
  const evidence = judged.map(({ line }) => line);
  if (judged.every(({ asked }) => asked === null)) return notAsked(schedules, { message: 'Neither its definition nor a CPU map asks for a real-time policy.', evidence });
  const off = judged.filter(({ isSo }) => !isSo).length;
  return off === 0 ? good(schedules, { message: `${threads.map(({ vcpu, policy, priority }) => `vCPU ${vcpu} ${policyWords({ policy, priority })}`).join(', ')}.`, evidence })
    : wrong(schedules, { message: `${off} of ${threads.length} vCPUs have another policy or priority than asked.`, evidence }, `${tuneAndRestart} If the definition says so already, something changed the threads: \`chrt -p THREAD\` shows one, and a restart of the VM puts it right.`);
}

/** Source of the warning: Intel ECI, Real-Time VM Configuration, on vcpusched; sched(7). */
function checkAlone({ vm, host }: Subject, threads: Threads): VmCheck {
  const fifo = threads.filter(isRealTime);
  if (fifo.length === 0) return notAsked(alone, { message: 'None of its vCPUs has a real-time policy.' });
  if (fifo.some(({ cpus }) => cpus === null)) return unknown(alone, { message: 'Where some vCPUs may run was not read.' }, readAsRoot);
  const others = [
    ...host.vms.flatMap(({ name, threads: ofVm }) => ofVm.map((thread) => ({ threadId: thread.threadId, cpus: thread.cpus ?? [], lastCpu: thread.lastCpu, who: `${name === vm.name ? 'its own' : `VM ${name}:`} “${thread.name}”` }))),
    ...host.intruders.map(({ threadId, name, cpus, lastCpu }) => ({ threadId, cpus, lastCpu, who: `“${name}”` })),
  ];
  const shares = fifo.flatMap(({ vcpu, threadId, cpus, policy, priority }) => others.flatMap((other) => {
    const shared = other.threadId === threadId ? [] : overlap(cpus ?? [], reachOf(other, host.isolatedCpus ?? []));
    return shared.length === 0 ? [] : [`vCPU ${vcpu} (${policyWords({ policy, priority })}) and thread ${other.threadId}, ${other.who}: CPU ${formatCpuList(shared)}`];
  }));
  if (shares.length === 0) return good(alone, { message: 'Each of them has its CPU to itself.' });
  return wrong(alone, { message: 'A FIFO vCPU gives its CPU to nothing of lower priority: what shares the CPU can starve, and when the vCPU waits for that (a page, a lock, an interrupt) both stand still — a deadlock of the VM or the host.', evidence: shortened(shares) },
    'Give each vCPU a CPU of its own on the CPU map, isolate it (isolcpus, irqaffinity), and keep the emulator and I/O threads on housekeeping CPUs.');
}
