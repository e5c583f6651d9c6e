import fc from 'fast-check';
import { readdirSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { ToolBenchmark } from '../../../shared/benchmarks/benchmark.ts';
import { benchmarks, toolBenchmarkOf, toolBenchmarks } from '../../../shared/benchmarks/catalogue.ts';
import { checkTool, previewTool, proposeTool } from '../../../shared/benchmarks/plan-tool.ts';
import { toolOptionsSchema, type ToolOptions } from '../../../shared/model/run.ts';
import { formats } from '../../../shared/parsers/parse-output.ts';
import { board, type BoardChanges } from '../planning/cyclictest-kit.ts';

const options = (changes: Partial<ToolOptions> = {}): ToolOptions =>
  ({ cpus: [2, 3], mainCpus: [0, 1], priority: null, durationSeconds: 60, deadlineUs: null, deadlineFraction: 1, values: {}, ...changes });

/** A reading that did not look for tools: none is missed. */
const boardWith = (changes: BoardChanges = {}) => board({ tools: [], ...changes });

const known = (id: string): ToolBenchmark => {
  const found = toolBenchmarkOf(id);
  if (found === undefined) throw new Error(`no benchmark ${id}`);
  return found;
};

/** The command as a person reads it. */
function line(id: string, changes: Partial<ToolOptions> = {}, values: ToolOptions['values'] = {}, toolVersion: string | null = null): string {
  const benchmark = known(id);
  const command = benchmark.command(options({ ...changes, values: { ...benchmark.defaults, ...values } }), { seconds: '60', toolVersion });
  if (!command.ok) throw command.error;
  return command.value.join(' ');
}

describe('command lines of the benchmarks', () => {
  it.each<[string, Partial<ToolOptions>, ToolOptions['values'], string]>([
    ['oslat', { priority: 1 }, {}, 'oslat -q -c 2-3 -C 0 -f 1 -b 256 -D 60'],
    ['oslat', {}, { workload: 'memmove', bias: true, buckets: 64 }, 'oslat -q -c 2-3 -C 0 -b 64 -w memmove -B -D 60'],
    ['hwlatdetect', {}, {}, 'hwlatdetect --duration=60 --threshold=10us --hardlimit=10s --window=1000000us --width=500000us --cpu-list=2-3'],
    ['smi-count', {}, {}, 'sh -c rdmsr -a -d 0x34 && echo && sleep "$1" && rdmsr -a -d 0x34 smi-count 60'],
    ['cyclicdeadline', { cpus: [0, 1, 2, 3] }, { threads: 2 }, 'taskset -c 0-3 cyclicdeadline -q -t 2 -i 5000 -s 500 -D 60'],
    ['signaltest', { cpus: [0], priority: 80 }, { threads: 4 }, 'signaltest -q -m -a0 -t 4 -p 80 -D 60'],
    ['pmqtest', { cpus: [0], priority: 95 }, {}, 'pmqtest -q -a0 -t1 -p 95 -i 1000 -D 60'],
    ['ptsematest', { cpus: [3] }, { intervalUs: 200 }, 'ptsematest -q -a3 -t1 -i 200 -D 60'],
    ['svsematest', { cpus: [3], priority: 95 }, {}, 'env _=/bin/sh svsematest -q -a3 -t1 -p 95 -i 1000 -D 60'],
    ['sigwaittest', { cpus: [3], priority: 95 }, {}, 'sigwaittest -q -a3 -t1 -p 95 -i 1000 -D 60'],
    ['rtla-timerlat', { priority: 95 }, {}, 'rtla timerlat hist -c 2-3 -p 1000 -b 1 -E 256 -P f:95 -d 60s'],
    ['rtla-spike', { priority: 95 }, { limitUs: 60 }, 'rtla timerlat top -q -c 2-3 -p 1000 -T 60 -s 60 -P f:95 -d 60s'],
    ['rtla-osnoise', { priority: 1 }, {}, 'rtla osnoise top -q -c 2-3 -p 1000000 -r 950000 -P f:1 -d 60s'],
    ['rtla-hwnoise', {}, {}, 'rtla hwnoise -q -c 2-3 -p 1000000 -r 500000 -d 60s'],
    ['iperf3', { cpus: [0, 1] }, { peer: 'fe80::1%eth0' }, 'taskset -c 0-1 iperf3 --json -c fe80::1%eth0 -p 5201 -t 60 -P 1'],
    ['iperf3', { cpus: [0] }, { peer: '10.0.0.2', protocol: 'UDP', mbitPerSecond: 50, direction: 'receive' }, 'taskset -c 0 iperf3 --json -c 10.0.0.2 -p 5201 -t 60 -P 1 -u -b 50M -R'],
    ['ping', { cpus: [0] }, { peer: 'press', intervalMs: 10 }, 'taskset -c 0 ping -n -i 0.01 -s 56 -w 60 press'],
    ['hackbench', { priority: 50 }, { through: 'pipes', tasks: 'threads' }, 'taskset -c 2-3 chrt -f 50 hackbench -g 10 -l 1000 -s 100 -p -T'],
    ['kernel-compile', {}, { source: '/usr/src/linux 6.1', jobs: 4 }, 'taskset -c 2-3 make -C /usr/src/linux 6.1 O=@FOLDER@/build -j 4 x86_64_defconfig bzImage'],
  ])('%s %j %j', (id, changes, values, expected) => {
    expect(line(id, changes, values)).toBe(expected);
  });

  it('asks rtla for the kernel’s threads where it has others, and leaves the option out where that would print its usage', () => {
    expect(line('rtla-timerlat', {}, {}, '6.12.107-1')).toContain('hist -k -c');
    expect(line('rtla-timerlat', {}, {}, '6.1.153-1')).not.toContain('-k');
    expect(line('rtla-timerlat')).not.toContain('-k');
  });

  it('are one file each: every file is in the catalogue under its own name, with a format there is', () => {
    const files = readdirSync(new URL('../../../shared/benchmarks/tools', import.meta.url)).map((name) => name.replace(/\.ts$/, '')).sort();
    expect(toolBenchmarks.map(({ id }) => id).sort()).toEqual(files);
    expect(toolBenchmarks.filter(({ format }) => format !== null && !Object.hasOwn(formats, format))).toEqual([]);
    for (const { id, answers } of benchmarks) expect(answers, id).toMatch(/\?$/);
  });

  it('begin with values that are accepted, with a label and help for each', () => {
    for (const benchmark of toolBenchmarks) {
      const proposed = proposeTool(benchmark, boardWith());
      expect(toolOptionsSchema.safeParse(proposed).success, benchmark.id).toBe(true);
      expect(benchmark.command(proposed, { seconds: '60', toolVersion: null }).ok, benchmark.id).toBe(true);
      for (const { label, help, name } of benchmark.fields) expect([label === name, help === ''], `${benchmark.id} ${name}`).toEqual([false, false]);
      expect(Object.keys(benchmark.defaults).sort()).toEqual(benchmark.fields.map(({ name }) => name).sort());
    }
  });

  it('any values give a command or a coded error; what was typed stays within the argument it belongs to', () => {
    const value = fc.oneof(fc.string(), fc.integer(), fc.double(), fc.boolean(), fc.constantFrom('$(reboot)', '-h', '; rm -rf /', '--help', '10.0.0.1 -R', '`id`', "a'b"));
    fc.assert(fc.property(fc.constantFrom(...toolBenchmarks), fc.integer({ min: 0, max: 9 }), value, (benchmark, at, given) => {
      const name = benchmark.fields[at % Math.max(1, benchmark.fields.length)]?.name ?? 'unknown';
      const asked = options({ values: { ...benchmark.defaults, [name]: given } });
      const plain = benchmark.command(options({ values: benchmark.defaults }), { seconds: '60', toolVersion: null });
      const command = benchmark.command(asked, { seconds: '60', toolVersion: null });
      if (!command.ok) {
        expect(command.error.code).toBe('bad-request');
        expect(checkTool(benchmark, asked, null).some(({ severity }) => severity === 'error')).toBe(true);
        return;
      }
      // An option that a text brings along would begin with a dash where the plain command has none.
      expect(plain.ok).toBe(true);
      if (typeof given === 'string') for (const argument of command.value) if (argument === given) expect(given.startsWith('-')).toBe(false);
      expect(command.value.every((argument) => argument !== '')).toBe(true);
    }), { numRuns: 3_000 });
  });
});

describe('what speaks against a benchmark on a board', () => {
  const errors = (id: string, changes: Partial<ToolOptions>, values: ToolOptions['values'] = {}, board = boardWith()) =>
    checkTool(known(id), options({ ...changes, values: { ...known(id).defaults, ...values } }), board).filter(({ severity }) => severity === 'error').map(({ field }) => field);

  it('a tool that measures one CPU is given one', () => {
    expect(errors('pmqtest', { cpus: [2, 3] })).toContain('cpus');
    expect(errors('pmqtest', { cpus: [2] })).toEqual([]);
  });

  it('measured CPUs do nothing else; work that runs on CPUs may share them', () => {
    expect(errors('oslat', { cpus: [1, 2] })).toContain('mainCpus');
    expect(errors('hackbench', { cpus: [0, 1] })).toEqual([]);
  });

  it('names the value that is not accepted, and its bounds between values', () => {
    expect(errors('hwlatdetect', {}, { widthUs: 2_000_000 })).toEqual(['widthUs']);
    expect(errors('iperf3', { cpus: [0] }, { peer: '-R' })).toEqual(['peer']);
    expect(errors('hackbench', { cpus: [0] }, { groups: 0 })).toEqual(['groups']);
    expect(errors('hackbench', { cpus: [0] }, { colour: 'red' })).toEqual(['colour']);
  });

  it('a preview of what cannot be read has its problems and no command', () => {
    const preview = previewTool(known('ping'), options({ values: { ...known('ping').defaults, peer: 'a b' } }), boardWith());
    expect(preview).toMatchObject({ ok: true, value: { command: [] } });
  });

  it('a program that the reading looked for and did not find is named with its package', () => {
    expect(checkTool(known('oslat'), options(), board()).find(({ field }) => field === 'board')?.message).toContain('rt-tests (realtime-tests');
    expect(checkTool(known('pmqtest'), options({ cpus: [2], values: { intervalUs: 1000 } }), board()).filter(({ severity }) => severity === 'error')).toEqual([]);
  });

  it('SMIs are counted on Intel’s processors, outside of virtual machines', () => {
    const intel = boardWith();
    expect(errors('smi-count', {}, {}, { ...intel, cpus: { ...intel.cpus, vendor: 'AuthenticAMD' } })).toContain('board');
    expect(errors('smi-count', {}, {}, { ...intel, virtualisation: { ...intel.virtualisation, kind: 'vm' } })).toContain('board');
    expect(errors('smi-count', {}, {}, { ...intel, cpus: { ...intel.cpus, vendor: 'GenuineIntel' } })).toEqual([]);
  });
});
