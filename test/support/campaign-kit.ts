import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createCore } from '../../electron/core/create-core.ts';
import type { PracticePort } from '../../electron/core/boards/practice-port.ts';
import { createClient, type Client } from '../../shared/contract/client.ts';
import { CodedError } from '../../shared/contract/errors.ts';
import { linkPair } from '../../shared/contract/link.ts';
import type { CampaignWish } from '../../shared/model/campaign.ts';
import type { JobEvent } from '../../shared/model/job.ts';

const noPractice: PracticePort = {
  ensure: () => Promise.reject(new CodedError('practice-only', 'This test has no practice board.')),
  state: () => Promise.reject(new CodedError('practice-only', 'This test has no practice board.')),
  setFaults: async () => undefined, setMachine: async () => undefined, reset: async () => undefined, stop: async () => undefined,
};

/** The application, opened on a project folder. */
export interface OpenedApplication {
  readonly client: Client;
  readonly messages: string[];
  /** Resolves with the job's result; rejects with its coded error. */
  untilDone(jobId: string): Promise<Record<string, unknown>>;
  /** Resolves at the first event of any job for which `wanted` holds. */
  until(wanted: (event: JobEvent) => boolean): Promise<JobEvent>;
  close(): Promise<void>;
}

/** A project folder that outlives the applications that open it. */
export interface CampaignKit {
  readonly projectDirectory: string;
  open(practice?: PracticePort): Promise<OpenedApplication>;
  readCampaign(campaignId: string): unknown;
  dispose(): void;
}

export function campaignKit(): CampaignKit {
  const home = mkdtempSync(join(tmpdir(), 'rtvm-campaigns-'));
  const projectDirectory = join(home, 'p.rtvm');
  return {
    projectDirectory,
    open: async (practice = noPractice) => {
      mkdirSync(join(home, 'state'), { recursive: true });
      const core = createCore({ hostKind: 'cli', version: '0.0.0', paths: { stateDirectory: join(home, 'state'), defaultProject: projectDirectory }, practice });
      const [mine, theirs] = linkPair();
      core.serve(theirs);
      const client = createClient(mine);
      const messages: string[] = [];
      const events: JobEvent[] = [];
      const watchers = new Set<(event: JobEvent) => void>();
      client.on('job', (event) => {
        events.push(event);
        if (event.body.kind === 'progress' || event.body.kind === 'link') messages.push(event.body.message);
        for (const watcher of watchers) watcher(event);
      });
      client.on('question-asked', ({ id, body }) => { void client.call('questions.answer', { questionId: id, answer: body.kind === 'sudo' ? { kind: 'answers', answers: ['practice'] } : { kind: 'accept' } }); });
      const until: OpenedApplication['until'] = (wanted) => new Promise((resolve) => {
        const known = events.find(wanted);
        if (known !== undefined) { resolve(known); return; }
        const watcher = (event: JobEvent): void => {
          if (!wanted(event)) return;
          watchers.delete(watcher);
          resolve(event);
        };
        watchers.add(watcher);
      });
      const isProject = readdirSync(home).includes('p.rtvm');
      if (isProject) await client.call('project.open', { directory: projectDirectory });
      else await client.call('project.create', { directory: projectDirectory, name: 'Test' });
      return {
        client, messages, until,
        untilDone: async (jobId) => {
          const { body } = await until(({ jobId: id, body: { kind } }) => id === jobId && (kind === 'done' || kind === 'failed'));
          if (body.kind === 'failed') throw CodedError.fromData(body.error);
          return body.kind === 'done' ? body.result : {};
        },
        close: () => core.close(),
      };
    },
    readCampaign: (campaignId) => JSON.parse(readFileSync(join(projectDirectory, 'campaigns', `${campaignId}.json`), 'utf8')),
    dispose: () => { rmSync(home, { recursive: true, force: true }); },
  };
}

/** Two or three seconds a cell, idle and with a load on the measured board. */
export const shortWish = (boardId: string, changes: Partial<CampaignWish> = {}): CampaignWish => ({
  name: 'Short', template: 'own', places: [{ boardId, kernel: 'as-is' }],
  loads: [{ workload: null, on: { kind: 'measured' } }, { workload: 'stress-cpu', on: { kind: 'measured' } }],
  repeats: 1, order: { kind: 'rounds' }, durationSeconds: 2, leadSeconds: 0, coolDownSeconds: 0, patienceSeconds: 5, deadlineUs: null, deadlineFraction: 1, requests: [], ...changes,
});
