import { CodedError } from '../../contract/errors.ts';
import { failed, ok, type Result } from '../../contract/result.ts';
import type { LoadCheck, Vm } from '../../model/vm.ts';
import { formatCpuList } from '../../parsers/cpu-list.ts';
import { pinsOf } from './domain-facts.ts';
import { readDomain } from './read-domain.ts';

/** A loaded CPU is busy nearly all of the time; the rest is the host's own. */
const isBusy = 0.7;
/** What a CPU must gain to count as having got busy: less is everyday work. */
const isMore = 0.3;

/** Busy part of each CPU, 0–1, over one window. */
export type Busy = ReadonlyMap<number, number>;

export interface LoadObservation {
  readonly vcpu: number;
  /** CPU of the host that the vCPU is pinned to; null: not pinned to one. */
  readonly expectedCpu: number | null;
  /** CPUs of the host that are kept free of other work. */
  readonly isolated: readonly number[];
  readonly before: Busy;
  readonly during: Busy;
}

/**
 * Judges what loading one vCPU made of the host's CPUs: the one it is pinned to gets busy, and no other isolated CPU does.
 * Source: ECI, Verify real-time VM cache allocation and pinning with stress on vCPU 0.
 */
export function judgeLoad({ vcpu, expectedCpu, isolated, before, during }: LoadObservation): LoadCheck {
  const gained = [...during].filter(([cpu, fraction]) => fraction - (before.get(cpu) ?? 0) >= isMore).map(([cpu]) => cpu);
  const check = (verdict: LoadCheck['verdict'], message: string): LoadCheck =>
    ({ vcpu, expectedCpu, busy: [...during].map(([cpu, fraction]) => ({ cpu, fraction })).sort((a, b) => a.cpu - b.cpu), verdict, message });
  const name = `vCPU ${String(vcpu)}`;
  const gainedText = gained.length === 0 ? 'No CPU of the host got busier' : `What got busier is CPU ${formatCpuList(gained)}`;
  if (expectedCpu === null) return check('unknown', `${name} is not pinned to one CPU of the host, so there is nothing to compare with. ${gainedText}.`);
  const now = during.get(expectedCpu);
  if (now === undefined) return check('wrong', `${name} is pinned to CPU ${String(expectedCpu)}, which the host does not have online.`);
  const was = before.get(expectedCpu) ?? 0;
  if (was > 1 - isMore) {
    return check('unknown', `CPU ${String(expectedCpu)}, which ${name} is pinned to, was ${percent(was)} busy before there was any load: a load shows nothing there. A guest with idle=poll keeps its CPUs busy always.`);
  }
  const others = gained.filter((cpu) => cpu !== expectedCpu && isolated.includes(cpu));
  if (now < isBusy) {
    return check(gained.length === 0 ? 'unknown' : 'wrong', gained.length === 0
      ? `${gainedText} while ${name} was loaded. Look whether the board that was loaded is this VM.`
      : `CPU ${String(expectedCpu)}, which ${name} is pinned to, was only ${percent(now)} busy while it was loaded. ${gainedText}.`);
  }
  if (others.length > 0) return check('wrong', `CPU ${String(expectedCpu)} got busy as it should, but so did the isolated CPU ${formatCpuList(others)}: something else runs there.`);
  return check('ok', `Load on ${name} makes CPU ${String(expectedCpu)} of the host busy (${percent(now)}), and no other isolated CPU.`);
}

const percent = (fraction: number): string => `${String(Math.round(fraction * 100))} %`;

/**
 * Busy parts from what `cpu-times.sh` answers: two blocks of CPU times with a pause between. Idle time is what is counted from:
 * on a CPU without a tick the kernel may add up the rest late. Source: man 5 proc, /proc/stat. Error: `output-unreadable`.
 */
export function parseCpuTimes(text: string): Result<Busy> {
  const [first, second] = text.split(/^at /m).slice(1).map(blockOf);
  const passed = first && second ? (second.hundredths - first.hundredths) / 100 : NaN;
  if (!first || !second || !(passed > 0) || !(second.perSecond > 0)) {
    return failed(new CodedError('output-unreadable', 'What the host says about its CPU times cannot be read.', { details: { said: text.slice(0, 500) } }));
  }
  const busy = new Map<number, number>();
  for (const [cpu, idle] of second.idle) {
    const before = first.idle.get(cpu);
    if (before !== undefined) busy.set(cpu, Math.min(1, Math.max(0, 1 - (idle - before) / second.perSecond / passed)));
  }
  return ok(busy);
}

function blockOf(block: string): { hundredths: number; perSecond: number; idle: Map<number, number> } {
  const [head = '', ...lines] = block.split('\n');
  const [hundredths = NaN, perSecond = NaN] = head.split(' ').map(Number);
  const idle = new Map<number, number>();
  for (const line of lines) {
    const words = /^cpu(\d{1,5})((?: \d{1,18}){5,})$/.exec(line);
    // user nice system idle iowait …: a CPU that waits for a disk is idle.
    const [, , , idleTicks = NaN, waitTicks = NaN] = (words?.[2] ?? '').trim().split(' ').map(Number);
    if (words) idle.set(Number(words[1]), idleTicks + waitTicks);
  }
  return { hundredths, perSecond, idle };
}

/** The one CPU a running VM's vCPU is pinned to, by its own definition or else by its thread; null: none, or more than one. */
export function pinnedCpu({ activeXml, threads }: Pick<Vm, 'activeXml' | 'threads'>, vcpu: number): number | null {
  const domain = activeXml === null ? null : readDomain(activeXml);
  const pinned = domain?.ok ? pinsOf(domain.value.root, 'vcpupin', 'vcpu').findLast((pin) => pin.number === vcpu)?.cpus : undefined;
  const cpus = pinned ?? threads.find((thread) => thread.role === 'vcpu' && thread.vcpu === vcpu)?.cpus ?? [];
  const [only, another] = cpus;
  return only !== undefined && another === undefined ? only : null;
}
