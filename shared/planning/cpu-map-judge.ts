import type { MapFinding, TopologyCpu } from '../model/cpu-map.ts';
import { checkClaims, checkCores, checkHost, checkVms } from './cpu-map-checks.ts';
import { checkCounts, checkModules, checkNodes, checkStressor, checkThreads } from './cpu-map-pool-checks.ts';
import { viewOf, type CpuMapView, type MapOnPaper } from './cpu-map-view.ts';

const order = { error: 0, warning: 1, note: 2 } as const;
const bySeverity = (a: MapFinding, b: MapFinding) => order[a.severity] - order[b.severity];

/** Judges a map by every rule (cpu-map-rules.ts), errors first. Total: any map on any topology is judged. */
export function judgeCpuMap(topology: readonly TopologyCpu[], draft: MapOnPaper): MapFinding[] {
  const view = viewOf(topology, draft);
  return [...placementFindings(view), ...checkCounts(view)].sort(bySeverity);
}

/** The same without comparing numbers of CPUs with those asked for. */
export function placementFindings(view: CpuMapView): MapFinding[] {
  return [checkClaims, checkHost, checkNodes, checkVms, checkCores, checkModules, checkThreads, checkStressor].flatMap((check): MapFinding[] => check(view)).sort(bySeverity);
}

/** Whether a map may be used as it stands. Warnings and notes may stay. */
export const isUsable = (findings: readonly Pick<MapFinding, 'severity'>[]): boolean => findings.every(({ severity }) => severity !== 'error');
