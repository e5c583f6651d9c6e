import type { Client } from 'ssh2';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { parseOptions } from '../../../electron/practice-board/commands/options.ts';
import { parseCyclictest } from '../../../electron/practice-board/cyclictest/options.ts';
import { logIn, runCommand, startBench, type Bench, type RunResult } from './practice-client.ts';

const cpus = Array.from({ length: 8 }, (_, cpu) => cpu);

describe('options as rt-tests 2.4 reads them', () => {
  const settings = (line: string) => {
    const parsed = parseCyclictest(line.split(' '), cpus, [0, 1]);
    if (!('settings' in parsed)) throw new Error(`refused with ${parsed.status}: ${parsed.errors}`);
    return parsed.settings;
  };

  test.each([['1.5h', 1], ['1x', 1], ['0', 0], ['2m', 120], ['3H', 10_800], ['1d', 86_400]])('-D %s lasts %i s', (text, seconds) => {
    expect(settings(`-D ${text}`).durationSeconds).toBe(seconds);
  });

  test('optional values may stand in the next word', () => {
    expect(settings('-t 4 -a 2-3,5 -q')).toMatchObject({ threads: 4, affinity: [2, 3, 5], quiet: true });
    expect(settings('-t -a -p 95')).toMatchObject({ threads: 'all', affinity: 'all', priority: 95, policy: 'fifo' });
    expect(settings('-t4 --affinity=!1')).toMatchObject({ threads: 4, affinity: [0] });
  });

  test('--mainaffinity with one dash is other options', () => {
    const parsed = parseCyclictest(['-mainaffinity=0'], cpus, [0, 1]);
    expect(parsed).toMatchObject({ status: 1, errors: "libnuma: Warning: unparseable cpu description 'inaffinity=0'\n\n" });
  });

  test('what is not understood ends in the usage text', () => {
    expect(parseCyclictest(['-n'], cpus, [0])).toMatchObject({ status: 0, errors: "cyclictest: invalid option -- 'n'\n" });
    expect(parseCyclictest(['-p', '100'], cpus, [0])).toMatchObject({ status: 1 });
    expect(parseCyclictest(['-h', '0'], cpus, [0])).toMatchObject({ status: 1 });
    expect(parseCyclictest(['-a', '9'], cpus, [0])).toMatchObject({ status: 1, errors: 'libnuma: Warning: cpu argument 9 is out of range\n\n' });
  });

  test('long options may be shortened, -- ends them', () => {
    expect(parseOptions(['--histo=5', '--', '-q'], { short: 'q', long: { histogram: 'h:', histfile: 'f:' } })).toEqual({ options: [{ name: 'h', value: '5' }], operands: ['-q'] });
  });
});

describe('a run', () => {
  let bench: Bench;
  let client: Client;
  beforeAll(async () => {
    bench = await startBench();
    client = await logIn(bench.login);
  });
  afterAll(async () => {
    client.end();
    await bench.close();
  });
  const asRoot = (command: string): Promise<RunResult> => runCommand(client, "sudo -S -p '' sh -s", `practice\ncd /tmp\n${command}\n`);
  const maxima = (text: string): number[] => [...text.matchAll(/Max: *(\d+)/g)].map(([, value]) => Number(value));

  test('the histogram, its totals and the JSON say the same', async () => {
    const { stdout, code } = await asRoot('cyclictest -q -m -p 90 -i 1000 -h 5 -l 500 -a 8-9 -t 2 --mainaffinity=0 --json=r.json; cat r.json');
    expect(code).toBe(0);
    const totals = /# Total: (\d+) (\d+)/.exec(stdout)?.slice(1).map(Number) ?? [];
    const overflows = /# Histogram Overflows: (\d+) (\d+)/.exec(stdout)?.slice(1).map(Number) ?? [];
    const report: unknown = JSON.parse(stdout.slice(stdout.indexOf('{\n')));
    for (const index of [0, 1]) {
      const rows = [...stdout.matchAll(/^\d{6} (\d+)\t(\d+)$/gm)].map((row) => Number(row[index + 1]));
      expect(rows).toHaveLength(5);
      expect(rows.reduce((sum, one) => sum + one, 0)).toBe(totals[index]);
      const cycles = (totals[index] ?? 0) + (overflows[index] ?? 0);
      expect(report).toMatchObject({ thread: { [index]: { cycles, cpu: 8 + index } }, num_threads: 2, 'rt_test_version:': '2.40' });
    }
  });

  test('the status pipe gives one line a thread, then ends', async () => {
    const { stdout } = await asRoot('cyclictest -q -p 90 -a 8-10 -t 3 -D 5 -F status >/dev/null & sleep 0.2; cat status; echo --; kill $!; wait $!; echo $?; ls status 2>&1');
    expect(stdout).toMatch(/^(T: \d \( *\d+\) P:90 I:\d+ C: +\d+ Min: +\d+ Act: +\d+ Avg: +\d+ Max: +\d+\n){3}--\n0\nls: cannot access 'status'/);
  });

  test('SIGTERM ends a run with its result, SIGKILL with nothing', async () => {
    expect((await asRoot('cyclictest -q -p 90 -a 8 -D 60 & sleep 0.3; kill $!; wait $!; echo $?')).stdout).toMatch(/^# \/dev\/cpu_dma_latency set to 0us\nT: 0 .*\n0\n$/);
    expect((await asRoot('cyclictest -q -p 90 -a 8 -D 60 & sleep 0.3; kill -9 $!; wait $!; echo $?')).stdout).toBe('137\n');
  });

  test('sixty threads at a kilohertz keep up with real time', async () => {
    const { stdout } = await asRoot('cyclictest -q -m -p 90 -i 1000 -h 50 -D 2 -a 4-63 -t 60 --mainaffinity=0');
    const overflow = /# Histogram Overflows: (.*)/.exec(stdout)?.[1]?.split(' ').map(Number) ?? [];
    const totals = /# Total: (.*)/.exec(stdout)?.[1]?.split(' ').map(Number) ?? [];
    expect(totals.map((total, index) => total + (overflow[index] ?? 0))).toEqual(Array.from({ length: 60 }, () => 2000));
  });

  test('isolated CPUs do better than the others, and load shows', async () => {
    const isolated = maxima((await asRoot('cyclictest -q -m -p 90 -d 0 -i 200 -D 1 -a 8-11 -t 4 --mainaffinity=0')).stdout);
    const shared = maxima((await asRoot('stress-ng -q -c 4 -t 5 2>/dev/null & cyclictest -q -m -p 90 -d 0 -i 200 -D 1 -a 0-3 -t 4; kill $!')).stdout);
    expect(Math.max(...isolated)).toBeLessThan(30);
    expect(Math.max(...shared)).toBeGreaterThan(Math.max(...isolated));
  });

  test('a plain user may not', async () => {
    expect(await runCommand(client, 'cyclictest -q -l 10')).toMatchObject({ code: 1, stderr: 'Unable to change scheduling policy!\nProbably missing capabilities, either run as root or increase RLIMIT_RTPRIO limits.\n' });
  });
});
