import type { Handlers } from '../../../shared/contract/dispatch.ts';
import type { CoreParts } from '../create-core.ts';
import { boardHandlers } from './board-handlers.ts';
import { changeHandlers } from './change-handlers.ts';
import { checklistHandlers } from './checklist-handlers.ts';
import { cpuMapHandlers } from './cpu-map-handlers.ts';
import { guideHandlers } from './guide-handlers.ts';
import { inspectHandlers } from './inspect-handlers.ts';
import { jobHandlers } from './job-handlers.ts';
import { practiceHandlers } from './practice-handlers.ts';
import { projectHandlers } from './project-handlers.ts';
import { reportHandlers } from './report-handlers.ts';
import { runHandlers } from './run-handlers.ts';

/** One function per method of the contract, grouped by what it is about. */
export function createHandlers(parts: CoreParts): Handlers {
  return {
    ...projectHandlers(parts),
    ...boardHandlers(parts),
    ...inspectHandlers(parts),
    ...guideHandlers(parts),
    ...checklistHandlers(parts),
    ...cpuMapHandlers(parts),
    ...changeHandlers(parts),
    ...runHandlers(parts),
    ...reportHandlers(parts),
    ...jobHandlers(parts),
    ...practiceHandlers(parts),
  };
}
