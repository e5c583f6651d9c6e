import { realpath } from 'node:fs/promises';
import { CodedError } from '../../shared/contract/errors.ts';
import { linkPair, type Link } from '../../shared/contract/link.ts';
import { connectSocket } from './attach/connect-socket.ts';
import { socketAddress } from './attach/socket-address.ts';
import { createCore, type CoreOptions } from './create-core.ts';
import { ProjectStore } from './project/project-store.ts';

/** A core to work with: our own, or the one that has the project open already. */
export interface OpenedCore {
  readonly mode: 'own' | 'attached';
  /** A fresh link to the core, for whoever is the UI. */
  connect(): Promise<Link>;
  /** Lets a window that speaks over `link` use the core. */
  serve(link: Link): void;
  close(): Promise<void>;
}

/**
 * Opens a project, making it when it does not exist. The first core to come owns it; a later one attaches to it.
 * Errors: `project-unreadable`, `project-newer`, `project-exists` (the folder holds something else).
 */
export async function openCore(options: CoreOptions, projectDirectory: string): Promise<OpenedCore> {
  const directory = await realpath(projectDirectory).catch(() => projectDirectory);
  const address = socketAddress(options.paths.stateDirectory, directory);
  const first = await connectSocket(address);
  if (first) {
    first.close();
    return attached(async () => {
      const link = await connectSocket(address);
      if (!link) throw new CodedError('link-lost', 'The window that had this project open has just closed.', { next: 'Repeat the step.' });
      return link;
    });
  }

  const core = createCore(options);
  const isProject = await ProjectStore.isProject(directory);
  if (isProject) await core.handlers['project.open']({ directory });
  else await core.handlers['project.create']({ directory, name: nameFor(directory) });
  return {
    mode: 'own',
    connect: async () => {
      const [mine, theirs] = linkPair();
      core.serve(theirs);
      return mine;
    },
    serve: core.serve,
    close: core.close,
  };
}

function attached(connect: () => Promise<Link>): OpenedCore {
  const open = new Set<Link>();
  return {
    mode: 'attached',
    connect: async () => {
      const link = await connect();
      open.add(link);
      link.onClose(() => { open.delete(link); });
      return link;
    },
    serve: (window) => { void bridge(window, connect); },
    close: async () => { for (const link of open) link.close(); },
  };
}

/** Passes messages on unread: both ends check them. What the window says before the other side is there waits. */
async function bridge(window: Link, connect: () => Promise<Link>): Promise<void> {
  const early: string[] = [];
  let forward = (message: string) => { early.push(message); };
  window.onMessage((message) => { forward(message); });
  try {
    const core = await connect();
    core.onMessage((message) => { window.send(message); });
    core.onClose(() => { window.close(); });
    window.onClose(() => { core.close(); });
    for (const message of early) core.send(message);
    forward = (message) => { core.send(message); };
  } catch {
    window.close();
  }
}

/** `…/line4-press.rtvm` → `line4-press`. */
function nameFor(directory: string): string {
  const last = directory.split(/[\\/]/).filter((part) => part !== '').at(-1) ?? 'project';
  return last.replace(/\.rtvm$/, '') || 'project';
}
