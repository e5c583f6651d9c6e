import { readdirSync, readFileSync } from 'node:fs';
import { inProject } from '../../build/lib/project-root.mjs';
import type { CpuMapRequest, TopologyCpu } from '../../shared/model/cpu-map.ts';
import type { GuideId } from '../../shared/model/setting.ts';
import type { Snapshot } from '../../shared/model/snapshot.ts';
import { parseCapture, type Capture } from '../../shared/parsers/capture.ts';
import { snapshotOf } from '../../shared/parsers/snapshot/snapshot.ts';
import { assignmentsOf, planCpuMap } from '../../shared/planning/cpu-map.ts';
import { judgeCpuMap } from '../../shared/planning/cpu-map-judge.ts';
import { catalogue } from '../../shared/settings/catalogue.ts';
import { checkGuide } from '../../shared/settings/check-guide.ts';
import { cheapestOfMany, type Benchmark, type Figure } from './benchmark.ts';

/** What a host of real-time VMs is checked for. */
const fullCheck: readonly GuideId[] = ['firmware', 'kvm-host'];
const settings = catalogue.filter(({ guides }) => guides.some((guide) => fullCheck.includes(guide))).length;

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
      const text = readFileSync(`${folder}/${name}`, 'utf8');
      // A fresh one for every check: what a check keeps of a reading is part of its cost.
      const parsed = () => {
        const capture = parseCapture(text);
        if (!capture.ok) throw capture.error;
        return capture.value;
      };
      return { name: name.replace('.capture', ''), parsed, snapshot: snapshotOf(parsed()) };
    });
    const check = (capture: Capture, snapshot: Snapshot) => { for (const guide of fullCheck) checkGuide({ snapshot, capture, guide, housekeeping: null }); };
    // What the engine compiles once for all is no part of a check.
    for (const { parsed, snapshot } of boards) for (let time = 0; time < 40; time += 1) check(parsed(), snapshot);
    const figures: Figure[] = [];
    const ratios: number[] = [];
    for (const { name, parsed, snapshot } of boards) {
      const text = JSON.stringify(snapshot);
      const floorMs = cheapestOfMany(7, 20, () => { JSON.parse(text); });
      const captures = Array.from({ length: 80 }, parsed);
      let next = 0;
      // Rounds as long as those of the floor, about 1 ms: in longer ones some collection of garbage always falls.
      const fullMs = cheapestOfMany(40, 2, () => { check(captures[next++] ?? parsed(), snapshot); });
      figures.push({ name: `${name}: JSON.parse of the snapshot`, value: floorMs, unit: 'ms CPU' }, { name: `${name}: all ${String(settings)} settings of ${fullCheck.join(' and ')}`, value: fullMs, unit: 'ms CPU' });
      ratios.push(fullMs / floorMs);
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
      ratios: [{ name: 'full check of 100 settings and more ÷ JSON.parse of its snapshot', value: Math.max(...ratios), limit: 20 }, { name: 'CPU map ÷ 100 ms', value: planMs / 100, limit: 1 }, { name: 'judging a CPU map ÷ 16 ms, a frame', value: judgeMs / 16, limit: 1 }],
    };
  },
};
