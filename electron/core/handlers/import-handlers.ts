import type { CoreParts } from '../create-core.ts';
import { importResults } from '../import/import-results.ts';
import { listImports, readImport, removeImport, unknownImport } from '../import/import-store.ts';
import type { HandlerGroup } from './handler-group.ts';

export function importHandlers({ project, bus }: CoreParts): HandlerGroup<'imports'> {
  return {
    'imports.add': async (request) => {
      const added = await importResults(project.context.store, request);
      bus.emit('runs-changed', { runId: null });
      return added;
    },
    'imports.list': () => listImports(project.context.store),
    'imports.result': async ({ runId }) => {
      const found = await readImport(project.context.store, runId);
      if (found === null) throw unknownImport(runId);
      return found;
    },
    'imports.remove': async ({ runId }) => {
      await removeImport(project.context.store, runId);
      bus.emit('runs-changed', { runId: null });
      return {};
    },
  };
}
