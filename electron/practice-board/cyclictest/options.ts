import { parseCpuList } from '../../../shared/parsers/cpu-list.ts';
import { parseOptions, type OptionTable } from '../commands/options.ts';

export interface CyclictestSettings {
  threads: number | 'all';
  threadsGiven: boolean;
  affinity: readonly number[] | 'all' | undefined;
  mainAffinity: readonly number[] | undefined;
  smp: boolean;
  priority: number;
  policy: 'other' | 'fifo' | 'rr' | 'batch' | 'idle' | undefined;
  prioSpread: boolean;
  intervalUs: number;
  distanceUs: number | undefined;
  durationSeconds: number;
  loops: number;
  histogram: number | undefined;
  histofall: boolean;
  histFile: string | undefined;
  jsonFile: string | undefined;
  fifo: string | undefined;
  quiet: boolean;
  verbose: boolean;
  lockMemory: boolean;
  holdLatency: 'hold' | 'laptop' | 'default-system';
  latencyUs: number;
  nanoseconds: boolean;
  breakUs: number;
  smi: boolean;
  refreshOnMax: boolean;
}

/** `usage`: print the usage text and end with `status`, after `errors` on standard error. */
export type ParsedCyclictest = { readonly settings: CyclictestSettings; readonly warnings: readonly string[] } | { readonly status: number; readonly errors: string };

const table: OptionTable = {
  short: 'a:: A:: b: c: d: D: F: h: H: i: l: M N o: p: m q r R s S t:: u v D: x',
  long: {
    affinity: 'a::', aligned: 'A::', breaktrace: 'b:', clock: 'c:', distance: 'd:', duration: 'D:', fifo: 'F:', histogram: 'h:', histofall: 'H:', interval: 'i:',
    loops: 'l:', refresh_on_max: 'M', nsecs: 'N', oscope: 'o:', priority: 'p:', mlockall: 'm', quiet: 'q', relative: 'r', resolution: 'R', system: 's', smp: 'S',
    threads: 't::', unbuffered: 'u', verbose: 'v', posix_timers: 'x', mainaffinity: 'mainaffinity:', 'default-system': 'default-system', histfile: 'histfile:',
    json: 'json:', laptop: 'laptop', latency: 'latency:', policy: 'policy:', priospread: 'priospread', secaligned: 'secaligned::', spike: 'spike:',
    'spike-nodes': 'spike-nodes:', smi: 'smi', tracemark: 'tracemark', dbg_cyclictest: 'dbg_cyclictest', help: 'help',
  },
};

/** C's atoi: the number at the start, 0 for none. */
const integer = (text: string): number => parseInt(text, 10) || 0;

/** An integer and one suffix letter; anything else after the integer is ignored, so that `1.5h` is one second. */
function duration(text: string): number {
  const factors: Readonly<Record<string, number>> = { m: 60, h: 3600, d: 86_400 };
  const match = /^(\d+)(.?)/.exec(text);
  return match === null ? 0 : Number(match[1]) * (factors[(match[2] ?? '').toLowerCase()] ?? 1);
}

/** Parses an argument vector as rt-tests 2.4 does. `cpus`: the CPUs the machine has; `allowed`: the affinity of the process. */
export function parseCyclictest(args: readonly string[], cpus: readonly number[], allowed: readonly number[]): ParsedCyclictest {
  const settings: CyclictestSettings = {
    threads: 1, threadsGiven: false, affinity: undefined, mainAffinity: undefined, smp: false, priority: 0, policy: undefined, prioSpread: false, intervalUs: 1000,
    distanceUs: undefined, durationSeconds: 0, loops: 0, histogram: undefined, histofall: false, histFile: undefined, jsonFile: undefined, fifo: undefined, quiet: false,
    verbose: false, lockMemory: false, holdLatency: 'hold', latencyUs: 0, nanoseconds: false, breakUs: 0, smi: false, refreshOnMax: false,
  };
  const warnings: string[] = [];
  const parsed = parseOptions(args, table);
  let errors = '';
  let bad = false;
  const cpuSet = (text: string): readonly number[] => {
    if (text === 'all') return cpus;
    const negated = text.startsWith('!');
    const relative = text.startsWith('+');
    const list = parseCpuList(text.replace(/^[!+]/, ''));
    if (!list.ok) {
      errors += `libnuma: Warning: unparseable cpu description '${text}'\n\n`;
      bad = true;
      return [];
    }
    const named = relative ? list.value.flatMap((at) => allowed[at] ?? []) : list.value;
    const outside = named.find((cpu) => !cpus.includes(cpu));
    if (outside !== undefined) {
      errors += `libnuma: Warning: cpu argument ${outside} is out of range\n\n`;
      bad = true;
    }
    return negated ? allowed.filter((cpu) => !named.includes(cpu)) : named;
  };
  for (const { name, value = '' } of parsed.options) {
    switch (name) {
      case 'a':
        if (settings.smp) warnings.push('WARN: -a ignored due to smp mode');
        else settings.affinity = value === '' ? 'all' : cpuSet(value);
        break;
      case 't':
        if (settings.smp) warnings.push('WARN: -t ignored due to smp mode');
        else settings.threads = value === '' ? 'all' : integer(value);
        settings.threadsGiven = true;
        break;
      case 'S': settings.smp = true; settings.affinity = 'all'; settings.threads = 'all'; break;
      case 'mainaffinity': settings.mainAffinity = cpuSet(value); break;
      case 'p':
        settings.priority = integer(value);
        if (settings.policy === undefined || settings.policy === 'other') settings.policy = 'fifo';
        break;
      case 'policy': settings.policy = value === 'fifo' || value === 'rr' || value === 'batch' || value === 'idle' ? value : 'other'; break;
      case 'priospread': settings.prioSpread = true; break;
      case 'i': settings.intervalUs = integer(value); break;
      case 'd': settings.distanceUs = integer(value); break;
      case 'D': settings.durationSeconds = duration(value); break;
      case 'l': settings.loops = integer(value); break;
      case 'H': case 'h': settings.histogram = Math.min(1_000_000, integer(value)); settings.histofall = name === 'H'; break;
      case 'histfile': settings.histFile = value; break;
      case 'json': settings.jsonFile = value; break;
      case 'F': settings.fifo = value; break;
      case 'q': settings.quiet = true; break;
      case 'v': settings.verbose = true; break;
      case 'm': settings.lockMemory = true; break;
      case 'laptop': case 'default-system': settings.holdLatency = name; break;
      case 'latency': settings.latencyUs = integer(value); break;
      case 'N': settings.nanoseconds = true; break;
      case 'b': settings.breakUs = integer(value); break;
      case 'M': settings.refreshOnMax = true; break;
      case 'smi': settings.smi = true; break;
      case 'help': return { status: 0, errors };
      default:
    }
  }
  if (parsed.problem !== undefined) return { status: 0, errors: `cyclictest: ${parsed.problem}\n` };
  const { histogram, priority, intervalUs, threads } = settings;
  if (histogram !== undefined && histogram > 0 && settings.distanceUs !== undefined && settings.distanceUs !== 0) {
    warnings.push('WARN: distance is ignored and set to 0, if histogram enabled');
  }
  if (bad || priority < 0 || priority > 99 || (histogram !== undefined && histogram <= 0) || intervalUs < 1 || (threads !== 'all' && threads < 1)) return { status: 1, errors };
  return { settings, warnings };
}
