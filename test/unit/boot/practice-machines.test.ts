import { describe, expect, test } from 'vitest';
import probeText from '../../../electron/board-scripts/probe.sh?raw';
import { parseCapture } from '../../../shared/parsers/capture.ts';
import { snapshotOf } from '../../../shared/parsers/snapshot/snapshot.ts';
import { bootLoaderOf, type BoardState } from '../../../shared/planning/boot/boot-loader.ts';
import { proposeTry } from '../../../shared/planning/boot/try-kernel.ts';
import { proposeWrite } from '../../../shared/planning/boot/write-kernel.ts';
import { planKernel } from '../../../shared/planning/kernel-plan.ts';
import { logIn, runCommand, startBench } from '../practice-board/practice-client.ts';
import { actionsOf, fileAt } from './boot-kit.ts';

async function readingOf(machine: string): Promise<BoardState> {
  const bench = await startBench(machine);
  const client = await logIn(bench.login);
  try {
    const { stdout } = await runCommand(client, "sudo -S -p '' sh -s --", `${bench.login.password}\n{\n${probeText}\nexit $?\n} </dev/null\n`);
    const capture = parseCapture(stdout);
    if (!capture.ok) throw capture.error;
    return { capture: capture.value, snapshot: snapshotOf(capture.value) };
  } finally {
    client.end();
    await bench.close();
  }
}

describe.each([
  ['dual-xeon', 'debian-grub', '/boot/grub/custom.cfg', 'file'],
  ['hybrid-client', 'debian-grub', '/boot/grub/custom.cfg', 'file'],
  ['eci-board', 'eci', '/boot/grub/custom.cfg', 'file'],
  ['rhel-atom', 'rhel-grubby', '/boot/loader/entries/rtvm-bench-try.conf', 'kernel-arguments'],
])('the practice machine %s', (machine, way, entryPath, first) => {
  test('its line can be tried and written its own way', async () => {
    const board = await readingOf(machine);
    const loader = bootLoaderOf(board);
    expect('found' in loader ? loader.found.way : loader.refused).toBe(way);
    const { after } = planKernel({ ...board, guide: 'kvm-host', housekeeping: [0] });
    const attempt = proposeTry({ ...board, commandLine: after, stamp: '20261121T130000Z' });
    expect(attempt.refused).toEqual([]);
    expect(fileAt(attempt, entryPath)).toContain(`${after} panic=10`);
    const writing = proposeWrite({ ...board, commandLine: after });
    expect(writing.refused).toEqual([]);
    expect(actionsOf(writing)[0]?.kind).toBe(first);
  });
});
