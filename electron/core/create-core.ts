import { serveLink, type Handlers } from '../../shared/contract/dispatch.ts';
import type { Link } from '../../shared/contract/link.ts';
import type { AppPaths } from './app-paths.ts';
import type { PracticePort } from './boards/practice-port.ts';
import { ConsoleDesk } from './consoles/console-desk.ts';
import { EventBus, type EventListener } from './event-bus.ts';
import { consoleHandlers } from './handlers/console-handlers.ts';
import { createHandlers } from './handlers/create-handlers.ts';
import { JobRegistry } from './jobs/job-registry.ts';
import { OpenProject } from './open-project.ts';
import { QuestionDesk } from './questions/question-desk.ts';
import { RecentProjects } from './recent-projects.ts';
import type { PdfPort } from './report/pdf-port.ts';

export type HostKind = 'electron' | 'browser-window' | 'cli';

export interface CoreOptions {
  readonly hostKind: HostKind;
  /** Version of the application, from package.json. */
  readonly version: string;
  readonly paths: AppPaths;
  readonly practice: PracticePort;
  /** How this host prints a page; absent: it cannot. */
  readonly pdf?: PdfPort;
}

/** Everything RTVM Bench does, once: a host adds only its link. */
export interface Core {
  readonly handlers: Handlers;
  subscribe(listener: EventListener): () => void;
  /** Serves one window or command until its link closes. */
  serve(link: Link): void;
  /** Ends following and connections. Runs go on on their boards. */
  close(): Promise<void>;
}

/** What the handlers work with. */
export interface CoreParts extends CoreOptions {
  readonly bus: EventBus;
  readonly jobs: JobRegistry;
  readonly questions: QuestionDesk;
  readonly recent: RecentProjects;
  readonly project: OpenProject;
}

export function createCore(options: CoreOptions): Core {
  const bus = new EventBus();
  const jobs = new JobRegistry(bus);
  const questions = new QuestionDesk(bus);
  const recent = new RecentProjects(options.paths.stateDirectory);
  const core: Core = {
    get handlers() { return handlers; },
    subscribe: (listener) => bus.subscribe(listener),
    serve: (link) => {
      const desk: ConsoleDesk = new ConsoleDesk((event, payload) => { tell(event, payload); });
      const tell = serveLink({ ...handlers, ...consoleHandlers(project, desk) }, link);
      const unsubscribe = bus.subscribe(tell);
      link.onClose(() => {
        unsubscribe();
        desk.closeAll();
      });
    },
    close: async () => {
      questions.refuseAll();
      await jobs.close();
      await project.close();
      await options.practice.stop();
    },
  };
  const project = new OpenProject({ ...options, bus, questions, serve: core.serve });
  const handlers = createHandlers({ ...options, bus, jobs, questions, recent, project });
  return core;
}
