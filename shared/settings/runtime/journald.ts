import { lines, noVerdicts, verdictOf, type BoardView, type Setting } from '../setting.ts';
import { withoutSystemd } from '../support/init-system.ts';
import { pathsBelow } from '../support/paths-below.ts';
import { fileStep, header } from '../support/steps.ts';

const id = 'runtime.journald';
const title = 'The journal stays in memory';
const why = 'The journal is written to the disk and synced while real-time work runs: writing back, interrupts of the disk, work of the kernel.';
const file = '/etc/systemd/journald.conf.d/zz-rtvm-bench-journald.conf';

export const setting: Setting = {
  id, layer: 'host runtime', guides: ['kvm-host', 'kvm-guest', 'bare-metal', 'acrn-rtvm'], title, why,
  source: 'ACRN Real-Time VM Performance Tips, Miscellaneous (logging services); journald.conf(5), Storage=',
  choice: 'Messages are then lost at every restart: a board that fails in the field tells nothing afterwards.',
  assess: ({ snapshot, capture }) => {
    const { initSystem } = snapshot.kernel;
    if (initSystem !== null && initSystem !== 'systemd') return { status: 'not-applicable', stuckAt: null, states: { requested: null, written: null, booted: null, effective: null }, verdicts: noVerdicts, evidence: [], message: 'This board has no journald.', fix: null };
    const { value, evidence } = storageOf(capture);
    const volatile = value === 'volatile' || value === 'none';
    const inMemory = capture.names(/^\/run\/log\/journal\/[^/]+\/system\.journal$/).length > 0;
    const onDisk = capture.names(/^\/var\/log\/journal\/[^/]+\/system\.journal$/).length > 0;
    const effective = inMemory ? 'in memory' : onDisk ? 'on the disk' : null;
    const found = {
      states: { requested: 'volatile', written: value ?? 'absent', booted: null, effective },
      verdicts: { ...noVerdicts, written: verdictOf(volatile), effective: verdictOf(effective === null ? null : inMemory) }, evidence: lines(evidence),
    };
    // Where /var/log/journal is not there, the journal stays in memory by itself (Storage=auto).
    if (inMemory || (volatile && !onDisk)) return { ...found, status: 'ok', stuckAt: null, message: 'It is kept in memory.', fix: null };
    if (volatile) return { ...found, status: 'change', stuckAt: 'effective', message: 'Written, and in effect with the next start.', fix: 'Start the board again.' };
    if (effective === null) return { ...found, status: 'unknown', stuckAt: null, message: 'Where the journal is kept was not read.', fix: null };
    return { ...found, status: 'change', stuckAt: 'written', message: 'It is kept on the disk.', fix: `Storage=volatile in a file of /etc/systemd/journald.conf.d/, with the next start. Messages are then lost at every restart.` };
  },
  change: (board: BoardView) => withoutSystemd(board) ?? {
    steps: [fileStep({ id, why, caution: 'Messages are then lost at every restart.' }, file, [header(title), '[Journal]', 'Storage=volatile', 'ForwardToSyslog=no'])],
    restart: 'needed',
  },
};

/** The last assignment counts: journald.conf first, then the files beside it by name. */
function storageOf(capture: BoardView['capture']): { value: string | null; evidence: string | null } {
  const files = ['/etc/systemd/journald.conf', ...pathsBelow(capture, '/etc/systemd').filter((path) => /\/journald\.conf\.d\/[^/]+\.conf$/.test(path)).sort()];
  const found = files.flatMap((path) => (capture.lines(path) ?? []).flatMap((line) => {
    const value = /^\s*Storage\s*=\s*(\w+)/.exec(line)?.[1];
    return value === undefined ? [] : [{ value, evidence: `${path}: ${line.trim()}` }];
  })).at(-1);
  return found ?? { value: null, evidence: null };
}
