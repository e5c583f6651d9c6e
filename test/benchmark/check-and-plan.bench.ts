import { readdirSync, readFileSync } from 'node:fs';
import { inProject } from '../../build/lib/project-root.mjs';
import type { CpuMapRequest, TopologyCpu } from '../../shared/model/cpu-map.ts';
import { guideIds } from '../../shared/model/setting.ts';
import { parseCapture } from '../../shared/parsers/capture.ts';
import { snapshotOf } from '../../shared/parsers/snapshot/snapshot.ts';
import { assignmentsOf, planCpuMap } from '../../shared/planning/cpu-map.ts';
import { judgeCpuMap } from '../../shared/planning/cpu-map-judge.ts';
import { checkGuide } from '../../shared/settings/check-guide.ts';
import { cheapestOfMany, type Benchmark, type Figure } from './benchmark.ts';

/** 4 sockets of 64 CPUs, one thread to a core. */
const topology: TopologyCpu[] = Array.from({ length: 256 }, (_, cpu) => ({ cpu, core: cpu % 64, socket: Math.floor(cpu / 64), node: Math.floor(cpu / 64), kind: null }));
const request: CpuMapRequest = {
  housekeeping: topology.filter(({ core }) => core < 4).map(({ cpu }) => cpu),
  vms: Array.from({ length: 16 }, (_, vm) => ({ name: `vm${String(vm)}`, count: 12, node: vm % 4 })),
  emulator: { count: 4, node: 0 }, ioThreads: { count: 2, node: 1 }, measuring: null, stressor: { count: 4, node: 2 },
};

export const benchmark: Benchmark = {
  name: 'check a whole guide; plan 256 CPUs for 16 VMs',
  run: async () => {
    const folder = inProject('test', 'fixtures', 'captures');
    const boards = readdirSync(folder).filter((name) => name.endsWith('.capture')).map((name) => {
      const capture = parseCapture(readFileSync(`${folder}/${name}`, 'utf8'));
      if (!capture.ok) throw capture.error;
      return { name: name.replace('.capture', ''), capture: capture.value, snapshot: snapshotOf(capture.value) };
    });
    const figures: Figure[] = [];
    const ratios: number[] = [];
    for (const { name, capture, snapshot } of boards) {
      const text = JSON.stringify(snapshot);
      const floorMs = cheapestOfMany(7, 20, () => { JSON.parse(text); });
      const guides = guideIds.map((guide) => ({ guide, ms: cheapestOfMany(5, 4, () => checkGuide({ snapshot, capture, guide, housekeeping: null })) }));
      const slowest = guides.reduce((worst, one) => (one.ms > worst.ms ? one : worst));
      figures.push({ name: `${name}: JSON.parse of the snapshot`, value: floorMs, unit: 'ms CPU' }, { name: `${name}: ${slowest.guide}, the dearest guide`, value: slowest.ms, unit: 'ms CPU' });
      ratios.push(slowest.ms / floorMs);
    }
    const planMs = cheapestOfMany(5, 5, () => {
      const { vms, findings } = planCpuMap(topology, request);
      if (vms.some(({ vcpus }) => vcpus.length !== 12)) throw new Error(`the map is incomplete: ${findings.map(({ message }) => message).join(' ')}`);
    });
    // Judged again at every touch of a CPU on the screen: it has to fit into a frame.
    const draft = { request, assignments: assignmentsOf(planCpuMap(topology, request)) };
    const judgeMs = cheapestOfMany(5, 20, () => { judgeCpuMap(topology, draft); });
    figures.push({ name: 'CPU map of 256 CPUs for 16 VMs', value: planMs, unit: 'ms CPU' }, { name: 'judging that map by every rule', value: judgeMs, unit: 'ms CPU' });
    return {
      figures,
      ratios: [{ name: 'dearest guide ÷ JSON.parse of its snapshot', value: Math.max(...ratios), limit: 20 }, { name: 'CPU map ÷ 100 ms', value: planMs / 100, limit: 1 }, { name: 'judging a CPU map ÷ 16 ms, a frame', value: judgeMs / 16, limit: 1 }],
    };
  },
};
