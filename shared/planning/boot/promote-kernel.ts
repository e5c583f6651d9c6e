import type { Proposal, ProposedStep } from '../../model/plan.ts';
import type { Capture } from '../../parsers/capture.ts';
import { keptCustomLines, withoutOurEntry } from './custom-config.ts';
import { checkLine, type CheckedLine, type LineRequest } from './line-request.ts';
import { lineSteps } from './line-steps.ts';
import { splitWords } from './kernel-words.ts';
import { commandLineSetting, refuse, refusedProposal, type Found } from './refusal.ts';
import { returnUnit, returnUnitPath, tryMarker } from './return-unit.ts';
import { tryLoaderEntryPath } from './try-entry.ts';
import { customPath } from './try-kernel.ts';

export interface PromoteRequest extends LineRequest {
  /** The try that came back good: the value of its marker. */
  readonly tried: string;
}

/**
 * Steps that make a tried command line stay, and take away what the try needed. Total; refused unless the board runs the
 * very try, with all of the wanted words.
 */
export function proposePromote(request: PromoteRequest): Proposal {
  const title = 'Keep the command line that was tried';
  const purpose = { kind: 'promote-kernel', tried: request.tried } as const;
  const prepared = prepare(request);
  if ('refused' in prepared) return refusedProposal(title, purpose, [prepared.refused]);
  const { line, steps } = prepared.found;
  return {
    title, purpose, steps,
    restart: 'needed',
    notes: [...line.notes, `Until its next start the board runs with ${tryMarker}=… and the words that would have brought it back; all others are as wanted.`],
    refused: [],
  };
}

function prepare(request: PromoteRequest): Found<{ line: CheckedLine; steps: ProposedStep[] }> {
  const checked = checkLine(request);
  if ('refused' in checked) return checked;
  const line = checked.found;
  const running = splitWords(request.snapshot.kernel.commandLine ?? '');
  if (!running.includes(`${tryMarker}=${request.tried}`)) return refuse(`As last read, the board does not run the try of ${request.tried}.`, 'Read the board again if it has started since; else it has gone back to the default: try the command line again.');
  const missing = line.wanted.find((word) => !running.includes(word) && !/^panic=0*$/.test(word));
  if (missing !== undefined) return refuse(`“${missing}” was not part of the try.`, 'Try this command line first.');
  if (line.entry.release !== null && line.entry.release !== request.snapshot.kernel.release) return refuse(`The board runs ${request.snapshot.kernel.release ?? 'another kernel'}, and ${line.entry.release} would be started.`, 'Name the kernel that was tried, or try again.');
  const ours = cleanUp(request, line);
  if ('refused' in ours) return ours;
  const own = lineSteps(request.capture, line);
  return 'refused' in own ? own : { found: { line, steps: [...ours.found, ...own.found] } };
}

/** Before the line is written: grubby would change our entry with the others. */
function cleanUp({ snapshot, capture }: PromoteRequest, { loader }: CheckedLine): Found<ProposedStep[]> {
  const step = (title: string, why: string, action: ProposedStep['action']): ProposedStep => ({ title, why, settings: [commandLineSetting], risk: 'none', caution: '', action });
  const steps: ProposedStep[] = [];
  if (snapshot.kernel.initSystem === 'systemd') {
    steps.push(
      step('Stop the unit that would restart the board', 'The try has come back good.', { kind: 'unit', unit: returnUnit, enabled: false, active: false }),
      step('Remove it', 'It was there for the try.', { kind: 'file', path: returnUnitPath, content: null, mode: '644' }),
      step('Let systemd read its units again', 'It has to forget that one.', { kind: 'generate', generator: 'daemon-reload' }),
    );
  }
  const entry = entryRemoval(capture, loader);
  if ('refused' in entry) return entry;
  return { found: [...steps, step('Remove the menu entry of the try', 'It was there for one start.', entry.found)] };
}

function entryRemoval(capture: Capture, loader: CheckedLine['loader']): Found<ProposedStep['action']> {
  if (loader.way === 'rhel-grubby') return { found: { kind: 'file', path: tryLoaderEntryPath, content: null, mode: '644' } };
  const path = customPath(loader.menu.state.path);
  const kept = keptCustomLines(capture, path);
  if ('refused' in kept) return kept;
  const text = withoutOurEntry(kept.found);
  return { found: { kind: 'file', path, content: text === null ? null : { encoding: 'utf8', data: text }, mode: '644' } };
}
