import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { inspect } from '../../electron/core/probe/probe.ts';
import type { BoardSession } from '../../electron/core/ssh/board-session.ts';
import { parseCapture } from '../../shared/parsers/capture.ts';
import { proposeTry } from '../../shared/planning/boot/try-kernel.ts';
import type { Plan } from '../../shared/model/plan.ts';
import { changeKit, testBoard, type ChangeKit } from '../support/change-kit.ts';
import { buildAndBootTimeoutMs, startTestBoard, whyNoEmulatedBoard, type TestBoard } from '../support/emulated-board.ts';
import { codedError, sessionKit } from '../support/session-kit.ts';

const reason = whyNoEmulatedBoard();
const tryTimeoutMs = 900_000;

describe.skipIf(reason !== null)(`command lines that do not come back, on an emulated board${reason === null ? '' : ` (skipped: ${reason})`}`, () => {
  let rig: TestBoard;
  let session: BoardSession;
  let kit: ChangeKit;
  beforeAll(async () => {
    rig = await startTestBoard({ watchdog: true });
    session = sessionKit({ target: { address: rig.board.host, port: rig.board.port, user: 'root', login: { method: 'key', keyFile: rig.board.keyFile } } }).session;
    kit = changeKit();
  }, buildAndBootTimeoutMs);
  afterAll(async () => {
    kit.dispose();
    await session.disconnect();
    await rig.dispose();
  });

  /** The line of the next start with more words, to be tried once. */
  const tryWith = async (words: string): Promise<Plan> => {
    const { captureText, snapshot } = await inspect(session);
    const capture = parseCapture(captureText);
    if (!capture.ok) throw capture.error;
    const stamp = await kit.store.newId(testBoard.id);
    return kit.plan(session, proposeTry({ snapshot, capture: capture.value, stamp, commandLine: `${snapshot.kernel.pending.commandLine ?? ''} ${words}`, returnAfterSeconds: 60 }));
  };
  const isBackOnDefault = async () => {
    expect(await rig.read('cat /proc/cmdline')).not.toContain('rtvm_bench');
    expect(await rig.sh('ls /boot/grub/custom.cfg /etc/systemd/system/rtvm-bench-return.service', { anyStatus: true })).toMatchObject({ stdout: '' });
  };

  it('come back to the default by themselves after a panic, and leave nothing behind', async () => {
    const plan = await tryWith('init=/bin/false');
    expect((await codedError(kit.apply(session, plan))).code).toBe('try-fell-back');
    expect((await kit.store.change(testBoard.id, plan.id)).state).toBe('fell-back');
    expect(rig.board.console()).toContain('Attempted to kill init');
    await isBackOnDefault();
  }, tryTimeoutMs);

  it('come back to the default by themselves when the network is lost', async () => {
    const plan = await tryWith('systemd.mask=ssh.service systemd.mask=systemd-networkd.service');
    expect((await codedError(kit.apply(session, plan))).code).toBe('try-fell-back');
    await isBackOnDefault();
  }, tryTimeoutMs);

  it('come back by the watchdog when the system hangs', async () => {
    // PID 1 stops for good once it is told to crash: nobody feeds the watchdog any more.
    await rig.sh(`cat >/etc/systemd/system/test-hang.service <<'END'
[Unit]
ConditionKernelCommandLine=test.hang
[Service]
Type=oneshot
ExecStart=/bin/kill -SEGV 1
[Install]
WantedBy=multi-user.target
END
systemctl enable --quiet test-hang.service`);
    const plan = await tryWith('test.hang systemd.mask=ssh.service systemd.dump_core=0');
    expect((await codedError(kit.apply(session, plan))).code).toBe('try-fell-back');
    await isBackOnDefault();
  }, tryTimeoutMs);
});
