import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { cpus as cpusOfThisMachine } from 'node:os';
import { setTimeout as pause } from 'node:timers/promises';
import { stopRun } from '../../electron/core/runs/stop-run.ts';
import { CodedError } from '../../shared/contract/errors.ts';
import { follow, isLive, newRun, startRunKit, type RunKit } from '../support/run-kit.ts';
import { startTcpProxy } from '../support/tcp-proxy.ts';
import { skipped, type Benchmark, type Measured } from './benchmark.ts';
import { openSsh, whyNoSshd } from './board-kit.ts';
import { oursOn, type BoardProcess } from './board-processes.ts';

const steadySeconds = 20;
const liveSeconds = 5;

/** Two measured CPUs beside one for all else; a machine of two CPUs has one of them for both. */
function cpuShares(): { cpus: number[]; mainCpus: number[] } | null {
  const count = cpusOfThisMachine().length;
  if (count < 2) return null;
  return { cpus: [count - 2, count - 1], mainCpus: [0] };
}

export const benchmark: Benchmark = {
  name: `watch cyclictest with two threads for ${String(steadySeconds)} s`,
  run: async () => {
    const shares = cpuShares();
    const obstacle = whyNoSshd() ?? (existsSync('/usr/bin/cyclictest') ? null : 'cyclictest is not installed here.') ?? (shares === null ? 'Two threads need two CPUs.' : null);
    if (obstacle !== null || shares === null) return skipped(obstacle ?? '');
    const kit = await startRunKit();
    try {
      const liveBytes = await liveOverTerminal(kit, shares.cpus);
      return await watched(kit, shares, liveBytes);
    } catch (thrown) {
      if (thrown instanceof CodedError && thrown.code === 'board-busy') return skipped(thrown.message);
      throw thrown;
    } finally {
      await kit.stop();
    }
  },
};

/** Bytes per second, both ways, of cyclictest as people watch it: on a terminal, through OpenSSH's client. */
async function liveOverTerminal(kit: RunKit, cpus: readonly number[]): Promise<number> {
  const proxy = await startTcpProxy(kit.server.port);
  const ssh = openSsh({ port: kit.server.port, user: 'root', keyFile: kit.server.keyFile, hostKeys: kit.server.hostKeys }, proxy.port);
  try {
    const command = `exec cyclictest -m -p 80 -i 1000 -t 2 -a ${cpus.join(',')} -D ${String(liveSeconds + 4)}`;
    const child = spawn('ssh', ['-tt', ...ssh.arguments(command)], { stdio: ['ignore', 'pipe', 'inherit'], env: { ...process.env, TERM: 'xterm-256color' } });
    const closed = once(child, 'close');
    child.stdout.resume();
    await once(child.stdout, 'data');
    await pause(1_000);
    const before = proxy.bytes();
    const startMs = performance.now();
    await pause(liveSeconds * 1_000);
    const after = proxy.bytes();
    const seconds = (performance.now() - startMs) / 1_000;
    const [code]: unknown[] = await closed;
    if (code !== 0) throw new Error(`cyclictest over ssh ended with ${String(code)}`);
    return (after.toClient + after.toServer - before.toClient - before.toServer) / seconds;
  } finally {
    await proxy.stop();
    ssh.dispose();
  }
}

interface Look { readonly atMs: number; readonly bytes: number; readonly cpuMs: number; readonly sshdMs: number; readonly strays: number; readonly processes: number }

async function watched(kit: RunKit, { cpus, mainCpus }: { cpus: number[]; mainCpus: number[] }, liveBytes: number): Promise<Measured> {
  const session = kit.session();
  const measuredOnly = cpus.filter((cpu) => !mainCpus.includes(cpu));
  const duration = steadySeconds + 40;
  const run = await kit.start(newRun({ cpus, mainCpus, durationSeconds: duration, segmentSeconds: duration, histogramUs: 1_000 }), session);
  const following = follow(session, kit.store, run);
  const look = (): Look => {
    const { receivedBytes, sentBytes } = session.traffic();
    const { ours, sshd } = oursOn(kit.base);
    return {
      atMs: performance.now(), bytes: receivedBytes + sentBytes, cpuMs: cpuMsOf(ours), sshdMs: cpuMsOf(sshd), processes: ours.length,
      strays: ours.filter(({ allowedCpus }) => allowedCpus.some((cpu) => measuredOnly.includes(cpu))).length,
    };
  };
  const first = await following.until(isLive).then(() => nextLive(following, 3)).then(look);
  const looks: Look[] = [];
  while ((looks.at(-1)?.atMs ?? 0) - first.atMs < steadySeconds * 1_000) {
    await nextLive(following, 1);
    looks.push(look());
  }
  await stopRun({ session, store: kit.store, run });
  await following.ended;
  const last = looks.at(-1) ?? first;
  const seconds = (last.atMs - first.atMs) / 1_000;
  const bytes = (last.bytes - first.bytes) / seconds;
  return {
    figures: [
      { name: 'live cyclictest on a terminal over ssh', value: liveBytes, unit: 'B/s' }, { name: 'watched by RTVM Bench', value: bytes, unit: 'B/s' },
      { name: 'processor time of our processes on the board', value: (last.cpuMs - first.cpuMs) / seconds, unit: 'ms/s' },
      { name: 'processor time of its sshd for us', value: (last.sshdMs - first.sshdMs) / seconds, unit: 'ms/s' },
      { name: 'our processes at a time', value: Math.max(...looks.map(({ processes }) => processes)), unit: '' },
    ],
    ratios: [
      { name: 'bytes watched ÷ bytes live', value: bytes / liveBytes, limit: 0.01 },
      { name: `our processes that may use CPU ${measuredOnly.join(', ')}`, value: Math.max(first.strays, ...looks.map(({ strays }) => strays)), limit: 0 },
    ],
  };
}

const cpuMsOf = (processes: readonly BoardProcess[]): number => processes.reduce((sum, { cpuMs }) => sum + cpuMs, 0);

/** Resolves at the n-th reading from now. */
async function nextLive(following: ReturnType<typeof follow>, count: number): Promise<void> {
  const seen = following.events.filter(isLive).length;
  await following.until(() => following.events.filter(isLive).length >= seen + count);
}
