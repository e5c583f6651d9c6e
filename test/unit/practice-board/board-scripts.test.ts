import type { Client } from 'ssh2';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import probeText from '../../../electron/board-scripts/probe.sh?raw';
import { attachScript, cleanScript, followScript, startScript, stopScript } from '../../../electron/core/runs/run-scripts.ts';
import type { BoardScript } from '../../../electron/core/ssh/board-session.ts';
import { newCallWords, passwordSudoCommand, plainCommand, probingCommand } from '../../../electron/core/ssh/remote-commands.ts';
import { scriptInput } from '../../../electron/core/ssh/script-input.ts';
import { parseRunJournal } from '../../../shared/parsers/run-journal.ts';
import { logIn, runCommand, startBench, type Bench, type RunResult } from './practice-client.ts';

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

const asUser = (script: BoardScript, ...args: string[]): Promise<RunResult> => runCommand(client, plainCommand, scriptInput(script, args).toString());

const asRoot = (script: BoardScript, ...args: string[]): Promise<RunResult> =>
  runCommand(client, passwordSudoCommand(newCallWords()), `${bench.login.password}\n${scriptInput(script, args).toString()}`);

/** Arguments of run-start: id, owner, housekeeping, CPUs, priority, KiB needed, KiB spare, period, segment and duration in seconds, manner, needs, name; then the command. */
const startArguments = (id: string, seconds: number, segment = seconds): string[] => [
  id, 'somebody', '0-3', '8-11', '90', '2000', '200', '1', String(segment), String(seconds),
  'status', '-', 'cyclictest', 'cyclictest', '-q', '-m', '-p', '90', '-i', '1000', '-h', '100', '-D', '@SECONDS@', '-a', '8-11', '-t', '4', '--mainaffinity=0-3', '-F', '@FIFO@',
];

const recordsOf = (journal: string, kind: string): string[] => journal.split('\n').filter((line) => line.startsWith(`${kind} `));

describe('the scripts that a board runs', () => {
  test('the probe gives a whole capture, and says what it may not read', async () => {
    const result = await asUser({ name: 'probe', text: probeText });
    expect(result.code).toBe(0);
    expect(result.stdout).toMatch(/^RTVM-BENCH-CAPTURE 1\n/);
    expect(result.stdout).toMatch(/\n@@ end\n$/);
    expect(result.stdout).toContain('sys/devices/system/cpu/isolated:4-63');
    expect(result.stdout).toContain('intel_pstate=disabled');
    expect(result.stdout).toContain('|grep: sys/class/dmi/id/product_serial: Permission denied');
  });

  test('as root the probe sees the serial number', async () => {
    const result = await asRoot({ name: 'probe', text: probeText });
    expect(result.stdout).toContain('sys/class/dmi/id/product_serial:S528401X4B07731');
    expect(result.stdout).toContain('resctrl: L3 allocation detected');
  });

  test('the way to root is found out with one command', async () => {
    const words = newCallWords();
    const script: BoardScript = { name: 'who', text: 'id -u' };
    const result = await runCommand(client, probingCommand(words, 'run-as-user'), scriptInput(script, []).toString());
    expect(result).toMatchObject({ code: 0, stdout: '1000\n', stderr: `${words.mark} user\n` });
  });

  test('arguments arrive byte for byte', async () => {
    const args = ["it's", 'a\nb\n', '$(reboot)', '', '% ü'];
    const result = await asUser({ name: 'args', text: 'printf "<%s>" "$@"' }, ...args);
    expect(result.stdout).toBe(args.map((arg) => `<${arg}>`).join(''));
  });

  test('a run is measured, followed while it goes, and sealed', async () => {
    const started = await asRoot(startScript, ...startArguments('one', 3, 2));
    expect(started.stdout).toBe('started\n');
    const journal = (await asRoot(followScript, 'one', '1', '0-3')).stdout;
    const parsed = parseRunJournal(Buffer.from(journal));
    expect(recordsOf(journal, 'segment')).toHaveLength(2);
    expect(recordsOf(journal, 's').length).toBeGreaterThanOrEqual(1);
    expect(journal).toMatch(/\nend completed - [\d.]+ [0-9a-f]{64} ;\n$/);
    expect(journal).toMatch(/Cpus_allowed_list:\t8\n/);
    expect(parsed.end?.state).toBe('completed');
    expect((await asRoot(attachScript, 'one', '10')).stdout).toMatch(/state ended\nsize \d+\nprefix [0-9a-f]{64}\n/);
  }, 20_000);

  test('a run goes on when its connection is gone, and can be stopped early', async () => {
    const other = await logIn(bench.login);
    const input = scriptInput(startScript, startArguments('two', 3600)).toString();
    const started = await runCommand(other, passwordSudoCommand(newCallWords()), `${bench.login.password}\n${input}`);
    expect(started.stdout).toBe('started\n');
    other.end();
    expect((await asRoot(startScript, ...startArguments('three', 1))).stdout).toMatch(/^busy two \d+ somebody\n$/);
    expect((await asRoot(attachScript, 'two', '0')).stdout).toContain('state running');
    const following = asRoot(followScript, 'two', '1', '0-3');
    expect((await asRoot(stopScript, 'two')).stdout).toBe('asked\n');
    expect((await following).stdout).toMatch(/\nend stopped asked [\d.]+ [0-9a-f]{64} ;\n$/);
  }, 20_000);

  test('without the right to real-time priority a run is refused', async () => {
    expect((await asUser(startScript, ...startArguments('four', 1))).stdout).toBe('refused rt-priority 90\n');
  });

  test('a full disk refuses a run, and the pretend df says why', async () => {
    const faults = (await bench.board.state()).faults;
    await bench.board.setFaults({ ...faults, diskFull: true });
    expect((await asRoot(startScript, ...startArguments('five', 1))).stdout).toMatch(/^refused (not-writable|disk-full)/);
    await bench.board.setFaults(faults);
  });

  test('everything of ours can be removed', async () => {
    expect((await asRoot(cleanScript)).stdout).toMatch(/^removed \d+ \/var\/lib\/rtvm-bench\n$/);
    expect((await asRoot({ name: 'look', text: 'ls /var/lib/rtvm-bench' })).code).toBe(2);
  });
});
