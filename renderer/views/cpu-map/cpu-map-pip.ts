import type { SavedCpuMap } from '../../../shared/model/cpu-map.ts';
import type { Pip } from '../guides/guide-counts.ts';

/** What the tab of the CPU map says: whether one is saved, and how it stands on the latest reading. undefined: not asked yet. */
export function cpuMapPip(saved: SavedCpuMap | null | undefined): Pip {
  if (!saved) return { pip: '–', tone: '', words: saved === null ? 'none is saved' : 'not asked yet' };
  const errors = saved.findings.filter(({ severity }) => severity === 'error').length;
  return errors > 0 ? { pip: String(errors), tone: 'bad', words: `${String(errors)} to put right` } : { pip: '✓', tone: 'good', words: 'saved' };
}
