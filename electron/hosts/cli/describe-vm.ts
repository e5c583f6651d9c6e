import type { VmReport } from '../../../shared/planning/vm/vm-report.ts';
import { formatCpuList } from '../../../shared/parsers/cpu-list.ts';
import { columns } from './columns.ts';

const marks = { ok: 'ok', wrong: 'WRONG', unknown: 'unknown', 'not-applicable': '-' } as const;

/** A VM as a person reads it: where each of its threads runs, what is proven of it, what of its definition is not real-time. */
export function describeVm({ vm, summary, checks, audit, problem }: VmReport): string {
  return [
    `${vm.name}: ${vm.state}. ${summary}`,
    ...(vm.threads.length === 0 ? [] : ['', columns(['thread', 'host CPUs', 'policy', 'priority'], vm.threads.map((thread) => [
      thread.vcpu === null ? thread.name : `vCPU ${thread.vcpu}`, thread.cpus === null ? '?' : formatCpuList(thread.cpus), thread.policy, thread.priority === 0 ? '' : String(thread.priority),
    ]))]),
    ...(checks.length === 0 ? [] : ['', ...checks.flatMap(({ verdict, title, message, evidence, fix }) => [
      `${marks[verdict].padEnd(7)}  ${title}: ${message}`,
      ...(verdict === 'wrong' ? [...evidence.map((line) => `           ${line}`), ...(fix === null ? [] : [`           ${fix}`])] : []),
    ])]),
    ...(problem ? ['', `It cannot be tuned by the board’s CPU map: ${problem.message}`] : []),
    ...(audit && audit.findings.length > 0 ? ['', 'What of its definition is not real-time:', ...audit.findings.map(({ severity, element, message }) => `${severity.padEnd(7)}  ${element}: ${message}`)] : []),
  ].join('\n');
}
