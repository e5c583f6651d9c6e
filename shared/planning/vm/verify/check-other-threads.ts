import type { VmCheck, VmHost, VmThread } from '../../../model/vm.ts';
import { formatCpuList } from '../../../parsers/cpu-list.ts';
import { emulatorCpusOf, pinsOf } from '../domain-facts.ts';
import { reachOf } from '../reach-of.ts';
import { good, notAsked, overlap, ownCpusOf, readAsRoot, shortened, tuneAndRestart, unknown, wrong, type Subject } from './subject.ts';

const emulator = { id: 'emulator-places', title: 'The emulator’s threads keep off the vCPUs’ CPUs' };
const ioThreads = { id: 'iothread-places', title: 'I/O threads are where they should be' };

export function checkOtherThreads(subject: Subject): VmCheck[] {
  return [checkEmulator(subject), checkIoThreads(subject)];
}

function checkEmulator({ vm, host, map, running }: Subject): VmCheck {
  const asked = map?.emulator ?? emulatorCpusOf(running);
  const threads = vm.threads.filter(({ role }) => role === 'emulator' || role === 'vhost' || role === 'other');
  // The kernel's own threads for a VM (kvm-pit) are not in its control group: emulatorpin does not hold for them.
  return judge(emulator, threads, host, ({ role }) => (role === 'other' ? null : asked), 'Pin the emulator to housekeeping CPUs (<emulatorpin>): the CPU map does it.');
}

function checkIoThreads({ vm, host, map, running }: Subject): VmCheck {
  const threads = vm.threads.filter(({ role }) => role === 'iothread');
  const numberOf = ({ name }: VmThread) => Number(/^IO iothread(\d{1,4})$/.exec(name)?.[1] ?? Number.NaN);
  const pins = new Map(pinsOf(running, 'iothreadpin', 'iothread').map(({ number, cpus }) => [number, cpus]));
  if (threads.length === 0) return notAsked(ioThreads, { message: 'It has no I/O threads.' });
  const askedOf = (thread: VmThread) => map?.iothreads.find(({ iothread }) => iothread === numberOf(thread))?.cpus ?? map?.ioThreadCpus ?? pins.get(numberOf(thread)) ?? null;
  return judge(ioThreads, threads, host, askedOf, 'Pin the I/O threads beside the emulator (<iothreadpin>): the CPU map does it.');
}

function judge(about: Pick<VmCheck, 'id' | 'title'>, threads: readonly VmThread[], host: VmHost, askedOf: (thread: VmThread) => readonly number[] | null, fix: string): VmCheck {
  if (threads.length === 0) return unknown(about, { message: 'The threads were not seen.' }, readAsRoot);
  const own = ownCpusOf(host.vms);
  const judged = threads.map((thread) => {
    const asked = askedOf(thread);
    const cpus = thread.cpus ?? [];
    return { ...thread, asked, onOwn: overlap(reachOf({ ...thread, cpus }, host.isolatedCpus ?? []), own), outside: asked === null ? [] : cpus.filter((cpu) => !asked.includes(cpu)) };
  });
  const evidence = shortened(alike(judged.map(({ name, cpus, asked }) => `“${name}” may run on ${cpus === null ? '?' : formatCpuList(cpus)}${asked === null ? '' : `; asked for ${formatCpuList(asked)}`}`)));
  if (own.size === 0 && judged.every(({ asked }) => asked === null)) return notAsked(about, { message: 'No vCPU has a CPU of its own, and no CPUs are asked for.', evidence });
  if (judged.some(({ cpus }) => cpus === null)) return unknown(about, { message: 'Where some of them may run was not read.', evidence }, readAsRoot);
  const onOwn = [...new Set(judged.flatMap((thread) => thread.onOwn))];
  if (onOwn.length > 0) return wrong(about, { message: `Some may run on CPU ${formatCpuList(onOwn)}, which a vCPU has for itself.`, evidence }, `${fix} ${tuneAndRestart}`);
  const outside = [...new Set(judged.flatMap((thread) => thread.outside))];
  if (outside.length > 0) return wrong(about, { message: `Some may run on CPU ${formatCpuList(outside)}, beyond what is asked for.`, evidence }, tuneAndRestart);
  return good(about, { message: `They run on CPU ${formatCpuList(judged.flatMap(({ cpus }) => cpus ?? []))}.`, evidence });
}

/** Lines that are the same are said once, with their number. */
function alike(lines: readonly string[]): string[] {
  const counts = new Map<string, number>();
  for (const line of lines) counts.set(line, (counts.get(line) ?? 0) + 1);
  return [...counts].map(([line, count]) => (count === 1 ? line : `${count} × ${line}`));
}
