import { counted, evidenceOf, figuresOf, type Noun } from '../rates.ts';
import type { SuspicionRule } from '../suspicion.ts';

interface Kind { readonly pattern: RegExp; readonly what: Noun; readonly rank: number; readonly settingIds: readonly string[] }

/** Lines of /proc/vmstat that mean work on other CPUs than the one that caused it, or waiting. They count for the whole machine. */
const kinds: readonly Kind[] = [
  { pattern: /^(?:pswpin|pswpout)$/, what: ['page swapped', 'pages swapped'], rank: 5, settingIds: ['runtime.swap', 'runtime.swappiness'] },
  { pattern: /^pgmajfault$/, what: ['page fault that waited for a disk', 'page faults that waited for a disk'], rank: 8, settingIds: ['runtime.swap'] },
  { pattern: /^(?:compact_stall|compact_daemon_wake)$/, what: ['run of memory compaction', 'runs of memory compaction'], rank: 6, settingIds: ['runtime.compaction', 'runtime.transparent-hugepages'] },
  { pattern: /^pgmigrate_success$/, what: ['page moved in memory', 'pages moved in memory'], rank: 6, settingIds: ['runtime.compaction', 'runtime.numa-balancing', 'kernel.numa-balancing'] },
  { pattern: /^(?:numa_pages_migrated|numa_hint_faults)$/, what: ['page looked at or moved by NUMA balancing', 'pages looked at or moved by NUMA balancing'], rank: 6, settingIds: ['runtime.numa-balancing', 'kernel.numa-balancing'] },
  { pattern: /^(?:thp_split_pmd|thp_collapse_alloc)$/, what: ['huge page put together or split by the kernel', 'huge pages put together or split by the kernel'], rank: 7, settingIds: ['runtime.transparent-hugepages', 'kernel.transparent-hugepage'] },
  { pattern: /^allocstall_/, what: ['wait for free memory', 'waits for free memory'], rank: 5, settingIds: ['runtime.swappiness', 'runtime.swap'] },
];

export const memory: SuspicionRule = (scene) => [...scene.deltas.vm].flatMap(([name, count]) => {
  const kind = kinds.find(({ pattern }) => pattern.test(name));
  return kind === undefined ? [] : [{
    rule: 'memory', rank: kind.rank, cpu: null, source: name, count,
    words: `${counted(count, kind.what, scene.seconds)}, on the whole machine`, figures: figuresOf(count, scene.seconds),
    evidence: evidenceOf('/proc/vmstat', name, count, scene), settingIds: kind.settingIds, countIn: (deltas) => deltas.vm.get(name) ?? 0,
  }];
});
