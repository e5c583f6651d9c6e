import type { Cache } from '../../model/snapshot.ts';
import type { Capture } from '../capture.ts';
import { cpuListOf, naturalNumber } from './read.ts';

const types = { Data: 'data', Instruction: 'instruction', Unified: 'unified' } as const;
const isType = (text: string | null): text is keyof typeof types => text !== null && Object.hasOwn(types, text);

/** Every cache once, with the CPUs that share it; each CPU names its own, so shared ones are found many times. */
export function cachesOf(capture: Capture): Cache[] {
  const found = new Map<string, Cache>();
  for (const path of capture.paths(/^\/sys\/devices\/system\/cpu\/cpu\d{1,5}\/cache\/index\d{1,3}\/level$/)) {
    const folder = path.slice(0, -'/level'.length);
    const level = naturalNumber(capture.value(path));
    const type = capture.value(`${folder}/type`);
    const cpus = cpuListOf(capture, `${folder}/shared_cpu_list`);
    if (level === null || !isType(type) || cpus === null || cpus.length === 0) continue;
    const key = `${level} ${type} ${capture.value(`${folder}/shared_cpu_list`) ?? ''}`;
    if (found.has(key)) continue;
    found.set(key, {
      level,
      type: types[type],
      id: naturalNumber(capture.value(`${folder}/id`)),
      sizeBytes: sizeOf(capture.value(`${folder}/size`)),
      // 0 is how the kernel says "fully associative or not told".
      ways: naturalNumber(capture.value(`${folder}/ways_of_associativity`)) || null,
      cpus,
    });
  }
  return [...found.values()].sort((a, b) => a.level - b.level || a.type.localeCompare(b.type) || (a.cpus[0] ?? 0) - (b.cpus[0] ?? 0));
}

/** `32K`, `1024K`, `2M` in bytes. */
function sizeOf(text: string | null): number | null {
  const match = /^(\d{1,9})([KMG])?$/.exec(text ?? '');
  if (match === null) return null;
  return Number(match[1]) * { '': 1, K: 1024, M: 1024 ** 2, G: 1024 ** 3 }[unitOf(match[2])];
}

const unitOf = (text: string | undefined) => (text === 'K' || text === 'M' || text === 'G' ? text : '');
