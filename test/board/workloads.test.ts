import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { cleanBoard } from '../../electron/core/runs/clean-board.ts';
import type { BoardSession } from '../../electron/core/ssh/board-session.ts';
import { readWorkload } from '../../electron/core/workloads/read-workload.ts';
import { startWorkload } from '../../electron/core/workloads/start-workload.ts';
import { stopWorkload } from '../../electron/core/workloads/stop-workload.ts';
import type { Workload, WorkloadKind } from '../../shared/model/vm.ts';
import { startSshdBoard, type SshdBoard } from '../support/change-kit.ts';
import { eventually, oursOnBoard } from '../support/run-kit.ts';
import { codedError } from '../support/session-kit.ts';

const owner = 'tester@laptop';
const start = (session: BoardSession, kind: WorkloadKind, seconds = 600): Promise<Workload> => startWorkload({ session, boardName: 'Bench 1', kind, seconds, owner });

/** A kernel source in miniature: what a compile loop asks of one, and a build that takes CPU time. */
function smallKernel(folder: string): string {
  const tree = join(folder, 'linux-9.9');
  mkdirSync(tree);
  const line = Array.from({ length: 400 }, (_, n) => `int f${String(n)}(int a) { return a * ${String(n)} + f${String(Math.max(0, n - 1))}(a); }`).join('\n');
  writeFileSync(join(tree, 'work.c'), `int f0(int);\n${line}\n`);
  writeFileSync(join(tree, 'Makefile'), 'all: $(patsubst %,work-%.o,1 2 3 4 5 6 7 8)\nwork-%.o: work.c\n\tgcc -O2 -w -c -o $@ $<\nx86_64_defconfig:\n\techo CONFIG=y >.config\nclean:\n\trm -f work-*.o\n.PHONY: all clean x86_64_defconfig\n');
  const file = join(folder, 'linux-9.9.tar.gz');
  execFileSync('tar', ['-czf', file, '-C', folder, 'linux-9.9']);
  return file;
}

describe('loads on a board', () => {
  let board: SshdBoard;
  let session: BoardSession;
  beforeAll(async () => {
    board = await startSshdBoard();
    session = board.session();
  });
  afterEach(async () => { await stopWorkload(session, 'Bench 1'); });
  afterAll(async () => { await board.stop(); });
  const folder = (): string => join(board.base, 'workload');

  it('keeps a CPU busy after the connection is gone, tells so, and is gone once it is stopped', async () => {
    expect(await readWorkload(session)).toBeNull();
    const started = await start(session, 'busy-loop');
    expect(started).toMatchObject({ kind: 'busy-loop', running: true, ending: null, owner, seconds: 600, command: 'while :; do :; done' });
    expect(started.busyCpus).toBeGreaterThan(0.01);
    expect(started.busyCpus).toBeLessThan(1.5);
    await session.disconnect();
    const again = await readWorkload(session);
    expect(again).toMatchObject({ running: true, startedAt: started.startedAt });
    expect(again?.busyCpus).toBeGreaterThan(0.01);
    expect(await stopWorkload(session, 'Bench 1')).toBe('busy-loop');
    expect(existsSync(folder())).toBe(false);
    expect(oursOnBoard(board.base)).toEqual([]);
    expect(await stopWorkload(session, 'Bench 1')).toBeNull();
  });

  it('is one at a time, and keeps off a board that is measured or changed', async () => {
    await start(session, 'busy-loop');
    const second = await codedError(start(session, 'busy-loop'));
    expect(second).toMatchObject({ code: 'board-busy' });
    expect(second.message).toContain(`busy-loop) is on Bench 1 already, started by ${owner}`);
    await stopWorkload(session, 'Bench 1');
    mkdirSync(join(board.base, 'changing'), { recursive: true });
    writeFileSync(join(board.base, 'changing', 'by'), `20261121T100000Z ${String(Math.floor(Date.now() / 1000))}\nsomebody@else\n`);
    const busy = await codedError(start(session, 'busy-loop'));
    expect(busy).toMatchObject({ code: 'board-busy' });
    expect(busy.message).toContain('somebody@else');
    rmSync(join(board.base, 'changing'), { recursive: true });
    expect(existsSync(folder())).toBe(false);
  });

  it('ends by itself when its time is over', async () => {
    await start(session, 'busy-loop', 2);
    await eventually(() => existsSync(join(folder(), 'ended')), 'the load has ended');
    const ended = await readWorkload(session);
    expect(ended).toMatchObject({ running: false, busyCpus: null });
    expect(ended?.ending?.why).toBe('time');
    expect(ended?.ending?.message).toMatch(/^Its time was over at \d{4}-\d\d-\d\d \d\d:\d\d UTC\.$/);
    await eventually(() => oursOnBoard(board.base).length === 0, 'nothing of ours runs any more');
    expect((await start(session, 'busy-loop')).running).toBe(true);
  });

  it('runs stress-ng with temporary files of its own, on every CPU', async () => {
    const started = await start(session, 'stress-io');
    expect(started.command).toBe(`stress-ng --hdd 2 --hdd-bytes 256m --io 2 --timeout 0 --oomable --temp-path ${folder()}/temporary`);
    await stopWorkload(session, 'Bench 1');
    expect(existsSync(folder())).toBe(false);
    const cpus = await start(session, 'stress-cpu');
    expect(cpus.busyCpus).toBeLessThan(availableParallelism() + 0.6);
    expect(cpus.said).toContain('stress-ng');
  });

  it('says by the names of packages what a compile loop lacks', async () => {
    // A board with busybox and nothing else.
    const tools = mkdtempSync(join(tmpdir(), 'rtvm-tools-'));
    execFileSync('busybox', ['--install', '-s', tools]);
    const base = join(tools, 'ours');
    const bare = await startSshdBoard({ config: [`SetEnv PATH=${tools} RTVM_BENCH_DIR=${base}`] });
    try {
      const refused = await codedError(start(bare.session(), 'kernel-compile'));
      expect(refused).toMatchObject({ code: 'board-tool-missing', message: 'Bench 1 lacks what this load needs: make, gcc, flex, bison.' });
      expect(refused.extras.next).toBe('Install there: build-essential flex bison (on Red Hat’s family: make gcc flex bison).');
      expect((await codedError(start(bare.session(), 'stress-cpu'))).extras.next).toBe('Install there: stress-ng.');
      expect((await start(bare.session(), 'busy-loop')).running).toBe(true);
      expect(oursOnBoard(base)).not.toEqual([]);
      expect(await stopWorkload(bare.session(), 'Bench 1')).toBe('busy-loop');
      expect(oursOnBoard(base)).toEqual([]);
    } finally {
      await bare.stop();
      rmSync(tools, { recursive: true, force: true });
    }
  });

  it('compiles a kernel source again and again, and takes away what it built', async () => {
    // A miniature asks nothing of the parser generators and of libelf: that they are there is enough.
    const tools = mkdtempSync(join(tmpdir(), 'rtvm-tools-'));
    for (const name of ['flex', 'bison']) symlinkSync('/bin/true', join(tools, name));
    for (const header of ['libelf.h', 'openssl/opensslv.h']) {
      mkdirSync(dirname(join(tools, header)), { recursive: true });
      writeFileSync(join(tools, header), '');
    }
    const base = join(tools, 'ours');
    const bench = await startSshdBoard({ config: [`SetEnv PATH=${process.env['PATH'] ?? ''}:${tools} CPATH=${tools} RTVM_BENCH_DIR=${base}`] });
    const compiling = bench.session();
    const build = join(base, 'workload', 'build', 'linux-9.9');
    try {
      const sourceless = await codedError(start(compiling, 'kernel-compile'));
      expect(sourceless).toMatchObject({ code: 'board-tool-missing', message: 'Bench 1 has no kernel source to compile.' });
      mkdirSync(join(base, 'sources'), { recursive: true });
      const source = smallKernel(join(base, 'sources'));
      const started = await start(compiling, 'kernel-compile');
      expect(started.command).toBe(`tar -xf ${source}; make x86_64_defconfig; while true; do make -j${String(availableParallelism() * 2)}; make clean; done`);
      expect(started.busyCpus).toBeGreaterThan(0.01);
      const rounds = new Set<string>();
      await eventually(() => {
        if (existsSync(join(build, 'work-8.o'))) rounds.add(String(statSync(join(build, 'work-8.o'), { throwIfNoEntry: false })?.mtimeMs));
        return rounds.size > 2;
      }, 'it was built more than twice', 60_000);
      expect(await stopWorkload(compiling, 'Bench 1')).toBe('kernel-compile');
      expect(existsSync(join(base, 'workload'))).toBe(false);
      expect(existsSync(source)).toBe(true);
      expect(oursOnBoard(base)).toEqual([]);
    } finally {
      await bench.stop();
      rmSync(tools, { recursive: true, force: true });
    }
  });

  it('goes with everything else of ours', async () => {
    await start(session, 'busy-loop');
    expect((await cleanBoard(session)).removed.map(({ path }) => path)).toEqual([board.base]);
    expect(existsSync(board.base)).toBe(false);
    expect(oursOnBoard(board.base)).toEqual([]);
  });

  it('says what killed it, and that a restart did', async () => {
    await start(session, 'busy-loop');
    const [watcher = '', ...rest] = readFileSync(join(folder(), 'runner'), 'utf8').trim().split(' ');
    process.kill(Number(watcher), 'SIGKILL');
    await eventually(() => !existsSync(`/proc/${watcher}/exe`), 'its watcher is gone');
    expect((await readWorkload(session))?.ending?.why).toBe('killed');
    writeFileSync(join(folder(), 'runner'), `${watcher} ${rest[0] ?? ''} 00000000-0000-0000-0000-000000000000\n`);
    expect((await readWorkload(session))?.ending?.why).toBe('restart');
    expect(await stopWorkload(session, 'Bench 1')).toBe('busy-loop');
    expect(oursOnBoard(board.base)).toEqual([]);
  });
});
