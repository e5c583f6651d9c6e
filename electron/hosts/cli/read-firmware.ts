import { CodedError } from '../../../shared/contract/errors.ts';
import type { Board } from '../../../shared/model/board.ts';
import type { GuideCheck } from '../../../shared/model/setting.ts';
import type { Snapshot } from '../../../shared/model/snapshot.ts';
import { parseCapture, type Capture } from '../../../shared/parsers/capture.ts';
import { snapshotOf } from '../../../shared/parsers/snapshot/snapshot.ts';
import { checkGuide } from '../../../shared/settings/check-guide.ts';
import { findBoard, readInput, type CliContext, type GlobalOptions } from './cli-context.ts';

export interface FirmwareReading { readonly board: Board | null; readonly snapshot: Snapshot; readonly capture: Capture; readonly check: GuideCheck }

/** The firmware guide judged on a board's last reading, with what persons attested, or on a capture alone. Error: `bad-usage`. */
export async function readFirmware(cli: CliContext, options: GlobalOptions & { capture?: string }, name: string | undefined): Promise<FirmwareReading> {
  if (options.capture !== undefined) {
    const capture = captureOf(await readInput(cli.terminal, options.capture));
    const snapshot = snapshotOf(capture);
    return { board: null, snapshot, capture, check: checkGuide({ snapshot, capture, guide: 'firmware', housekeeping: null }) };
  }
  if (name === undefined) throw new CodedError('bad-usage', 'Which board? Give its name, or --capture FILE.');
  return cli.withProject(options, async (client) => {
    const board = await findBoard(client, name);
    const check = await client.call('guides.check', { boardId: board.id, guide: 'firmware', housekeeping: null });
    const latest = await client.call('snapshots.latest', { boardId: board.id });
    if (!check || !latest) throw new CodedError('bad-usage', `${board.name} has not been read yet.`, { board: board.name, next: `rtvm-bench inspect ${board.id}` });
    const { text } = await client.call('snapshots.capture', { boardId: board.id });
    return { board, snapshot: latest.snapshot, capture: captureOf(text), check };
  });
}

function captureOf(text: string): Capture {
  const capture = parseCapture(text);
  if (!capture.ok) throw capture.error;
  return capture.value;
}
