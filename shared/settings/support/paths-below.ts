import type { Capture } from '../../parsers/capture.ts';

const known = new WeakMap<Capture, Map<string, string[]>>();

/** What was read below a folder of two parts (`/etc/modprobe.d`, `/sys/class`); `/proc/#` are the folders of processes. Sorted as read. */
export function pathsBelow(capture: Capture, folder: string): readonly string[] {
  const before = known.get(capture);
  if (before) return before.get(folder) ?? [];
  // A check asks many times, and a big server's reading has thousands of files: they are sorted into folders once.
  const index = new Map<string, string[]>();
  let lastFolder = '';
  let lastBucket: string[] = [];
  for (const path of capture.paths(/^\//)) {
    // What was read of one folder stands together.
    if (lastFolder !== '' && path.startsWith(lastFolder)) {
      lastBucket.push(path);
      continue;
    }
    const end = path.indexOf('/', path.indexOf('/', 1) + 1);
    const start = path.slice(0, end < 0 ? undefined : end);
    const key = path.startsWith('/proc/') && /\d$/.test(start) ? '/proc/#' : start;
    lastFolder = end < 0 ? '' : path.slice(0, end + 1);
    lastBucket = index.get(key) ?? [];
    lastBucket.push(path);
    index.set(key, lastBucket);
  }
  known.set(capture, index);
  return index.get(folder) ?? [];
}
