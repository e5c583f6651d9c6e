import { formatCpuList } from '../../../shared/parsers/cpu-list.ts';
import { Folder, Link } from '../files/inode.ts';
import type { Process, Thread } from '../processes/process.ts';
import { formatCpuMask } from './cpu-mask.ts';
import type { PretendLinux } from './pretend-linux.ts';
import { mounts } from './proc-tree.ts';
import { TreeBuilder } from './tree-builder.ts';

const policyNumbers = { other: 0, fifo: 1, rr: 2, batch: 3, idle: 5 } as const;

/** CPUs a thread may run on: its own mask, or every housekeeping CPU. */
export const allowedCpus = (linux: PretendLinux, thread: Thread): readonly number[] => {
  const allowed = thread.affinity.filter((cpu) => linux.online.includes(cpu));
  return allowed.length > 0 ? allowed : linux.housekeeping;
};

export const lastCpu = (linux: PretendLinux, thread: Thread): number => {
  const allowed = allowedCpus(linux, thread);
  return allowed.includes(thread.lastCpu) ? thread.lastCpu : allowed[thread.tid % allowed.length] ?? 0;
};

/** A process that is part of the kernel has no command line. */
const isKernelThread = (process: Process): boolean => process.argv.length === 0;

/** One line of /proc/PID/stat: 52 fields, those that nothing here decides are 0. */
export function statLine(linux: PretendLinux, process: Process, thread: Thread): string {
  const realtime = thread.policy === 'fifo' || thread.policy === 'rr';
  const fields = new Array<number | string>(52).fill(0);
  const put = (field: number, value: number | string): void => {
    fields[field - 1] = value;
  };
  put(1, thread.tid);
  put(2, `(${thread.name.slice(0, 15)})`);
  put(3, isKernelThread(process) ? 'I' : thread.policy === 'other' && process.name !== 'sh' ? 'S' : 'S');
  put(4, process.parentPid);
  put(5, process.group);
  put(6, process.session);
  put(7, process.terminal === undefined ? 0 : 34_816);
  put(8, process.terminal?.foreground ?? -1);
  put(14, Math.floor(process.cpuMs / 20));
  put(15, Math.floor(process.cpuMs / 20));
  put(18, realtime ? -1 - thread.priority : 20 + process.nice);
  put(19, realtime ? 0 : process.nice);
  put(20, process.threads.length);
  put(22, process.startedAtTicks);
  put(23, process.residentKb * 4096);
  put(24, Math.floor(process.residentKb / 4));
  put(38, 17);
  put(39, lastCpu(linux, thread));
  put(40, realtime ? thread.priority : 0);
  put(41, policyNumbers[thread.policy]);
  return `${fields.join(' ')}\n`;
}

export function statusText(linux: PretendLinux, process: Process, thread: Thread): string {
  const allowed = allowedCpus(linux, thread);
  const count = linux.spec.cpus.length;
  const ids = (id: number): string => [id, id, id, id].join('\t');
  return [
    `Name:\t${thread.name}`, `Umask:\t${process.umask.toString(8).padStart(4, '0')}`, 'State:\tS (sleeping)', `Tgid:\t${process.pid}`, 'Ngid:\t0', `Pid:\t${thread.tid}`,
    `PPid:\t${process.parentPid}`, 'TracerPid:\t0', `Uid:\t${ids(process.uid)}`, `Gid:\t${ids(process.gid)}`, 'FDSize:\t64', `Groups:\t${process.groups.join(' ')} `,
    ...(isKernelThread(process) ? [] : [`VmPeak:\t${String(process.residentKb * 3).padStart(8)} kB`, `VmSize:\t${String(process.residentKb * 3).padStart(8)} kB`, `VmLck:\t${String(process.name === 'cyclictest' ? process.residentKb : process.lockedKb).padStart(8)} kB`, `VmRSS:\t${String(process.residentKb).padStart(8)} kB`]),
    `Threads:\t${process.threads.length}`, 'SigQ:\t0/1031249', 'Seccomp:\t0',
    `Cpus_allowed:\t${formatCpuMask(allowed, count)}`, `Cpus_allowed_list:\t${formatCpuList(allowed)}`,
    `Mems_allowed_list:\t${formatCpuList(linux.spec.nodes.map(({ id }) => id))}`, 'voluntary_ctxt_switches:\t184', 'nonvoluntary_ctxt_switches:\t3', '',
  ].join('\n');
}

/** The folder of one process, computed when it is looked at. */
export function processFolder(linux: PretendLinux, process: Process): Folder {
  const folder = new Folder({ mode: 0o555, uid: process.uid, gid: process.gid });
  folder.sealed = true;
  const tree = new TreeBuilder(folder, true);
  threadFiles(linux, process, process.main, tree, '');
  tree.computed('/cmdline', () => process.argv.map((arg) => `${arg}\0`).join(''));
  tree.computed('/environ', () => '', { mode: 0o400, uid: process.uid });
  tree.computed('/mounts', () => mounts(linux));
  tree.computed('/cgroup', () => `0::${process.cgroup ?? (process.unit === undefined ? (isKernelThread(process) ? '/' : '/user.slice/user-1000.slice/session-1.scope') : `/system.slice/${process.unit}`)}\n`);
  tree.computed('/limits', () => limitsText(process));
  tree.put('/cwd', new Link(() => process.workingFolder));
  tree.put('/exe', new Link(() => process.argv[0] ?? ''));
  tree.computed('/statm', () => `${process.residentKb} ${Math.floor(process.residentKb / 4)} 300 200 0 400 0\n`);
  for (const [fd, file] of process.fds) tree.put(`/fd/${fd}`, new Link(() => file.path));
  for (const thread of process.threads) threadFiles(linux, process, thread, tree, `/task/${thread.tid}`);
  return folder;
}

function threadFiles(linux: PretendLinux, process: Process, thread: Thread, tree: TreeBuilder, base: string): void {
  tree.computed(`${base}/stat`, () => statLine(linux, process, thread));
  tree.computed(`${base}/status`, () => statusText(linux, process, thread));
  tree.computed(`${base}/comm`, () => `${thread.name}\n`);
}

function limitsText({ limits }: Process): string {
  const row = (name: string, soft: string | number, unit: string): string => `${name.padEnd(25)} ${String(soft).padEnd(20)} ${String(soft).padEnd(20)} ${unit.padEnd(10)}\n`;
  const memory = limits.lockedMemoryBytes === Infinity ? 'unlimited' : limits.lockedMemoryBytes;
  return [
    'Limit                     Soft Limit           Hard Limit           Units     \n', row('Max cpu time', 'unlimited', 'seconds'), row('Max file size', 'unlimited', 'bytes'),
    row('Max stack size', '8388608', 'bytes'), row('Max core file size', 0, 'bytes'), row('Max processes', 255_000, 'processes'), row('Max open files', 1024, 'files'),
    row('Max locked memory', memory, 'bytes'), row('Max nice priority', 0, ''), row('Max realtime priority', limits.rtPriority, ''), row('Max realtime timeout', 'unlimited', 'us'),
  ].join('');
}
