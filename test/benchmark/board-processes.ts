import { readdirSync, readFileSync } from 'node:fs';
import { parseCpuList } from '../../shared/parsers/cpu-list.ts';

export interface BoardProcess {
  readonly pid: number;
  readonly name: string;
  /** Including its children that have ended. */
  readonly cpuMs: number;
  readonly allowedCpus: readonly number[];
}

/** Clock ticks of /proc/PID/stat: USER_HZ, 100 on every architecture that Linux's distributions ship. */
const tickMs = 10;

/** Processes of this machine that name `base` among their arguments, what they started, and what serves their connection; cyclictest itself is what is measured. */
export function oursOn(base: string): { ours: BoardProcess[]; sshd: BoardProcess[] } {
  const all = readdirSync('/proc').filter((name) => /^\d+$/.test(name)).flatMap((name) => {
    try {
      return [readProcess(name)];
    } catch {
      return [];
    }
  });
  const byPid = new Map(all.map((one) => [one.pid, one]));
  const named = all.filter((one) => one.name !== 'cyclictest' && one.arguments.includes(base));
  const ours = all.filter((one) => one.name !== 'cyclictest' && one.name !== 'sshd' && (named.includes(one) || named.some(({ pid }) => pid === one.parent)));
  const sshd = new Set<BoardProcess>();
  for (const one of named) {
    for (let above = byPid.get(one.parent); above?.name === 'sshd' && !above.arguments.includes('[listener]'); above = byPid.get(above.parent)) sshd.add(above);
  }
  return { ours, sshd: [...sshd] };
}

function readProcess(name: string): BoardProcess & { parent: number; arguments: string } {
  const stat = readFileSync(`/proc/${name}/stat`, 'utf8');
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ').map(Number);
  const ticks = fields.slice(11, 15).reduce((sum, value) => sum + value, 0);
  const allowed = parseCpuList(/^Cpus_allowed_list:\s*(\S+)/m.exec(readFileSync(`/proc/${name}/status`, 'utf8'))?.[1] ?? '');
  return {
    pid: Number(name), name: stat.slice(stat.indexOf('(') + 1, stat.lastIndexOf(')')), cpuMs: ticks * tickMs, parent: fields[1] ?? 0,
    allowedCpus: allowed.ok ? allowed.value : [], arguments: readFileSync(`/proc/${name}/cmdline`, 'utf8').replaceAll('\0', ' '),
  };
}
