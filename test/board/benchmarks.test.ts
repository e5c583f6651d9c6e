import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { cpus, tmpdir } from 'node:os';
import { once } from 'node:events';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { Scalar } from '../../shared/parsers/tool-output.ts';
import { startRun } from '../../electron/core/runs/start-run.ts';
import { stopRun } from '../../electron/core/runs/stop-run.ts';
import { eventually, follow, oursOnBoard, startRunKit, type RunKit } from '../support/run-kit.ts';
import { newToolRun, resultOf, toEnd } from '../support/tool-run.ts';

/** Every tool there is here, through a real sshd: started by its own command, its output brought home and read. */
const isHere = (program: string): boolean => spawnSync('sh', ['-c', 'command -v "$1"', 'sh', program]).status === 0;
const missingOf = (...programs: string[]): string[] => programs.filter((program) => !isHere(program));
const named = (title: string, missing: readonly string[]): string => `${title}${missing.length > 0 ? ` (skipped: ${missing.join(', ')} not installed)` : ''}`;
const everyCpu = cpus().map((_, cpu) => cpu);
const scalar = (scalars: readonly Scalar[], name: RegExp): number | undefined => scalars.find((one) => name.test(one.name))?.value;

let kit: RunKit;
beforeAll(async () => { kit = await startRunKit(); });
afterAll(async () => { await kit.stop(); });
/** A follower's last process may be ending still. */
afterEach(() => eventually(() => oursOnBoard(kit.base).length === 0, 'every process of ours has ended'));

describe('benchmarks on a real sshd', () => {
  const rtTests = missingOf('cyclictest', 'oslat', 'pmqtest', 'hackbench');

  it.skipIf(rtTests.length > 0)(named('oslat measures the CPU it was given, and its gaps are judged', rtTests), async () => {
    const { run, result } = await toEnd(kit, newToolRun('oslat', { deadlineUs: 1_000_000 }, { buckets: 64 }));
    expect(run).toMatchObject({ state: 'completed', benchmark: 'oslat' });
    expect(result.output).toMatchObject({ tool: 'oslat', distributions: [{ cpu: 1 }] });
    expect(result.output?.distributions[0]?.samples).toBeGreaterThan(1_000);
    expect(result.verdict?.rule).toContain('Your deadline');
  });

  it.skipIf(rtTests.length > 0).each(['ptsematest', 'pmqtest', 'svsematest', 'sigwaittest', 'signaltest'])('%s measures one CPU', async (id) => {
    const { run, result } = await toEnd(kit, newToolRun(id, { priority: 80 }));
    expect(run).toMatchObject({ state: 'completed', stateReason: null });
    expect(result.output?.tool).toBe(id);
    expect(Math.max(...(result.output?.distributions ?? []).map(({ samples }) => samples))).toBeGreaterThan(100);
    expect(result).toMatchObject({ verdict: null, noVerdict: expect.stringContaining('set a deadline') });
  });

  it.skipIf(rtTests.length > 0)(named('cyclicdeadline is allowed on every CPU, as the kernel asks', rtTests), async () => {
    const { run, result } = await toEnd(kit, newToolRun('cyclicdeadline', { cpus: everyCpu }));
    expect(run.state).toBe('completed');
    expect(result.output?.distributions[0]?.samples).toBeGreaterThan(50);
  });

  it.skipIf(rtTests.length > 0)(named('hackbench ends when its work is done, and its time is the result', rtTests), async () => {
    const { run, result } = await toEnd(kit, newToolRun('hackbench', { cpus: everyCpu, durationSeconds: 120 }, { groups: 1, messages: 20 }));
    expect(run.state).toBe('completed');
    expect(scalar(result.output?.scalars ?? [], /^time/)).toBeLessThan(60);
    expect(result.measuredSeconds).toBeLessThan(60);
    expect(result.noVerdict).toContain('compare');
  });

  it.skipIf(rtTests.length > 0)(named('what takes longer than it may is ended, with every process it made', rtTests), async () => {
    const { run, result } = await toEnd(kit, newToolRun('hackbench', { cpus: everyCpu, durationSeconds: 1 }, { groups: 2, messages: 10_000_000 }));
    expect(run).toMatchObject({ state: 'interrupted', stateReason: 'hackbench was not done in the time it was given, and was ended.' });
    expect(result.output).toBeNull();
    expect(spawnSync('pgrep', ['-x', 'hackbench']).status).toBe(1);
  });

  const ping = missingOf('ping');
  it.skipIf(ping.length > 0)(named('ping tells its newest answers while it goes on, and a stop keeps what came', ping), async () => {
    const planned = newToolRun('ping', { cpus: [0], durationSeconds: 60 }, { intervalMs: 200 });
    const session = kit.session();
    const followed = follow(session, kit.store, await startRun({ session, store: kit.store, ...planned, owner: 'ana@laptop' }));
    const live = await followed.until((event) => event.kind === 'live' && (event.status.lines ?? []).length > 1);
    expect(live).toMatchObject({ kind: 'live', status: { threads: [], lines: expect.arrayContaining([expect.stringContaining('bytes from 127.0.0.1')]) } });
    await stopRun({ session, store: kit.store, run: planned.run });
    const run = await followed.ended;
    expect(run.state).toBe('stopped');
    const result = await resultOf(kit, run);
    expect(result.output?.distributions[0]?.samples).toBeGreaterThan(1);
    expect(result.conditions.join()).toContain('Stopped early');
  });

  const make = missingOf('make');
  it.skipIf(make.length > 0)(named('a compilation is timed, and what it made is removed', make), async () => {
    const source = mkdtempSync(join(tmpdir(), 'rtvm source '));
    writeFileSync(join(source, 'Makefile'), 'x86_64_defconfig:\n\tmkdir -p "$(O)" && echo y >"$(O)/.config"\nbzImage: x86_64_defconfig\n\techo CC kernel && test -s "$(O)/.config"\n');
    try {
      const { run, result } = await toEnd(kit, newToolRun('kernel-compile', { cpus: [0], durationSeconds: 60 }, { source, jobs: 2 }));
      expect(run.state).toBe('completed');
      expect(result.output?.scalars).toEqual([{ name: 'time', value: expect.any(Number), unit: 's' }]);
      expect(spawnSync('ls', ['-A', join(kit.base, 'runs', run.id)]).stdout.toString()).not.toContain('temporary');
      writeFileSync(join(source, 'Makefile'), 'x86_64_defconfig bzImage:\n\techo no compiler >&2; exit 3\n');
      const failing = await toEnd(kit, newToolRun('kernel-compile', { cpus: [0], durationSeconds: 60 }, { source, jobs: 2 }));
      expect(failing.run).toMatchObject({ state: 'failed', stateReason: expect.stringMatching(/^make failed with status 2: no compiler/) });
      expect(failing.result.output).toBeNull();
    } finally {
      rmSync(source, { recursive: true, force: true });
    }
  });

  it('a program that is missing is named with the package that brings it', async () => {
    const bare = mkdtempSync(join(tmpdir(), 'rtvm-path-'));
    mkdirSync(join(bare, 'bin'));
    for (const program of ['sh', 'cat', 'awk', 'id', 'df', 'date', 'grep', 'mkdir', 'rm', 'taskset', 'chrt', 'true']) spawnSync('ln', ['-s', `/usr/bin/${program}`, join(bare, 'bin', program)]);
    const poor = await startRunKit({ path: join(bare, 'bin') });
    try {
      const planned = newToolRun('iperf3', { cpus: [0] });
      await expect(startRun({ session: poor.session(), store: poor.store, ...planned, owner: 'ana@laptop' })).rejects.toMatchObject({
        code: 'board-tool-missing', message: 'Bench 1 has no iperf3.', extras: { details: { package: 'iperf3', benchmark: 'iperf3' } },
      });
    } finally {
      await poor.stop();
      rmSync(bare, { recursive: true, force: true });
    }
  });

  describe('iperf3 over loopback', () => {
    const iperf3 = missingOf('iperf3');
    const port = 45_201;
    let server: ChildProcess | null = null;
    beforeAll(async () => {
      if (iperf3.length > 0) return;
      server = spawn('iperf3', ['-s', '-B', '127.0.0.1', '-p', String(port), '--forceflush'], { stdio: ['ignore', 'pipe', 'ignore'] });
      if (server.stdout !== null) await once(server.stdout, 'data');
    });
    afterAll(() => { server?.kill(); });

    it.skipIf(iperf3.length > 0)(named('measures throughput, and jitter and loss with UDP', iperf3), async () => {
      const tcp = await toEnd(kit, newToolRun('iperf3', { cpus: [0], durationSeconds: 1 }, { port }));
      expect(tcp.run.state).toBe('completed');
      expect(Math.max(...(tcp.result.output?.scalars ?? []).map(({ value }) => value))).toBeGreaterThan(1e6);
      const udp = await toEnd(kit, newToolRun('iperf3', { cpus: [0], durationSeconds: 1 }, { port, protocol: 'UDP', mbitPerSecond: 5, direction: 'receive' }));
      expect(udp.result.output?.scalars.map(({ name }) => name).join()).toMatch(/jitter/);
    });

    it.skipIf(iperf3.length > 0)(named('an answer that is an error is no result, whatever the exit status', iperf3), async () => {
      const { result } = await toEnd(kit, newToolRun('iperf3', { cpus: [0], durationSeconds: 1 }, { port: port + 1 }));
      expect(result.output).toBeNull();
      expect(result.warnings.join(' ')).toMatch(/refused|connect/i);
    });
  });

  it('a tracer that another one uses is left alone, and a board without a tracer says so', async () => {
    const traced = ['/sys/kernel/tracing/current_tracer', '/sys/kernel/debug/tracing/current_tracer'].map((file) => { try { return readFileSync(file, 'utf8').trim(); } catch { return null; } }).find((one) => one !== null);
    if (!isHere('hwlatdetect')) return;
    const planned = newToolRun('hwlatdetect', { durationSeconds: 1 });
    const started = startRun({ session: kit.session(), store: kit.store, ...planned, owner: 'ana@laptop' });
    if (traced === undefined) await expect(started).rejects.toMatchObject({ code: 'run-refused', message: expect.stringContaining('no tracer') });
    else await follow(kit.session(), kit.store, await started).ended;
  });
});
