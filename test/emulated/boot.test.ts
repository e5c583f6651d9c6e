import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { measureFirmware } from '../../electron/core/firmware/measure-firmware.ts';
import { inspect, probeScript } from '../../electron/core/probe/probe.ts';
import { parseCapture } from '../../shared/parsers/capture.ts';
import { buildAndBootTimeoutMs, startTestBoard, whyNoEmulatedBoard } from '../support/emulated-board.ts';
import type { TestBoard } from '../support/emulated-board.ts';
import { sessionKit } from '../support/session-kit.ts';

const reason = whyNoEmulatedBoard();

describe.skipIf(reason !== null)(`emulated board, one socket with SMT${reason === null ? '' : ` (skipped: ${reason})`}`, () => {
  let rig: TestBoard;
  beforeAll(async () => { rig = await startTestBoard({ topology: 'smt', watchdog: true }); }, buildAndBootTimeoutMs);
  afterAll(async () => { await rig.dispose(); });

  it('is a Debian with a PREEMPT_RT kernel, systemd and the measuring tools', async () => {
    expect(await rig.read('cat /sys/kernel/realtime')).toBe('1');
    expect(await rig.read('ps -o comm= -p 1')).toBe('systemd');
    expect(await rig.read('. /etc/os-release && echo "$ID $VERSION_ID"')).toBe('debian 12');
    expect(await rig.read('for tool in cyclictest stress-ng hwlatdetect lspci numactl systemd-run; do command -v $tool; done | wc -l')).toBe('6');
  });

  it('shows the CPUs it was given: siblings 0,1 and 2,3 in one socket', async () => {
    expect(await rig.read('lscpu -p=CPU,CORE,SOCKET,NODE | grep -v "^#" | tr "\\n" " "')).toBe('0,0,0,0 1,0,0,0 2,1,0,0 3,1,0,0');
    expect(await rig.read('cat /sys/devices/system/cpu/cpu0/topology/thread_siblings_list')).toBe('0-1');
  });

  it('is read as it is, with root and without, by at most 40 processes on the board', async () => {
    const session = (user: string) => sessionKit({ target: { address: rig.board.host, port: rig.board.port, user, login: { method: 'key', keyFile: rig.board.keyFile } } }).session;
    const root = session('root');
    const { snapshot } = await inspect(root);
    expect(snapshot.cpus.list.map(({ siblings }) => siblings)).toEqual([[0, 1], [0, 1], [2, 3], [2, 3]]);
    expect(snapshot.cpus.smt.active).toBe(true);
    expect(snapshot.numaNodes).toHaveLength(1);
    expect(snapshot.kernel).toMatchObject({ realtime: true, initSystem: 'systemd' });
    expect(snapshot.kernel.pending.commandLine).toContain('console=ttyS0,115200');
    expect(snapshot.identity.product).toBe('Emulated board');
    await root.disconnect();

    const user = session(rig.board.user);
    const { snapshot: asUser } = await inspect(user);
    expect(asUser.asRoot).toBe(false);
    expect(asUser.cpus.list).toEqual(snapshot.cpus.list);
    expect(asUser.unread.length).toBeGreaterThan(snapshot.unread.length);
    await user.disconnect();

    // The kernel's own count of forks; it counts what runs beside the probe too.
    const started = await rig.read(`forks() { sed -n 's/^processes //p' /proc/stat; }\nbefore=$(forks)\n( sh -s <<'PROBE'\n${probeScript.text}\nPROBE\n) >/dev/null\necho $(($(forks) - before))`);
    expect(Number(started)).toBeLessThanOrEqual(40 + 5);
  });

  it('is watched by the real hwlatdetect; a VM tells nothing of a firmware, and that is said', async () => {
    const session = sessionKit({ target: { address: rig.board.host, port: rig.board.port, user: 'root', login: { method: 'key', keyFile: rig.board.keyFile } } }).session;
    const { captureText, snapshot } = await inspect(session);
    const capture = parseCapture(captureText);
    if (!capture.ok) throw capture.error;
    const gate = await measureFirmware({ session, boardName: 'Emulated board', reading: { snapshot, capture: capture.value }, openItems: 0, seconds: 3, signal: new AbortController().signal });
    await session.disconnect();
    expect(gate.raw).toContain('test finished');
    expect([gate.verdict, gate.next]).toEqual(['not-measured', 'Measure on the host.']);
  }, 120_000);

  it('lets the ordinary user become root with the password only', async () => {
    const refused = await rig.sh('sudo -n true', { user: rig.board.user, anyStatus: true });
    expect(refused.exitCode).not.toBe(0);
    const allowed = await rig.sh(`echo '${rig.board.password}' | sudo -S -p '' id -u`, { user: rig.board.user });
    expect(allowed.stdout.trim()).toBe('0');
  });

  it('has the clock of this machine and, unless asked for, no way out to a network', async () => {
    const boardClock = Number(await rig.read('date +%s'));
    expect(Math.abs(boardClock - Date.now() / 1000)).toBeLessThan(60);
    const out = await rig.sh('timeout 5 bash -c "exec 3<>/dev/tcp/10.0.2.2/22"', { anyStatus: true });
    expect(out.exitCode).not.toBe(0);
  });

  it('offers its watchdog', async () => {
    await rig.sh('modprobe i6300esb');
    await rig.until('test -e /dev/watchdog0');
    expect(await rig.read('cat /sys/class/watchdog/watchdog0/identity')).toContain('6300ESB');
  });

  it('sees its cable pulled and plugged in again, and the connection in use goes on', async () => {
    const watching = rig.sh(`
      carrier() { cat /sys/class/net/e*/carrier 2>/dev/null || echo 0; }
      echo CABLE-WATCHED >/dev/console
      while [ "$(carrier)" = 1 ]; do sleep 0.2; done
      echo CABLE-OUT >/dev/console
      while [ "$(carrier)" = 0 ]; do sleep 0.2; done
      echo cable back`);
    const consoleSays = (text: string) => vi.waitFor(() => { expect(rig.board.console()).toContain(text); }, { timeout: 60_000, interval: 200 });
    await consoleSays('CABLE-WATCHED');
    await rig.board.setLink(false);
    await consoleSays('CABLE-OUT');
    await rig.board.setLink(true);
    expect((await watching).stdout.trim()).toBe('cable back');
  });
});
