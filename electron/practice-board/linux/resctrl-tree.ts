import { FileError } from '../files/file-error.ts';
import { ComputedFile, Folder } from '../files/inode.ts';
import { formatCpuMask } from './cpu-mask.ts';
import type { PretendLinux } from './pretend-linux.ts';
import { TreeBuilder } from './tree-builder.ts';

/** /sys/fs/resctrl: an empty folder until it is mounted; absent where CPU or kernel have no cache allocation. */
export function buildResctrl(linux: PretendLinux, tree: TreeBuilder): void {
  const { resctrl } = linux.spec;
  if (resctrl === undefined) return;
  const content = new Folder();
  content.sealed = true;
  const inside = new TreeBuilder(content, true);
  const sockets = [...new Set(linux.spec.cpus.map(({ socket }) => socket))];
  const masks = new Map(sockets.map((socket) => [socket, resctrl.mask]));
  let lastStatus = 'ok';
  const value = (path: string, text: string | number): void => inside.value(`/info/${path}`, text);
  value('L3/num_closids', resctrl.closids);
  value('L3/cbm_mask', resctrl.mask);
  value('L3/min_cbm_bits', resctrl.minimumBits);
  value('L3/shareable_bits', resctrl.shareable);
  value('L3_MON/num_rmids', 320);
  value('L3_MON/mon_features', 'llc_occupancy\nmbm_total_bytes\nmbm_local_bytes');
  if (resctrl.memoryBandwidth) {
    value('MB/num_closids', resctrl.closids);
    value('MB/min_bandwidth', 10);
    value('MB/bandwidth_gran', 10);
    value('MB/delay_linear', 1);
  }
  inside.computed('/info/last_cmd_status', () => `${lastStatus}\n`);
  inside.put('/schemata', new ComputedFile(() => [
    ...(resctrl.memoryBandwidth ? [`    MB:${sockets.map((socket) => `${socket}=100`).join(';')}`] : []),
    `    L3:${sockets.map((socket) => `${socket}=${masks.get(socket) ?? resctrl.mask}`).join(';')}`, '',
  ].join('\n'), (text) => {
    for (const [, socket = '', mask = ''] of text.matchAll(/(\d+)=([0-9a-fA-F]+)/g)) {
      const bits = parseInt(mask, 16);
      lastStatus = bits > parseInt(resctrl.mask, 16) ? 'Mask out of range' : !/^1+0*$/.test(bits.toString(2)) ? `The mask ${mask} has non-consecutive 1-bits` : 'ok';
      if (lastStatus !== 'ok') throw new FileError('EINVAL', 'schemata');
      masks.set(Number(socket), bits.toString(16));
    }
  }));
  inside.value('/mode', 'shareable');
  inside.value('/cpus', () => formatCpuMask(linux.online, linux.spec.cpus.length));
  inside.value('/tasks', () => linux.processes.all().map((process) => process.pid).join('\n'));
  const mountPoint = new Folder({}, {
    names: () => (linux.mounts.has('resctrl') ? content.names() : []),
    find: (name) => (linux.mounts.has('resctrl') ? content.find(name) : undefined),
  });
  mountPoint.sealed = true;
  tree.folder('/fs').entries.set('resctrl', mountPoint);
}
