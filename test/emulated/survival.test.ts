import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { z } from 'zod';
import { inspect } from '../../electron/core/probe/probe.ts';
import { stopRun } from '../../electron/core/runs/stop-run.ts';
import { runSchema } from '../../shared/model/run.ts';
import { existingImage } from '../../build/emulated-board/index.mjs';
import { buildAndBootTimeoutMs, rebootTimeoutMs, startTestBoard, whyNoEmulatedBoard } from '../support/emulated-board.ts';
import type { TestBoard } from '../support/emulated-board.ts';
import { benchFor, boardJournalSha256, boardSamples, isLink, isLive } from '../support/emulated-run.ts';
import type { Bench } from '../support/emulated-run.ts';
import { laptopProgram } from '../support/laptop-program.ts';

const reason = whyNoEmulatedBoard();
const runTimeoutMs = 400_000;
const runsSchema = z.object({ runs: z.array(z.object({ id: z.string(), state: z.string() })) });
const attachSchema = z.object({ run: runSchema });

/** One booted board for all of it; every run is as short as what it shows allows. */
describe.skipIf(reason !== null)(`runs on an emulated board with isolated CPUs${reason === null ? '' : ` (skipped: ${reason})`}`, () => {
  const folder = mkdtempSync(join(tmpdir(), 'emulated-survival-'));
  let rig: TestBoard;
  let root: Bench;
  let engineer: Bench;

  beforeAll(async () => {
    rig = await startTestBoard({ topology: 'two-sockets' });
    await rig.bootWith('isolcpus=1,3 nohz_full=1,3 rcu_nocbs=1,3');
    root = benchFor(rig, 'root', folder);
    engineer = benchFor(rig, rig.board.user, folder);
  }, buildAndBootTimeoutMs + rebootTimeoutMs);
  /** What a failed test left running must not fail the next one. */
  afterEach(async () => { await rig.sh('systemctl stop "rtvm-bench-run-*.service"'); });
  afterAll(async () => {
    await Promise.all([root.kit.session.disconnect(), engineer.kit.session.disconnect()]);
    await rig.dispose();
    rmSync(folder, { recursive: true, force: true });
  });

  /** The serial console needs no network. */
  const consoleSays = (text: string, timeoutMs: number) => vi.waitFor(() => { expect(rig.board.console().includes(text)).toBe(true); }, { timeout: timeoutMs, interval: 500 });

  it('booted with the parameters written for GRUB', async () => {
    expect(await rig.read('cat /sys/devices/system/cpu/isolated')).toBe('1,3');
    expect(await rig.read('cat /sys/devices/system/cpu/nohz_full')).toBe('1,3');
    expect(await rig.read('cat /proc/cmdline')).toContain('isolcpus=1,3 nohz_full=1,3 rcu_nocbs=1,3');
  });

  it('is read as it is', async () => {
    const { snapshot } = await inspect(root.kit.session);
    expect(snapshot.kernel.realtime).toBe(true);
    expect(snapshot.cpus.isolated).toEqual([1, 3]);
    expect(snapshot.cpus.nohzFull).toEqual([1, 3]);
    expect(snapshot.numaNodes.map(({ cpus }) => cpus)).toEqual([[0, 1], [2, 3]]);
    expect(snapshot.virtualisation.kind).toBe('vm');
  });

  it('a user without root measures through sudo, asked once; an sshd restart in the middle costs nothing; stopping early keeps what there is', async () => {
    const followed = await engineer.begin({ durationSeconds: 600 });
    await followed.until(isLive);
    expect(followed.run.options.cpus).toEqual([1, 3]);
    const unit = `rtvm-bench-run-${followed.run.id}.service`;
    expect(await rig.read(`systemctl is-active ${unit}`)).toBe('active');
    const placed = await rig.read('for task in /proc/$(pgrep -x cyclictest)/task/*; do read -r line <$task/stat; set -- $line; echo "CPU ${39} priority ${40}"; done | grep 95 | sort');
    expect(placed).toBe('CPU 1 priority 95\nCPU 3 priority 95');
    const affinities = await rig.read(`for pid in $(cat /sys/fs/cgroup/system.slice/${unit}/cgroup.procs); do
      [ "$(cat /proc/$pid/comm 2>/dev/null)" = cyclictest ] || sed -n 's/^Cpus_allowed_list:[[:space:]]*//p' /proc/$pid/status 2>/dev/null
    done | sort -u`);
    expect(affinities).toBe('0,2');

    expect(engineer.asked.questions.map(({ kind }) => kind)).toEqual(['host-key', 'sudo']);
    await rig.sh('systemctl restart ssh; pkill -f "^sshd: [b]ench"', { anyStatus: true });
    const lost = followed.events.indexOf(await followed.until(isLink('lost')));
    await followed.until((event) => isLive(event) && followed.events.indexOf(event) > lost);
    expect(await stopRun({ session: engineer.kit.session, store: engineer.store, run: followed.run })).toBe('asked');
    const { run, result, journalSha256 } = await followed.ended;
    expect(run).toMatchObject({ state: 'stopped', stateReason: 'Stopped early on request.' });
    expect(result.threads.map(({ cpu }) => cpu)).toEqual([1, 3]);
    expect(result.merged.samples).toBe(await boardSamples(rig, run.id));
    expect(journalSha256).toBe(await boardJournalSha256(rig, run.id));
  }, runTimeoutMs);

  it('goes on while the cable is out for 90 s, and nothing is lost or counted twice', async () => {
    const followed = await root.begin({ durationSeconds: 150 });
    await followed.until(isLive);
    await rig.sh('setsid sh -c "sleep 90; echo NINETY-SECONDS >/dev/console" >/dev/null 2>&1 </dev/null &');
    await rig.board.setLink(false);
    try {
      await followed.until(isLink('lost'));
      await consoleSays('NINETY-SECONDS', 150_000);
    } finally {
      await rig.board.setLink(true);
    }
    const before = followed.events.length;
    await vi.waitFor(() => { expect(followed.events.slice(before).some(isLive)).toBe(true); }, { timeout: 120_000 });
    const { run, result, journalSha256 } = await followed.ended;
    expect(run.state).toBe('completed');
    expect(result.merged.samples).toBe(await boardSamples(rig, run.id));
    expect(journalSha256).toBe(await boardJournalSha256(rig, run.id));
  }, runTimeoutMs);

  it('the program on the laptop is killed -9 and takes the run up again', async () => {
    const laptop = laptopProgram(folder);
    await laptop.json('board', 'add', 'emulated', '--address', rig.board.host, '--port', String(rig.board.port), '--user', 'root', '--key', rig.board.keyFile);
    const accept = rig.board.hostKeys.flatMap(({ key }) => ['--accept-host-key', `SHA256:${createHash('sha256').update(Buffer.from(key, 'base64')).digest('base64').replaceAll('=', '')}`]);
    await laptop.json('inspect', 'emulated', ...accept);
    const first = laptop.start('run', 'cyclictest', 'emulated', '--duration', '40s', '--interval', '2000');
    await first.says(/samples · max/);
    await first.killHard();
    const { runs } = runsSchema.parse(await laptop.json('runs'));
    expect(runs).toHaveLength(1);
    const [{ id, state } = { id: '', state: '' }] = runs;
    expect(state).toBe('running');
    const { run } = attachSchema.parse(await laptop.json('attach', id));
    expect(run.state).toBe('completed');
    expect(run.journalSha256).toBe(await boardJournalSha256(rig, id));
  }, runTimeoutMs);

  it('a killed cyclictest leaves a partial result that is no pass', async () => {
    const followed = await root.begin({ durationSeconds: 60, segmentSeconds: 6 });
    await followed.until((event) => event.kind === 'live' && event.status.segment === 2);
    await rig.sh('until pkill -KILL -x cyclictest; do sleep 0.1; done');
    const { run, result } = await followed.ended;
    expect(run).toMatchObject({ state: 'interrupted', stateReason: 'cyclictest was killed on the board (signal 9).' });
    expect(result.merged.samples).toBe(await boardSamples(rig, run.id));
    expect(result.verdict.grade).toBe('not comparable');
  }, runTimeoutMs);

  it('a full disk on the board ends the run, says so and keeps what was measured', async () => {
    const followed = await root.begin({ durationSeconds: 90, segmentSeconds: 6 });
    await followed.until((event) => event.kind === 'live' && event.status.segment === 2);
    await rig.sh('fallocate -l "$(df --output=avail -B1 / | tail -1)" /ballast; cat /dev/zero >/ballast2 2>/dev/null; sync', { anyStatus: true });
    const { run, result, journalSha256 } = await followed.ended;
    await rig.sh('rm -f /ballast /ballast2');
    expect(run).toMatchObject({ state: 'interrupted', stateReason: 'The board’s disk became full.' });
    expect(result.merged.samples).toBe(await boardSamples(rig, run.id));
    expect(result.verdict.grade).toBe('not comparable');
    expect(journalSha256).toBe(await boardJournalSha256(rig, run.id));
  }, runTimeoutMs);

  it('a power cut keeps the finished segments, and is never a pass', async () => {
    const followed = await root.begin({ durationSeconds: 120, segmentSeconds: 6 });
    await followed.until((event) => event.kind === 'live' && event.status.segment === 3);
    const { mtimeMs: imageWritten } = statSync(existingImage()?.disk ?? '');
    const bootId = await rig.bootId();
    await rig.board.powerCycle();
    expect(await rig.bootId()).not.toBe(bootId);
    expect(statSync(existingImage()?.disk ?? '').mtimeMs).toBe(imageWritten);
    const { run, result } = await followed.ended;
    expect(run).toMatchObject({ state: 'interrupted', stateReason: 'The board restarted during the run.' });
    expect(result.segments.filter(({ complete }) => complete).length).toBeGreaterThanOrEqual(2);
    expect(result.merged.samples).toBeGreaterThan(0);
    expect(result.verdict.grade).toBe('not comparable');
  }, rebootTimeoutMs + runTimeoutMs);

  it('an orderly reboot ends the run in words, and the board is free for the next one', async () => {
    const followed = await root.begin({ durationSeconds: 120, segmentSeconds: 6 });
    await followed.until((event) => event.kind === 'live' && event.status.segment === 2);
    await rig.reboot();
    const { run, result } = await followed.ended;
    expect(run.state).toBe('interrupted');
    expect(run.stateReason).toMatch(/The runner was told to end by the board itself|The board restarted during the run/);
    expect(result.verdict.grade).toBe('not comparable');
    const next = await root.begin({ durationSeconds: 3 });
    expect((await next.ended).run.state).toBe('completed');
  }, rebootTimeoutMs + runTimeoutMs);
});
