import type { Handlers } from '../../../shared/contract/dispatch.ts';
import { ConsoleDesk } from '../consoles/console-desk.ts';
import type { CoreParts } from '../create-core.ts';
import { readVmHost } from '../vms/read-vm-host.ts';
import { lastReadVm, lastVmReading, saveVmReading } from '../vms/vm-store.ts';
import { abHandlers } from './ab-handlers.ts';
import { boardHandlers } from './board-handlers.ts';
import { compareHandlers } from './compare-handlers.ts';
import { campaignHandlers } from './campaign-handlers.ts';
import { changeHandlers } from './change-handlers.ts';
import { checklistHandlers } from './checklist-handlers.ts';
import { consoleHandlers } from './console-handlers.ts';
import { cpuMapHandlers } from './cpu-map-handlers.ts';
import { guideHandlers } from './guide-handlers.ts';
import { importHandlers } from './import-handlers.ts';
import { inspectHandlers } from './inspect-handlers.ts';
import { jobHandlers } from './job-handlers.ts';
import { loadCheckHandler } from './load-check-handler.ts';
import { practiceHandlers } from './practice-handlers.ts';
import { projectHandlers } from './project-handlers.ts';
import { reportHandlers } from './report-handlers.ts';
import { runHandlers } from './run-handlers.ts';
import { vmCreateHandlers } from './vm-create-handlers.ts';
import { vmHandlers } from './vm-handlers.ts';
import { workloadHandlers } from './workload-handlers.ts';

/** One function per method of the contract, grouped by what it is about. */
export function createHandlers(parts: CoreParts): Handlers {
  const runs = runHandlers(parts);
  const changes = changeHandlers(parts);
  const compare = compareHandlers(parts, async (runId) => runs['runs.result']({ runId }));
  return {
    ...projectHandlers(parts),
    ...boardHandlers(parts),
    ...inspectHandlers(parts),
    ...guideHandlers(parts),
    ...checklistHandlers(parts),
    ...cpuMapHandlers(parts),
    ...changes,
    ...runs,
    ...campaignHandlers(parts, runs),
    ...compare,
    ...abHandlers(parts, { ...runs, ...changes, ...compare }),
    ...importHandlers(parts),
    ...vmHandlers(parts),
    ...vmCreateHandlers(parts, {
      latest: (boardId) => lastVmReading(parts.project.context.store, boardId),
      readAgain: async (boardId, signal) => {
        const { store, sessions } = parts.project.context;
        await saveVmReading(store, boardId, await readVmHost({ session: await sessions.get(boardId), signal }));
      },
    }),
    ...loadCheckHandler(parts, (boardId, name) => lastReadVm(parts.project.context.store, boardId, name)),
    ...workloadHandlers(parts),
    ...consoleHandlers(parts.project, new ConsoleDesk((event, payload) => { parts.bus.emit(event, payload); })),
    ...reportHandlers(parts),
    ...jobHandlers(parts),
    ...practiceHandlers(parts),
  };
}
