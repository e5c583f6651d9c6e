import { realpath } from 'node:fs/promises';
import { CodedError } from '../../shared/contract/errors.ts';
import type { Link } from '../../shared/contract/link.ts';
import type { Board } from '../../shared/model/board.ts';
import type { ProjectInfo } from '../../shared/model/project.ts';
import { stampOf } from '../../shared/model/stamp.ts';
import { connectSocket } from './attach/connect-socket.ts';
import { serveSocket } from './attach/serve-socket.ts';
import { socketAddress } from './attach/socket-address.ts';
import { BoardSessions } from './boards/board-sessions.ts';
import { FileCampaignStore } from './campaigns/file-campaign-store.ts';
import { FileChangeStore } from './changes/file-change-store.ts';
import type { CoreOptions } from './create-core.ts';
import type { EventBus } from './event-bus.ts';
import { lockProject } from './project/project-lock.ts';
import { ProjectStore } from './project/project-store.ts';
import type { QuestionDesk } from './questions/question-desk.ts';
import { FileRunStore } from './runs/file-run-store.ts';

interface Parts extends CoreOptions {
  readonly bus: EventBus;
  readonly questions: QuestionDesk;
  serve(link: Link): void;
}

/** What belongs to the project that is open. */
export interface ProjectContext {
  readonly store: ProjectStore;
  readonly sessions: BoardSessions;
  readonly runs: FileRunStore;
  readonly changes: FileChangeStore;
  readonly campaigns: FileCampaignStore;
}

const practiceBoardId = 'practice';

/** The one project this core has open, its lock and its connections. */
export class OpenProject {
  readonly #parts: Parts;
  #context: ProjectContext | null = null;
  #release: () => Promise<void> = async () => { /* nothing is held yet */ };

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  /** Errors: `project-none` when no project is open. */
  get context(): ProjectContext {
    if (!this.#context) throw new CodedError('project-none', 'No project is open.', { next: 'Open or create a project first.' });
    return this.#context;
  }

  async info(): Promise<ProjectInfo | null> {
    if (!this.#context) return null;
    const { store } = this.#context;
    return {
      directory: store.directory,
      project: await store.project(),
      readOnly: store.readOnlyReason !== null,
      readOnlyReason: store.readOnlyReason,
      quarantined: store.quarantined,
    };
  }

  /** Makes a project with the practice board in it, so that the first start needs no hardware. */
  async create(directory: string, name: string): Promise<ProjectInfo> {
    await ProjectStore.create(directory, name);
    const store = await ProjectStore.open(directory, null);
    await store.saveBoard(practiceBoard());
    return this.open(directory);
  }

  /** Closes the project that is open and opens this one; read-only when another core holds it. */
  async open(directory: string): Promise<ProjectInfo> {
    const path = await realpath(directory).catch(() => directory);
    await ProjectStore.open(path, null);
    await this.close();

    const address = socketAddress(this.#parts.paths.stateDirectory, path);
    const lock = await lockProject(path, async () => {
      const link = await connectSocket(address);
      link?.close();
      return link !== null;
    });
    const readOnlyReason = lock.kind === 'held' ? `it is in use by ${lock.holder} since ${lock.since}.` : null;
    const store = await ProjectStore.open(path, readOnlyReason);
    const sessions = new BoardSessions({ store, bus: this.#parts.bus, asker: this.#parts.questions, practice: this.#parts.practice });
    const files = { readOnlyReason: () => readOnlyReason, unreadable: (file: string, error: CodedError) => { store.noteUnreadable(file, error); } };
    this.#context = { store, sessions, runs: new FileRunStore(path, files), changes: new FileChangeStore(path, files), campaigns: new FileCampaignStore(path, files) };
    if (lock.kind === 'owned') {
      const server = await serveSocket(address, (link) => { this.#parts.serve(link); });
      this.#release = async () => {
        await server.close();
        await lock.release();
      };
    }
    this.#parts.bus.emit('project-changed', {});
    const info = await this.info();
    if (!info) throw new CodedError('project-unreadable', `${path} could not be opened.`);
    return info;
  }

  async close(): Promise<void> {
    const context = this.#context;
    this.#context = null;
    await context?.sessions.close();
    await this.#release();
    this.#release = async () => { /* released */ };
  }
}

function practiceBoard(): Board {
  return {
    schema: 1, id: practiceBoardId, name: 'Practice board', role: 'host', reach: { kind: 'practice', machine: 'dual-xeon' },
    notes: 'A pretend machine inside RTVM Bench: everything can be tried here without hardware.', hostKeys: [], addedAt: stampOf(new Date()),
  };
}
