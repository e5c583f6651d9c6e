import type { Client } from '../../shared/contract/client.ts';
import { CodedError } from '../../shared/contract/errors.ts';
import { useApp } from './app.ts';
import { useBoards } from './boards.ts';
import { useCampaigns } from './campaigns.ts';
import { useChanges } from './changes.ts';
import { useComparison } from './comparison.ts';
import { useCpuMaps } from './cpu-maps.ts';
import { useFirmware } from './firmware.ts';
import { useGuides } from './guides.ts';
import { useJobs } from './jobs.ts';
import { useNotices } from './notices.ts';
import { useProject } from './project.ts';
import { useQuestions } from './questions.ts';
import { useReports } from './reports.ts';
import { useRuns } from './runs.ts';
import { useSnapshots } from './snapshots.ts';
import { useVms } from './vms.ts';

/** Ties the stores to the core's events, then loads what there is. Call after `setCore`. */
export async function startSession(client: Client): Promise<void> {
  const notices = useNotices();
  const boards = useBoards();
  const jobs = useJobs();
  const questions = useQuestions();
  const show = (work: () => Promise<unknown>) => { void notices.attempt(work); };

  client.onLost(() => { useApp().linkLost = true; });
  client.on('job', (event) => { show(() => jobs.take(event)); });
  client.on('jobs-changed', ({ jobId }) => { show(() => jobs.catchUp(jobId)); });
  client.on('boards-changed', () => { show(() => boards.load()); });
  client.on('connection', (connection) => { boards.takeConnection(connection); });
  client.on('runs-changed', ({ runId }) => { show(() => reloadRuns(runId)); });
  client.on('campaigns-changed', ({ campaignId }) => { show(() => useCampaigns().refresh(campaignId)); });
  client.on('cpu-map-changed', ({ boardId }) => { show(() => Promise.all([useCpuMaps().load(boardId), useGuides().refresh(boardId), useVms().refresh(boardId)])); });
  client.on('checklist-changed', ({ boardId }) => { show(() => useGuides().refresh(boardId)); });
  client.on('changes-changed', ({ boardId }) => { show(() => useChanges().refresh(boardId)); });
  client.on('vms-changed', ({ boardId }) => { show(() => useVms().refresh(boardId)); });
  client.on('project-changed', () => { show(() => loadProject()); });
  client.on('question-asked', (question) => { questions.take(question); });
  client.on('question-settled', ({ questionId }) => { questions.settle(questionId); });
  followJobs();

  await Promise.all([notices.attempt(() => useApp().load()), notices.attempt(() => questions.load()), notices.attempt(() => loadProject())]);
}

/** Everything of the project that is open: after the start, and when another project is opened. */
export async function loadProject(): Promise<void> {
  const project = useProject();
  const runs = useRuns();
  useSnapshots().forget();
  useGuides().forget();
  useCpuMaps().forget();
  useFirmware().forget();
  useChanges().forget();
  useVms().forget();
  useComparison().forget();
  useReports().forget();
  useCampaigns().forget();
  runs.forget();
  useBoards().forget();
  await project.load();
  if (!project.info) return;
  await Promise.all([useBoards().load(), runs.load()]);
  // Readings kept by the core come first: a job's events then only add to them.
  await Promise.all(runs.ongoing.map((run) => followRun(run.id)));
  await useJobs().load();
  const campaigns = useCampaigns();
  await campaigns.load();
  // What boards did for campaigns while no window was open is brought home.
  if (!project.info.readOnly) await Promise.all(campaigns.list.filter(({ state, jobId }) => state === 'running' && jobId === null).map(({ id }) => campaigns.attach(id)));
}

async function followRun(runId: string): Promise<void> {
  const jobId = await useRuns().catchUp(runId);
  if (jobId !== null) await useJobs().catchUp(jobId);
}

async function reloadRuns(runId: string | null): Promise<void> {
  const runs = useRuns();
  await Promise.all([runs.load(), useComparison().load()]);
  if (runId !== null && runs.results.has(runId)) await runs.loadResult(runId);
}

/** What a job's events mean for the other stores. */
function followJobs(): void {
  const notices = useNotices();
  const runs = useRuns();
  useJobs().onEvent((event, job) => {
    if (event.body.kind === 'live' && job.runId !== null) runs.takeLive(job.runId, [event.body.status]);
    if (event.body.kind === 'failed' && event.body.error.code !== 'cancelled') notices.report(CodedError.fromData(event.body.error));
    if (event.body.kind !== 'done') return;
    const { boardId, runId } = job;
    if (job.kind === 'inspect' && boardId !== null) void notices.attempt(() => Promise.all([useSnapshots().load(boardId), useBoards().load()]));
    if (job.kind === 'run') void notices.attempt(() => reloadRuns(runId));
    if (job.kind === 'change' && boardId !== null) void notices.attempt(() => Promise.all([useSnapshots().load(boardId), useBoards().load()]));
    if (job.kind === 'vm' && boardId !== null) void notices.attempt(() => useVms().refresh(boardId));
    if (job.kind === 'firmware' && boardId !== null) void notices.attempt(() => useFirmware().loadGate(boardId));
    if (job.kind === 'restart') notices.say(`${job.title}: it is back.`);
    if (job.kind === 'discover') void notices.attempt(() => useBoards().loadSuggestions());
    if (job.kind === 'clean') notices.say(`${job.title}: done.`);
  });
}
