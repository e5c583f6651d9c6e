import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { idSchema, type Board } from '../../../shared/model/board.ts';
import { cpuListSchema } from '../../../shared/model/cpu-list.ts';
import type { Run } from '../../../shared/model/run.ts';
import { CodedError } from '../../../shared/contract/errors.ts';
import { formatCpuList } from '../../../shared/parsers/cpu-list.ts';
import { counterDeltas, type CounterDeltas } from '../../../shared/parsers/counters/counter-deltas.ts';
import { parseCounters, type Counters } from '../../../shared/parsers/counters/counters.ts';
import { parseRunJournal } from '../../../shared/parsers/run-journal.ts';
import type { JournalCounters } from '../../../shared/parsers/run-journal-model.ts';
import commonText from '../../board-scripts/run-common.sh?raw';
import countersText from '../../board-scripts/run-counters.sh?raw';
import hostText from '../../board-scripts/host-counters.sh?raw';
import type { ProjectContext } from '../open-project.ts';
import { writeJson } from '../project/atomic-write.ts';
import { readJson } from '../project/read-json.ts';
import { unexpected } from '../runs/run-answers.ts';
import type { BoardScript } from '../ssh/board-session.ts';
import { lastVmReading } from '../vms/vm-store.ts';

/** What a guest's host counted around a run. Texts are what host-counters.sh printed, whole. */
export const hostReadingSchema = z.object({
  schema: z.literal(1),
  /** Null: the host is no board of this project. */
  hostId: idSchema.nullable(),
  hostName: z.string(),
  /** CPUs of the host that carry the guest; empty: not known. */
  cpus: cpuListSchema,
  before: z.string().nullable(),
  after: z.string().nullable(),
  /** What is missing, and why, in plain words. */
  missing: z.array(z.string()),
});
export type HostReading = z.infer<typeof hostReadingSchema>;

const script: BoardScript = { name: 'host-counters', text: [commonText, countersText, hostText].join('\n') };
const fileOf = ({ runs }: Pick<ProjectContext, 'runs'>, runId: string): string => join(runs.directory(runId), 'host-counters.json');

type Where = Pick<ProjectContext, 'store' | 'runs'> & { readonly sessions: Pick<ProjectContext['sessions'], 'get' | 'connection'> };

/** The host's counters just before a guest is measured; null: the board is no guest. Never fails: what cannot be read is said. */
export async function readHostBefore(where: Where, board: Board, runId: string): Promise<HostReading | null> {
  if (board.role !== 'guest' || board.reach.kind === 'practice') return null;
  const way = board.reach.jumps.at(-1);
  const none = { schema: 1 as const, hostId: null, cpus: [], before: null, after: null };
  if (way === undefined) return { ...none, hostName: 'the host', missing: ['The host of this guest is not known: it is not reached through one. What the host did meanwhile was not counted.'] };
  const host = (await where.store.boards()).find(({ id, reach }) => id !== board.id && reach.kind === 'ssh' && reach.target.address === way.address && reach.target.port === way.port);
  if (host === undefined) return { ...none, hostName: way.address, missing: [`The host ${way.address} is no board of this project: what it did meanwhile was not counted. Add it as a board.`] };
  const cpus = await cpusOf(where, host, board.reach.target.address);
  const reading: HostReading = { ...none, hostId: host.id, hostName: host.name, cpus, missing: [] };
  return { ...reading, ...await readNow(where, reading, runId, 'before') };
}

/** The same just after the run, where there is a reading from before; stored beside the run. */
export async function readHostAfter(where: Where, run: Run): Promise<void> {
  const reading = await storedHostReading(where, run.id);
  if (reading === null || reading.before === null || reading.after !== null) return;
  await saveHostReading(where, run.id, { ...reading, ...await readNow(where, reading, run.id, 'after') });
}

export async function saveHostReading(where: Pick<ProjectContext, 'runs'>, runId: string, reading: HostReading | null): Promise<void> {
  if (reading !== null) await writeJson(fileOf(where, runId), hostReadingSchema.parse(reading));
}

/** Null: the board was no guest. Errors: `file-unreadable`. */
export async function storedHostReading(where: Pick<ProjectContext, 'runs'>, runId: string): Promise<HostReading | null> {
  const file = fileOf(where, runId);
  return await stat(file).then(() => true, () => false) ? readJson(file, hostReadingSchema) : null;
}

/** What the host counted between its two readings; null with the reason among what is missing. */
export function hostDeltas({ before, after, hostName, missing }: HostReading): { deltas: CounterDeltas | null; missing: string[] } {
  if (before === null || after === null) return { deltas: null, missing: [...missing, ...(before !== null ? [`What the host ${hostName} counted was not read when the run ended.`] : [])] };
  const [first, last] = [parseRunJournal(Buffer.from(before)), parseRunJournal(Buffer.from(after))];
  if (first.lastCounters === null || last.lastCounters === null) return { deltas: null, missing: [...missing, `What the host ${hostName} counted cannot be read.`] };
  if (first.header?.bootId !== last.header?.bootId) return { deltas: null, missing: [...missing, `The host ${hostName} was started anew during the run.`] };
  return { deltas: counterDeltas(countersOf(first.lastCounters), countersOf(last.lastCounters)), missing };
}

const countersOf = ({ texts, atSeconds }: JournalCounters): Counters => parseCounters(texts, atSeconds);

/** Nobody is connected to for this: a person may have to give a password, and the run would wait for it. */
async function readNow({ sessions }: Where, { hostId, hostName, cpus, missing }: HostReading, runId: string, when: 'before' | 'after'): Promise<Partial<HostReading>> {
  if (hostId === null) return {};
  const [moment, other] = when === 'before' ? ['when the run began', 'before'] : ['when the run ended', 'after'];
  if (sessions.connection(hostId).state !== 'connected') return { missing: [...missing, `The host ${hostName} was not connected ${moment}: what it did meanwhile was not counted.`] };
  try {
    const result = await (await sessions.get(hostId)).exec(script, { args: [runId, formatCpuList(cpus)], root: 'if-possible', timeoutMs: 20_000 });
    if (result.exitCode !== 0) throw unexpected(script, result);
    return { [other]: result.stdout.toString('utf8') };
  } catch (thrown) {
    return { missing: [...missing, `The host ${hostName} did not tell its counters ${moment}: ${CodedError.from(thrown).message}`] };
  }
}

/** CPUs of the VM at an address, by the last reading of the host's VMs; empty unless each of its vCPUs has one CPU of its own. */
async function cpusOf({ store }: Where, host: Board, address: string): Promise<number[]> {
  const vm = (await lastVmReading(store, host.id))?.vms.find(({ addresses }) => addresses.includes(address));
  const pinned = (vm?.threads ?? []).filter(({ role }) => role === 'vcpu').map(({ cpus }) => cpus ?? []);
  const all = [...new Set(pinned.flat())].sort((a, b) => a - b);
  return pinned.length === 0 || pinned.some((cpus) => cpus.length !== 1) ? [] : all;
}
