import type { VmHost, VmThread } from '../../model/vm.ts';
import { parseCpuList } from '../cpu-list.ts';

interface VmProcess {
  readonly processId: number | null;
  readonly lockedBytes: number | null;
  readonly threads: VmThread[];
}

interface Line {
  readonly process: number;
  readonly thread: number;
  readonly ofVm: boolean;
  readonly ofKernel: boolean;
  readonly cpus: number[] | null;
  readonly policy: VmThread['policy'];
  readonly priority: number;
  readonly lastCpu: number;
  readonly name: string;
}

/** Numbers of scheduling policies. Source: Linux include/uapi/linux/sched.h. */
const policies: readonly VmThread['policy'][] = ['other', 'fifo', 'rr', 'batch', 'unknown', 'idle', 'deadline'];

const linePattern = /^thread (\d{1,10}) (\d{1,10}) (vm|other) (user|kernel) (\S{1,9999}) (\d{1,2}) (\d{1,3}) (\d{1,4}) (.*)$/;

/** The threads that vm-read.sh found: those of each VM by its UUID, and what else may run on CPUs that vCPUs have for themselves. */
export function parseVmThreads(processesText: string, threadsText: string, groupOf: ((thread: number) => string) | null): { ofVm(uuid: string): VmProcess; intruders: VmHost['intruders'] } {
  const processes = new Map<string, number[]>();
  for (const [, process, uuid = ''] of processesText.matchAll(/^\/proc\/(\d{1,10})\/cmdline:([0-9a-f-]{36})$/gm)) {
    processes.set(uuid, [...processes.get(uuid) ?? [], Number(process)]);
  }
  const lines: Line[] = [];
  const locked = new Map<number, number>();
  for (const text of threadsText.split('\n')) {
    const [, process, kibibytes] = /^locked (\d{1,10}) (\d{1,15})$/.exec(text) ?? [];
    if (process !== undefined) locked.set(Number(process), Number(kibibytes) * 1024);
    const line = lineOf(text);
    if (line !== null) lines.push(line);
  }
  const ofVm = (uuid: string): VmProcess => {
    const candidates = processes.get(uuid) ?? [];
    const own = lines.filter(({ process, ofVm }) => ofVm && candidates.includes(process));
    // Its UUID is an argument of helpers too (a TPM, a console): QEMU is the one with vCPUs, or at least by its name.
    const main = own.find(({ name }) => /^CPU \d+\//.test(name))?.process ?? own.find(({ process, thread, name }) => process === thread && /^(?:qemu|kvm)/.test(name))?.process ?? null;
    return {
      processId: main, lockedBytes: main === null ? null : locked.get(main) ?? null,
      threads: own.map((line) => threadOf(line, main, groupOf)).sort((a, b) => (a.vcpu ?? 1e9) - (b.vcpu ?? 1e9) || a.threadId - b.threadId),
    };
  };
  const intruders = lines.filter(({ ofVm }) => !ofVm).map(({ thread, name, cpus, lastCpu }) => ({ threadId: thread, name, cpus: cpus ?? [], lastCpu }));
  return { ofVm, intruders: intruders.sort((a, b) => a.threadId - b.threadId) };
}

function lineOf(text: string): Line | null {
  const [, process, thread, whose, kind, cpus = '', policy, priority, lastCpu, name = ''] = linePattern.exec(text) ?? [];
  if (process === undefined) return null;
  const list = parseCpuList(cpus);
  return {
    process: Number(process), thread: Number(thread), ofVm: whose === 'vm', ofKernel: kind === 'kernel', cpus: list.ok ? list.value : null,
    policy: policies[Number(policy)] ?? 'unknown', priority: Number(priority), lastCpu: Number(lastCpu), name,
  };
}

/** Names are QEMU's (`CPU 0/KVM`, `IO iothread1`), given by libvirt with debug-threads=on, and the kernel's (`vhost-4711`). */
function threadOf({ process, thread, ofKernel, cpus, policy, priority, lastCpu, name }: Line, main: number | null, groupOf: ((thread: number) => string) | null): VmThread {
  const [, number] = /^CPU (\d{1,4})\//.exec(name) ?? [];
  const role = number !== undefined ? 'vcpu' : name.startsWith('vhost-') ? 'vhost' : name.startsWith('IO iothread') ? 'iothread' : ofKernel || process !== main || name.startsWith('kvm-') ? 'other' : 'emulator';
  return { threadId: thread, name, role, vcpu: number === undefined ? null : Number(number), cpus, lastCpu, policy, priority, cacheGroup: groupOf?.(thread) ?? null };
}
