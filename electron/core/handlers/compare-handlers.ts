import { readBaseline, saveBaseline } from '../compare/baseline-store.ts';
import { compareRuns, curvesOf } from '../compare/compare-runs.ts';
import type { ResultOf } from '../compare/load-compared.ts';
import type { CoreParts } from '../create-core.ts';
import { readImport } from '../import/import-store.ts';
import type { HandlerGroup } from './handler-group.ts';

export function compareHandlers({ project }: CoreParts, resultOf: ResultOf): HandlerGroup<'compare'> {
  return {
    'compare.runs': (request) => compareRuns(project.context, resultOf, request),
    'compare.curves': ({ runs, key }) => curvesOf(project.context, resultOf, runs, key),
    'compare.baseline': () => readBaseline(project.context.store),
    'compare.set-baseline': ({ baseline }) => {
      const { store, runs } = project.context;
      return saveBaseline(store, baseline, async (id) => await runs.get(id).then(() => true, () => false) || await readImport(store, id) !== null);
    },
  };
}
