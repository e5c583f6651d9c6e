import type { Tone } from '../../components/tone.ts';
import { plural } from '../../text/format.ts';
import { agrees, threadRowsOf, type ThreadPlace, type ThreadRow } from './thread-rows.ts';
import type { VmReport } from '../../../shared/planning/vm/vm-report.ts';

export interface VmChip { readonly tone: Tone; readonly text: string }

/** What is real-time about a VM at a glance: of its threads as they run, or of its definition while it does not. */
export function vmChips(report: VmReport): VmChip[] {
  const vcpus = threadRowsOf(report).filter(({ role }) => role === 'vcpu');
  const running = report.vm.activeXml !== null;
  return [...pinChips(vcpus), ...policyChips(vcpus), ...memoryChips(report, running), ...cacheChips(report), ...verdictChips(report)];
}

const lastState = ({ states }: ThreadRow): ThreadPlace | null => states.effective ?? states.booted ?? states.written;

function pinChips(vcpus: readonly ThreadRow[]): VmChip[] {
  if (vcpus.length === 0) return [];
  const pinned = vcpus.filter((row) => lastState(row)?.cpus?.length === 1).length;
  const asked = vcpus.filter(({ states }) => states.requested !== null);
  const elsewhere = asked.filter((row) => { const found = lastState(row); return found !== null && row.states.requested !== null && !agrees({ ...row.states.requested, policy: null }, found); }).length;
  if (pinned === 0) return [{ tone: 'warn', text: 'no vCPU pinned' }];
  return [
    pinned === vcpus.length ? { tone: 'good', text: `${plural(pinned, 'vCPU')} pinned` } : { tone: 'warn', text: `${String(pinned)} of ${plural(vcpus.length, 'vCPU')} pinned` },
    ...(elsewhere > 0 ? [{ tone: 'warn', text: `${String(elsewhere)} not where the map has them` } as const] : []),
  ];
}

function policyChips(vcpus: readonly ThreadRow[]): VmChip[] {
  const places = vcpus.map(lastState).filter((place) => place !== null);
  const realTime = places.filter(({ policy }) => policy === 'fifo' || policy === 'rr');
  if (places.length === 0) return [];
  if (realTime.length === 0) return [{ tone: 'info', text: 'ordinary scheduling' }];
  const priorities = [...new Set(realTime.map(({ priority }) => priority ?? 0))].sort((a, b) => a - b);
  return [{ tone: realTime.length === places.length ? 'good' : 'warn', text: `${[...new Set(realTime.map(({ policy }) => (policy ?? '').toUpperCase()))].join(', ')} ${priorities.join(', ')}` }];
}

function memoryChips({ vm }: VmReport, running: boolean): VmChip[] {
  const asked = /<locked\s*\/>/.test(vm.activeXml ?? vm.inactiveXml ?? '');
  if (!running || vm.lockedBytes === null) return [asked ? { tone: 'good', text: 'memory to be locked' } : { tone: 'warn', text: 'memory not locked' }];
  return [vm.lockedBytes > 0 ? { tone: 'good', text: 'memory locked' } : { tone: 'warn', text: 'memory not locked' }];
}

function cacheChips({ vm }: VmReport): VmChip[] {
  const groups = new Set(vm.threads.filter(({ role, cacheGroup }) => role === 'vcpu' && cacheGroup !== null && cacheGroup !== '').map(({ cacheGroup }) => cacheGroup));
  if (groups.size > 0) return [{ tone: 'good', text: 'cache of its own' }];
  return /<cachetune\b/.test(vm.inactiveXml ?? '') ? [{ tone: 'info', text: 'cache share defined' }] : [];
}

function verdictChips({ checks, tuned }: VmReport): VmChip[] {
  const wrong = checks.filter(({ verdict }) => verdict === 'wrong').length;
  return [
    ...(tuned === null ? [] : tuned.changes.length === 0 ? [{ tone: 'good', text: 'defined as the map asks' } as const] : [{ tone: 'warn', text: `${String(tuned.changes.length)} to tune` } as const]),
    ...(wrong > 0 ? [{ tone: 'bad', text: `${plural(wrong, 'check')} wrong` } as const] : []),
  ];
}
