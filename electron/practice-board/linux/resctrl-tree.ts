import { formatCpuList, parseCpuList, parseCpuMask } from '../../../shared/parsers/cpu-list.ts';
import { FileError } from '../files/file-error.ts';
import { ComputedFile, Folder } from '../files/inode.ts';
import { formatCpuMask } from './cpu-mask.ts';
import type { PretendLinux } from './pretend-linux.ts';
import type { ResctrlGroup } from './resctrl.ts';
import { TreeBuilder } from './tree-builder.ts';

/** /sys/fs/resctrl: an empty folder until it is mounted; absent where CPU or kernel have no cache allocation. */
export function buildResctrl(linux: PretendLinux, tree: TreeBuilder): void {
  if (linux.spec.resctrl === undefined) return;
  const { resctrl } = linux;
  const groupFolders = new WeakMap<ResctrlGroup, Folder>();
  const folderOf = (group: ResctrlGroup): Folder => {
    const folder = groupFolders.get(group) ?? groupFolder(linux, group);
    groupFolders.set(group, folder);
    return folder;
  };
  const info = infoFolder(linux);
  const mountPoint: Folder = new Folder({}, {
    names: () => (resctrl.mounted ? ['info', ...folderOf(resctrl.root).names(), ...[...resctrl.groups.keys()].filter((name) => name !== '')] : []),
    find: (name) => {
      if (!resctrl.mounted) return undefined;
      const group = name === '' ? undefined : resctrl.groups.get(name);
      return name === 'info' ? info : group === undefined ? folderOf(resctrl.root).find(name) : folderOf(group);
    },
    make: (name) => {
      if (!resctrl.mounted) throw new FileError('EPERM', name);
      resctrl.make(name);
    },
    remove: (name) => {
      if (!resctrl.groups.has(name)) throw new FileError('EPERM', name);
      resctrl.remove(name);
    },
  });
  mountPoint.sealed = true;
  tree.folder('/fs').entries.set('resctrl', mountPoint);
}

function infoFolder(linux: PretendLinux): Folder {
  const { resctrl } = linux;
  const folder = new Folder();
  folder.sealed = true;
  const inside = new TreeBuilder(folder, true);
  const cache = new Folder({ mode: 0o555 });
  cache.sealed = true;
  const about = new TreeBuilder(cache, true);
  about.value('/num_closids', () => resctrl.closids);
  about.value('/cbm_mask', () => resctrl.spec.mask);
  about.value('/min_cbm_bits', () => resctrl.spec.minimumBits);
  about.value('/shareable_bits', () => resctrl.spec.shareable);
  about.value('/sparse_masks', 0);
  about.value('/bit_usage', () => resctrl.ids.map((id) => `${id}=${usage(linux, id)}`).join(';'));
  inside.value('/L3_MON/num_rmids', 320);
  inside.value('/L3_MON/mon_features', 'llc_occupancy\nmbm_total_bytes\nmbm_local_bytes');
  if (linux.spec.resctrl?.memoryBandwidth === true) {
    inside.value('/MB/num_closids', () => resctrl.closids);
    inside.value('/MB/min_bandwidth', 10);
    inside.value('/MB/bandwidth_gran', 10);
    inside.value('/MB/delay_linear', 1);
  }
  inside.computed('/last_cmd_status', () => `${resctrl.lastStatus}\n`);
  const whole = new Folder({ mode: 0o555 }, { names: () => [...resctrl.caches, ...folder.names()], find: (name) => (resctrl.caches.includes(name) ? cache : folder.find(name)) });
  whole.sealed = true;
  return whole;
}

/** One letter a way, the highest first: S where a group has it, 0 where none. */
function usage({ resctrl }: PretendLinux, id: number): string {
  const used = [...resctrl.groups.values()].flatMap(({ shares }) => resctrl.caches.map((cache) => shares.get(cache)?.get(id) ?? 0)).reduce((all, mask) => all | mask, 0);
  return used.toString(2).padStart(resctrl.fullMask.toString(2).length, '0').replaceAll('1', 'S');
}

function groupFolder(linux: PretendLinux, group: ResctrlGroup): Folder {
  const { resctrl } = linux;
  const folder = new Folder();
  folder.sealed = true;
  const inside = new TreeBuilder(folder, true);
  inside.put('/schemata', new ComputedFile(() => resctrl.schemata(group), (text) => resctrl.write(group, text)));
  inside.computed('/size', () => resctrl.sizes(group));
  inside.knob('/mode', () => group.mode, (text) => {
    if (text !== 'shareable') throw new FileError('EINVAL', 'mode');
  });
  const given = (result: ReturnType<typeof parseCpuList>): void => {
    if (!result.ok) throw new FileError('EINVAL', 'cpus');
    resctrl.giveCpus(group, result.value);
  };
  inside.knob('/cpus', () => formatCpuMask(group.cpus, linux.spec.cpus.length), (text) => given(parseCpuMask(text)));
  inside.knob('/cpus_list', () => formatCpuList(group.cpus), (text) => given(parseCpuList(text)));
  inside.put('/tasks', new ComputedFile(() => resctrl.tasksOf(group).map((tid) => `${tid}\n`).join(''), (text) => {
    for (const line of text.trim().split(/[\n,]/)) {
      if (!/^\d+$/.test(line.trim())) throw new FileError('EINVAL', 'tasks');
      resctrl.move(Number(line), group);
    }
  }));
  return folder;
}
