import type { Snapshot } from '../../model/snapshot.ts';
import type { Capture } from '../capture.ts';
import { bracketed, kibibytesOf, naturalNumber } from './read.ts';

/** Memory, huge pages of each size, transparent huge pages and page merging (both absent on real-time kernels or not built). */
export function memoryOf(capture: Capture): Snapshot['memory'] {
  const meminfo = capture.lines('/proc/meminfo');
  return {
    totalBytes: kibibytesOf(meminfo, 'MemTotal'),
    availableBytes: kibibytesOf(meminfo, 'MemAvailable'),
    swapBytes: kibibytesOf(meminfo, 'SwapTotal'),
    hugepages: hugepagesOf(capture),
    transparentHugepages: bracketed(capture.value('/sys/kernel/mm/transparent_hugepage/enabled')),
    ksm: capture.value('/sys/kernel/mm/ksm/run'),
  };
}

/** /proc/meminfo counts the default size only, so the folder of each size is read. */
function hugepagesOf(capture: Capture): Snapshot['memory']['hugepages'] {
  return capture.paths(/^\/sys\/kernel\/mm\/hugepages\/hugepages-\d{1,12}kB\/nr_hugepages$/).flatMap((path) => {
    const sizeKb = naturalNumber(/hugepages-(\d+)kB/.exec(path)?.[1]);
    const total = naturalNumber(capture.value(path));
    const free = naturalNumber(capture.value(path.replace('/nr_hugepages', '/free_hugepages')));
    return sizeKb === null || total === null || free === null ? [] : [{ sizeKb, total, free }];
  }).sort((a, b) => a.sizeKb - b.sizeKb);
}
