import gateText from '../../board-scripts/firmware-gate.sh?raw';
import commonText from '../../board-scripts/run-common.sh?raw';
import { CodedError } from '../../../shared/contract/errors.ts';
import type { StoredGate } from '../../../shared/model/firmware-gate.ts';
import { stampOf } from '../../../shared/model/stamp.ts';
import { parseHwlatdetect } from '../../../shared/parsers/hwlatdetect/hwlatdetect-format.ts';
import { smiFormat } from '../../../shared/parsers/smi/smi-format.ts';
import { firmwareGate } from '../../../shared/planning/firmware/gate.ts';
import { smiCounting } from '../../../shared/planning/firmware/msr-module.ts';
import type { CheckRequest } from '../../../shared/settings/check-guide.ts';
import { boardBusy, holderOf, unexpected } from '../runs/run-answers.ts';
import type { BoardScript, BoardSession } from '../ssh/board-session.ts';

const gateScript: BoardScript = { name: 'firmware-gate', text: [commonText, gateText].join('\n') };
/** What the tracer itself starts at. Source: Linux Documentation/trace/hwlat_detector.rst. */
const thresholdUs = 10;

interface Request {
  readonly session: BoardSession;
  readonly boardName: string;
  readonly reading: Pick<CheckRequest, 'snapshot' | 'capture'>;
  /** Items of the firmware guide that are still open. */
  readonly openItems: number;
  readonly seconds: number;
  readonly signal: AbortSignal;
}

/**
 * Runs hwlatdetect on a board, reads the SMI counters before and after where they can be read, and judges.
 * Errors: `board-busy` while somebody measures or changes there, `board-tool-missing`, `board-command-failed`, and what
 * the session rejects with.
 */
export async function measureFirmware({ session, boardName, reading, openItems, seconds, signal }: Request): Promise<StoredGate> {
  const result = await session.exec(gateScript, { args: [String(seconds), String(thresholdUs)], root: 'required', reason: 'to measure what the firmware takes', timeoutMs: seconds * 1_000 + 120_000, signal });
  const text = result.stdout.toString('utf8');
  const [first = '', ...words] = (text.split('\n')[0] ?? '').split(' ');
  if (first === 'busy') throw boardBusy(boardName, holderOf(words), 'Nothing was measured.');
  if (first === 'refused') throw new CodedError('board-tool-missing', `${boardName} has no hwlatdetect.`, { board: boardName, state: 'Nothing was measured.', next: 'Install the package rt-tests on the board.' });
  const printed = between(text, 'hwlatdetect\n', '\nstatus ');
  if (result.exitCode !== 0 || printed === null) throw unexpected(gateScript, result);
  const hwlatdetect = parseHwlatdetect(printed);
  if (!hwlatdetect.ok) throw new CodedError('board-command-failed', `hwlatdetect on ${boardName} gave no result: ${hwlatdetect.error.message}`, { board: boardName, state: 'Nothing was measured.', details: { said: printed.trim().slice(-500) } });
  const counting = smiCounting(reading);
  const counts = [between(text, 'smi-before\n', 'hwlatdetect\n') ?? '', text.slice(text.lastIndexOf('smi-after\n') + 'smi-after\n'.length)];
  const smi = counting === 'ready' && counts.every((one) => one.trim() !== '') ? smiFormat.parse(counts.map((one) => one.trimEnd()).join('\n\n') + '\n') : null;
  const { verdict, evidence, next } = firmwareGate({ hwlatdetect: hwlatdetect.value, smi: smi?.ok ? smi.value : null, inVm: counting === 'vm', openItems, deadlineUs: null });
  const { version, date } = reading.snapshot.identity.firmware;
  return { schema: 1, measuredAt: stampOf(new Date()), seconds, verdict, evidence: [...evidence], next, firmware: { version, date }, raw: text };
}

function between(text: string, start: string, end: string): string | null {
  const from = text.indexOf(start);
  const to = text.indexOf(end, from + start.length);
  return from < 0 || to < 0 ? null : `${text.slice(from + start.length, to)}\n`;
}
