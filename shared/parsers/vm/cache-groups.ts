import type { CacheGroup } from '../../model/vm.ts';
import { parseCpuList } from '../cpu-list.ts';

interface CacheGroups {
  readonly groups: CacheGroup[];
  /** Group of a thread, by its number; all others are in the default group. */
  readonly groupOfThread: ReadonlyMap<number, string>;
}

/** Files of resctrl, as `grep -H` prints them: `/sys/fs/resctrl/GROUP/schemata:    L3:0=fff`. */
export function parseCacheGroups(text: string): CacheGroups {
  const files = new Map<string, { schemata: string[]; cpus: string; mode: string }>();
  const groupOfThread = new Map<number, string>();
  for (const line of text.split('\n')) {
    const [, name = '', file, value = ''] = /^\/sys\/fs\/resctrl\/(?:([^/\n]{1,255})\/)?(schemata|cpus_list|mode|tasks):(.*)$/.exec(line) ?? [];
    if (file === undefined) continue;
    const group = files.get(name) ?? { schemata: [], cpus: '', mode: '' };
    files.set(name, group);
    if (file === 'schemata') group.schemata.push(value.trim());
    else if (file === 'cpus_list') group.cpus = value;
    else if (file === 'mode') group.mode = value.trim();
    else if (/^\d{1,10}$/.test(value.trim())) groupOfThread.set(Number(value), name);
  }
  const groups = [...files].map(([name, { schemata, cpus, mode }]) => {
    const list = parseCpuList(cpus);
    return { name, schemata, cpus: list.ok ? list.value : [], mode };
  });
  return { groups, groupOfThread };
}
