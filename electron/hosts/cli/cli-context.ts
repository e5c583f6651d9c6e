import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { createClient, type Client } from '../../../shared/contract/client.ts';
import { CodedError } from '../../../shared/contract/errors.ts';
import type { Board } from '../../../shared/model/board.ts';
import type { JobEvent } from '../../../shared/model/job.ts';
import { appPaths } from '../../core/app-paths.ts';
import { openCore } from '../../core/open-core.ts';
import { createPracticeBoard } from '../../practice-board/practice-board.ts';
import { printWithChromium } from '../shared/print-with-chromium.ts';
import { answerQuestions } from './answer-questions.ts';
import type { Terminal } from './terminal.ts';

/** Options every verb takes. */
export interface GlobalOptions {
  json?: boolean;
  project?: string;
  acceptHostKey?: string[];
  secretsStdin?: boolean;
}

export interface CliContext {
  readonly terminal: Terminal;
  readonly version: string;
  /** Prints `value` as JSON when asked for, else what `human` makes of it. */
  print<T>(options: GlobalOptions, value: T, human: (value: T) => string): void;
  /** Opens the project, works with it, closes it again. */
  withProject<T>(options: GlobalOptions, work: (client: Client) => Promise<T>): Promise<T>;
}

export function createCliContext(terminal: Terminal, version: string): CliContext {
  return {
    terminal,
    version,
    print: (options, value, human) => { terminal.data(options.json ? JSON.stringify(value) : human(value)); },
    withProject: async (options, work) => {
      const paths = appPaths();
      const secrets = options.secretsStdin ? (await terminal.readAll()).split(/\r?\n/).filter((line) => line !== '') : null;
      const practice = createPracticeBoard({ stateDir: paths.stateDirectory });
      const core = await openCore({ hostKind: 'cli', version, paths, practice, pdf: printWithChromium() }, resolve(options.project ?? paths.defaultProject));
      try {
        const client = createClient(await core.connect());
        answerQuestions(client, terminal, { acceptedHostKeys: options.acceptHostKey ?? [], secrets });
        return await work(client);
      } finally {
        await core.close();
      }
    },
  };
}

/** Finds a board by id or name. Errors: `board-unknown`. */
export async function findBoard(client: Client, name: string): Promise<Board> {
  const boards = (await client.call('boards.list', {})).map((status) => status.board);
  const found = boards.find((board) => board.id === name) ?? boards.find((board) => board.name === name);
  if (found) return found;
  throw new CodedError('board-unknown', `This project has no board “${name}”.`, {
    next: boards.length > 0 ? `Its boards are: ${boards.map((board) => board.id).join(', ')}.` : 'Add one: rtvm-bench board add NAME --address … --user ….',
  });
}

/** What is left to a board must find it there later: the practice board ends with the command. Errors: `bad-usage`. */
export function mustOutlive({ name, reach }: Board): void {
  if (reach.kind === 'practice') throw new CodedError('bad-usage', `${name} is part of this command and ends with it: a run left to it would be lost.`, { state: 'Nothing was started.', next: 'Leave out --detach, or take a board of your own.' });
}

/** Watches a job to its end. Rejects with the job's error; gives its result. */
export function followJob(client: Client, jobId: string, hear: (event: JobEvent['body']) => void): Promise<Record<string, unknown>> {
  return new Promise((settle, fail) => {
    let lastSeq = 0;
    let early: JobEvent[] | null = [];
    const take = (event: JobEvent) => {
      if (event.seq <= lastSeq) return;
      lastSeq = event.seq;
      if (event.body.kind === 'done') settle(event.body.result);
      else if (event.body.kind === 'failed') fail(CodedError.fromData(event.body.error));
      else hear(event.body);
    };
    client.on('job', (event) => {
      if (event.jobId !== jobId) return;
      if (early) early.push(event);
      else take(event);
    });
    client.onLost(() => { fail(new CodedError('link-lost', 'The core has ended.', { next: 'A run goes on on its board: `rtvm-bench attach RUN` finds it.' })); });
    client.call('jobs.snapshot', { jobId, afterSeq: 0 }).then(({ events }) => {
      for (const event of [...events, ...early ?? []]) take(event);
      early = null;
    }, fail);
  });
}

/** Reads a file named on the command line; `-` is standard input. Errors: `file-unreadable`. */
export async function readInput(terminal: Terminal, file: string): Promise<string> {
  if (file === '-') return terminal.readAll();
  try {
    return await readFile(file, 'utf8');
  } catch (thrown) {
    throw new CodedError('file-unreadable', `${file} cannot be read: ${thrown instanceof Error ? thrown.message : String(thrown)}.`, {}, { cause: thrown });
  }
}
