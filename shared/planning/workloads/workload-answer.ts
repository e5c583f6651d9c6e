import { CodedError } from '../../contract/errors.ts';
import { failed, ok, type Result } from '../../contract/result.ts';
import { workloadKindSchema, type Workload } from '../../model/vm.ts';

/** What `workload-read.sh` answers; null: there is no workload. Error: `output-unreadable`. */
export function parseWorkload(text: string): Result<Workload | null> {
  if (/^none\s*$/.test(text)) return ok(null);
  const lines = text.split('\n');
  const facts = new Map(lines.filter((line) => !line.startsWith('|')).map((line) => {
    const space = line.indexOf(' ');
    return space < 0 ? [line, ''] as const : [line.slice(0, space), line.slice(space + 1)] as const;
  }));
  const kind = workloadKindSchema.safeParse(facts.get('kind'));
  const startedAt = timeOf(facts.get('began'));
  const seconds = Number(facts.get('seconds'));
  const state = facts.get('state');
  if (!kind.success || startedAt === null || !Number.isSafeInteger(seconds) || state === undefined) {
    return failed(new CodedError('output-unreadable', 'The board’s answer about its workload cannot be read.', { details: { said: text.slice(0, 500) } }));
  }
  const running = state === 'running';
  return ok({
    kind: kind.data, startedAt, seconds, owner: facts.get('owner') ?? '', command: facts.get('command') ?? '', running,
    busyCpus: running ? busyCpus(facts.get('busy')) : null,
    ending: running ? null : endingOf(state),
    said: lines.filter((line) => line.startsWith('|')).map((line) => line.slice(1)).join('\n').trim(),
  });
}

/** Ticks of CPU time, ticks a second, and the hundredths of a second they were counted over. */
function busyCpus(words: string | undefined): number | null {
  const [ticks = NaN, perSecond = NaN, hundredths = NaN] = (words ?? '').split(' ').map(Number);
  const busy = ticks / perSecond / (hundredths / 100);
  return Number.isFinite(busy) ? Math.max(0, busy) : null;
}

function endingOf(state: string): Workload['ending'] {
  const [word, epoch, ...why] = state.split(' ');
  const at = timeOf(epoch);
  const when = at === null ? '' : ` at ${at.replace('T', ' ').slice(0, 16)} UTC`;
  if (word === 'rebooted') return { why: 'restart', message: 'The board was started again since; the load ended with that.' };
  if (word !== 'ended') return { why: 'killed', message: 'It was ended by something else than RTVM Bench.' };
  if (why[0] === 'time') return { why: 'time', message: `Its time was over${when}.` };
  if (why[0] === 'asked') return { why: 'asked', message: `It was told to end${when}.` };
  return { why: 'by-itself', message: `It ended by itself${when}, with status ${why[1] ?? 'unknown'}.` };
}

function timeOf(epoch: string | undefined): string | null {
  return epoch !== undefined && /^\d{1,12}$/.test(epoch) ? new Date(Number(epoch) * 1000).toISOString() : null;
}
