import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { inspect } from '../../electron/core/probe/probe.ts';
import type { BoardSession } from '../../electron/core/ssh/board-session.ts';
import type { Proposal } from '../../shared/model/plan.ts';
import { parseCapture } from '../../shared/parsers/capture.ts';
import type { BoardState } from '../../shared/planning/boot/boot-loader.ts';
import { proposeTry } from '../../shared/planning/boot/try-kernel.ts';
import { proposeWrite } from '../../shared/planning/boot/write-kernel.ts';
import { planKernel } from '../../shared/planning/kernel-plan.ts';
import { buildAndBootTimeoutMs, startTestBoard, whyNoEmulatedBoard, type TestBoard } from '../support/emulated-board.ts';
import { sessionKit } from '../support/session-kit.ts';

const reason = whyNoEmulatedBoard();
const stamp = '20261121T130000Z';
/** update-grub and two readings on a processor that is imitated. */
const slowlyMs = 300_000;

describe.skipIf(reason !== null)(`command lines through a real GRUB, on an emulated board${reason === null ? '' : ` (skipped: ${reason})`}`, () => {
  let rig: TestBoard;
  let session: BoardSession;
  beforeAll(async () => {
    rig = await startTestBoard();
    session = sessionKit({ target: { address: rig.board.host, port: rig.board.port, user: 'root', login: { method: 'key', keyFile: rig.board.keyFile } } }).session;
  }, buildAndBootTimeoutMs);
  afterAll(async () => {
    await session.disconnect();
    await rig.dispose();
  });

  const reading = async (): Promise<BoardState> => {
    const { captureText, snapshot } = await inspect(session);
    const capture = parseCapture(captureText);
    if (!capture.ok) throw capture.error;
    return { capture: capture.value, snapshot };
  };
  const pending = async () => (await reading()).snapshot.kernel.pending.commandLine ?? '';
  /** Writes the proposal's files and runs its generators; nothing is started. */
  const carryOut = async (proposal: Proposal) => {
    expect(proposal.refused).toEqual([]);
    for (const { action } of proposal.steps) {
      if (action.kind === 'file') await rig.sh(action.content === null ? `rm ${action.path}` : `base64 -d >${action.path} <<'END'\n${Buffer.from(action.content.data).toString('base64')}\nEND`);
      if (action.kind === 'generate') await rig.sh(action.generator === 'update-grub' ? 'update-grub' : 'systemctl daemon-reload');
      if (action.kind === 'boot-once') await rig.sh(`grub-reboot ${action.entry ?? ''}`);
    }
  };

  it('added, replaced and removed words: update-grub gives exactly the wanted line, recovery entries keep their console', async () => {
    const first = await pending();
    for (const change of [(line: string) => `${line} isolcpus=1 nohz_full=1`, (line: string) => `${line.replace('isolcpus=1', 'isolcpus=managed_irq,domain,1').replace(' console=tty0', '')} skew_tick=1`, () => first]) {
      const wanted = change(await pending());
      await carryOut(proposeWrite({ ...await reading(), commandLine: wanted }));
      expect(await pending()).toBe(wanted);
      expect(await rig.read("grep -c 'single.*console=ttyS0' /boot/grub/grub.cfg")).not.toBe('0');
    }
    expect(await rig.read('ls /etc/default/grub.d')).not.toContain('rtvm-bench');
  }, slowlyMs);

  it('the line of a guide goes the same way', async () => {
    const board = await reading();
    const { after } = planKernel({ ...board, guide: 'kvm-host', housekeeping: [0] });
    await carryOut(proposeWrite({ ...board, commandLine: after }));
    expect(await pending()).toBe(after);
    await carryOut(proposeWrite({ ...await reading(), commandLine: board.snapshot.kernel.pending.commandLine ?? '' }));
  }, slowlyMs);

  it('a quoted word of a person stays in its own file, and is not lost', async () => {
    await rig.sh(`printf '%s\\n' "GRUB_CMDLINE_LINUX_DEFAULT='\\"dyndbg=file a.c +p\\"'" >/etc/default/grub.d/50-own.cfg && update-grub`);
    const line = await pending();
    expect(line).toContain('"dyndbg=file a.c +p"');
    await carryOut(proposeWrite({ ...await reading(), commandLine: `${line} skew_tick=1` }));
    expect(await pending()).toBe(`${line} skew_tick=1`);
    expect(proposeWrite({ ...await reading(), commandLine: line.replace(' console=tty0', '') }).refused[0]?.why).toContain('dyndbg');
  }, slowlyMs);

  it('GRUB’s own checker and systemd take what a try writes, and the next start is its', async () => {
    const board = await reading();
    const wanted = `${board.snapshot.kernel.pending.commandLine ?? ''} nohz_full=1`;
    await carryOut(proposeTry({ ...board, commandLine: wanted, stamp }));
    await rig.sh('grub-script-check /boot/grub/custom.cfg');
    await rig.sh('systemd-analyze verify /etc/systemd/system/rtvm-bench-return.service');
    expect(await pending()).toBe(`${wanted} panic=10 rtvm_bench.try=${stamp}`);
  }, slowlyMs);
});
