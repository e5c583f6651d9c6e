import { formatCpuList, parseCpuList } from '../../../parsers/cpu-list.ts';
import type { Parameter } from '../command-line.ts';
import type { Check, LintContext, LintFinding } from '../lint-finding.ts';

const isolationFlags = ['nohz', 'domain', 'managed_irq'];

interface Isolation { flags: string[]; unknownFlags: string[]; list: string }

/** `isolcpus=[flag,…]LIST` → its flags and its list. */
export function splitIsolcpus(value: string): Isolation {
  const parts = value.split(',');
  const firstNumber = parts.findIndex((part) => /^\d|^N$|^N-|^all/.test(part));
  const head = firstNumber < 0 ? parts : parts.slice(0, firstNumber);
  return {
    flags: head.filter((flag) => isolationFlags.includes(flag)),
    unknownFlags: head.filter((flag) => flag !== '' && !isolationFlags.includes(flag)),
    list: firstNumber < 0 ? '' : parts.slice(firstNumber).join(','),
  };
}

/** Lists of CPUs: that they can be read, name CPUs that exist, leave CPU 0 to the host, and agree with each other. */
export const checkCpuLists: Check = (parameters, context) => {
  const findings: LintFinding[] = [];
  const isolcpus = parameters.find(({ name }) => name === 'isolcpus');
  const nohzFull = parameters.find(({ name }) => name === 'nohz_full');
  if (isolcpus?.value) findings.push(...isolcpusFindings(isolcpus.value, context));
  for (const parameter of parameters) {
    if (['nohz_full', 'rcu_nocbs', 'irqaffinity', 'workqueue.unbound_cpus'].includes(parameter.name)) findings.push(...listFindings(parameter, context));
  }
  findings.push(...agreement(isolcpus, nohzFull, parameters, context));
  return findings;
};

function isolcpusFindings(value: string, context: LintContext): LintFinding[] {
  const { flags, unknownFlags, list } = splitIsolcpus(value);
  const findings: LintFinding[] = [];
  if (unknownFlags.length > 0) {
    findings.push({
      parameter: 'isolcpus', code: 'value-ignored', severity: 'error', message: `The kernel skips the flag “${unknownFlags.join(', ')}”; it knows nohz, domain and managed_irq.`,
      ...(list !== '' && { suggestion: `isolcpus=${[...flags, list].join(',')}` }),
    });
  }
  if (flags.length > 0 && !flags.includes('domain') && list !== '') {
    findings.push({
      parameter: 'isolcpus', code: 'incomplete', severity: 'warning',
      message: `With ${flags.join(',')} and without domain the CPUs stay in the scheduler: other tasks run on them.`, suggestion: `isolcpus=${[...flags, 'domain', list].join(',')}`,
    });
  }
  return [...findings, ...listProblems('isolcpus', list, context, (cpus) => `isolcpus=${[...flags, formatCpuList(cpus)].join(',')}`)];
}

function listFindings({ name, value }: Parameter, context: LintContext): LintFinding[] {
  if (value === null) return [];
  return listProblems(name, value, context, (cpus) => `${name}=${formatCpuList(cpus)}`);
}

function listProblems(name: string, list: string, { presentCpus }: LintContext, write: (cpus: number[]) => string): LintFinding[] {
  const highest = presentCpus && presentCpus.length > 0 ? { highest: Math.max(...presentCpus) } : {};
  const parsed = parseCpuList(list, /^all|N/.test(list) && !presentCpus ? { highest: 8191 } : {});
  if (!parsed.ok || list === '') {
    return [{ parameter: name, code: 'value-invalid', severity: 'error', message: `“${list}” is not a list of CPUs as the kernel reads them (0-3,8): the whole parameter is dropped.` }];
  }
  const findings: LintFinding[] = [];
  const cpus = presentCpus ? valueOr(parseCpuList(list, highest), parsed.value) : parsed.value;
  const absent = presentCpus ? cpus.filter((cpu) => !presentCpus.includes(cpu)) : [];
  if (absent.length > 0 && presentCpus) {
    const left = cpus.filter((cpu) => presentCpus.includes(cpu));
    findings.push({
      parameter: name, code: 'cpu-absent', severity: 'error',
      message: `${name} names CPU ${formatCpuList(absent)}, which this board does not have: the kernel drops the whole parameter${name === 'rcu_nocbs' ? ' and offloads all CPUs' : ''}.`,
      ...(left.length > 0 && { suggestion: write(left) }),
    });
  }
  if ((name === 'isolcpus' || name === 'nohz_full') && cpus.includes(0) && !/^all|N/.test(list)) {
    const left = cpus.filter((cpu) => cpu !== 0);
    findings.push({
      parameter: name, code: 'cpu-0-isolated', severity: 'error', message: `CPU 0 is to stay with the host: the kernel boots and keeps work there.`,
      ...(left.length > 0 && { suggestion: write(left) }),
    });
  }
  return findings;
}

const valueOr = (parsed: ReturnType<typeof parseCpuList>, otherwise: number[]) => (parsed.ok ? parsed.value : otherwise);

function agreement(isolcpus: Parameter | undefined, nohzFull: Parameter | undefined, parameters: readonly Parameter[], { presentCpus }: LintContext): LintFinding[] {
  const isolation = isolcpus?.value ? splitIsolcpus(isolcpus.value) : null;
  const isolated = isolation ? parseCpuList(isolation.list) : null;
  const tickless = nohzFull?.value ? parseCpuList(nohzFull.value) : null;
  const findings: LintFinding[] = [];
  if (isolated?.ok && tickless?.ok && isolation && formatCpuList(isolated.value) !== formatCpuList(tickless.value)) {
    const dropped = isolation.flags.includes('nohz');
    // What isolcpus cannot keep is not handed on.
    const sound = isolated.value.filter((cpu) => cpu !== 0 && (presentCpus?.includes(cpu) ?? true));
    const list = sound.length === isolated.value.length ? isolation.list : formatCpuList(sound);
    findings.push({
      parameter: 'nohz_full', code: 'contradictory', severity: dropped ? 'error' : 'warning',
      ...(sound.length > 0 && formatCpuList(sound) !== formatCpuList(tickless.value) && { suggestion: `nohz_full=${list}` }),
      message: `nohz_full (${formatCpuList(tickless.value)}) and isolcpus (${formatCpuList(isolated.value)}) name different CPUs${dropped ? ': the kernel keeps the first and drops the other' : ': CPUs in one list only are half isolated'}.`,
    });
  }
  const affinity = parameters.find(({ name }) => name === 'irqaffinity');
  const allowed = affinity?.value ? parseCpuList(affinity.value) : null;
  if (isolated?.ok && allowed?.ok) {
    // CPU 0 in isolcpus is a finding of its own: interrupts are right there.
    const both = allowed.value.filter((cpu) => cpu !== 0 && isolated.value.includes(cpu));
    if (both.length > 0) {
      const left = allowed.value.filter((cpu) => !both.includes(cpu));
      findings.push({
        parameter: 'irqaffinity', code: 'contradictory', severity: 'error', message: `irqaffinity sends interrupts to CPU ${formatCpuList(both)}, which isolcpus isolates.`,
        suggestion: `irqaffinity=${formatCpuList(left.length > 0 ? left : [0])}`,
      });
    }
  }
  if (nohzFull && parameters.some(({ name, value }) => name === 'nohz' && value === 'off')) {
    findings.push({ parameter: 'nohz', code: 'contradictory', severity: 'error', message: 'nohz=off switches nohz_full off.', suggestion: '' });
  }
  return findings;
}
