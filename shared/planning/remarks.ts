import type { Remark, Snapshot } from '../model/snapshot.ts';
import { splitCommandLine } from './kernel-command-line/command-line.ts';
import { lintCommandLine, lintContextOf } from './kernel-command-line/lint.ts';
import { formatCpuList } from '../parsers/cpu-list.ts';

/** One rule: what is unusual about a board, or nothing. */
type Rule = (snapshot: Snapshot) => Remark | null;

/**
 * What is unusual about a board, for real-time work, gravest first. Each remark says what was seen and what it means;
 * what to do about it is the business of the guides. Nothing is said about what is unknown.
 */
export function remarksOf(snapshot: Snapshot): Remark[] {
  const found = rules.flatMap((rule) => rule(snapshot) ?? []);
  const weight = { error: 0, warning: 1, note: 2 } as const;
  return found.sort((a, b) => weight[a.severity] - weight[b.severity]);
}

const remark = (severity: Remark['severity'], layer: Remark['layer'], code: string, message: string, evidence: string | null = null): Remark =>
  ({ code, severity, layer, message, evidence });

const cpus = (list: readonly number[]) => (list.length === 1 ? `CPU ${formatCpuList(list)}` : `CPUs ${formatCpuList(list)}`);
const sysfs = '/sys/devices/system/cpu';
const isActive = (snapshot: Snapshot, service: string) => snapshot.services.some(({ name, active }) => name === service && active);

const kernelRules: readonly Rule[] = [
  (snapshot) => mistakenParameters(snapshot),
  ({ kernel }) => (kernel.realtime !== false ? null
    : remark('warning', 'host kernel', 'kernel-not-realtime', 'The running kernel is not a real-time (PREEMPT_RT) kernel.', kernel.realtimeEvidence)),
  ({ kernel }) => parametersNotTaken(kernel),
  ({ kernel }) => differingCommandLine(kernel),
  ({ kernel: { pending } }) => (pending.newerThanGenerated === undefined || pending.newerThanGenerated.length === 0 ? null
    : remark('warning', 'host kernel', 'boot-file-outdated', `${pending.newerThanGenerated.join(', ')} changed after the boot loader's file was generated: the next boot will not use it until that is done again.`, pending.evidence)),
  ({ kernel, cpus: { isolated } }) => (!/(?:^|\s)isolcpus=/.test(kernel.commandLine ?? '') || isolated.length > 0 ? null
    : remark('warning', 'host kernel', 'isolation-without-effect', 'The command line has isolcpus=, but no CPU is isolated: the list may name CPUs that do not exist, or only the nohz flag.', kernel.commandLine)),
  ({ kernel, cpus: { nohzFull } }) => (!/(?:^|\s)nohz_full=/.test(kernel.commandLine ?? '') || nohzFull.length > 0 ? null
    : remark('warning', 'host kernel', 'nohz-without-effect', 'The command line has nohz_full=, but no CPU runs without the tick: this kernel may be built without it, or the list does not fit.', kernel.commandLine)),
  ({ cpus: { isolated, list } }) => splitSiblings(isolated, list),
  ({ cpus: { isolated } }) => (!isolated.includes(0) ? null
    : remark('warning', 'host kernel', 'cpu0-isolated', 'CPU 0 is isolated. Some work cannot leave CPU 0, so real-time work there will be disturbed.', `${sysfs}/isolated: ${formatCpuList(isolated)}`)),
];

/** Meant for programs that start later, not for the kernel: it does not know them, and need not. */
const userSpaceWord = /^(?:splash|nosplash|rhgb|noresume|single|boot=|netcfg|ip=|rd_)/;

function parametersNotTaken({ builtInParametersUnknown, commandLine }: Snapshot['kernel']): Remark | null {
  const words = builtInParametersUnknown.filter((word) => !userSpaceWord.test(word));
  return words.length === 0 ? null
    : remark('warning', 'host kernel', 'parameters-unknown', `The kernel did not take these parameters: ${words.join(' ')}. They may be misspelt, not built in, or meant for another program.`, commandLine);
}

/** Parameters that have no effect as they are written; the kernel names only some of them itself. */
function mistakenParameters(snapshot: Snapshot): Remark | null {
  const { commandLine, builtInParametersUnknown } = snapshot.kernel;
  const mistakes = lintCommandLine(commandLine ?? '', lintContextOf(snapshot))
    .filter(({ severity, parameter }) => severity === 'error' && !builtInParametersUnknown.some((word) => word.split('=')[0] === parameter));
  if (mistakes.length === 0) return null;
  const words = splitCommandLine(commandLine ?? '').filter(({ name }) => mistakes.some(({ parameter }) => parameter === name)).map(({ text }) => text);
  return remark('warning', 'host kernel', 'parameters-mistaken', mistakes.map(({ parameter, message }) => `${parameter}: ${message}`).join(' '), `/proc/cmdline: … ${words.join(' … ')} …`);
}

/** Words that the boot loader adds itself say nothing about a change. */
const loaderWord = /^(?:BOOT_IMAGE|initrd)=/;

function differingCommandLine({ commandLine, pending }: Snapshot['kernel']): Remark | null {
  if (commandLine === null || pending.commandLine === null) return null;
  const words = (line: string) => line.split(/\s+/).filter((word) => word !== '' && !loaderWord.test(word)).sort();
  const [now, next] = [words(commandLine), words(pending.commandLine)];
  if (now.join(' ') === next.join(' ')) return null;
  const added = next.filter((word) => !now.includes(word));
  const gone = now.filter((word) => !next.includes(word));
  const parts = [...(added.length > 0 ? [`adds ${added.join(' ')}`] : []), ...(gone.length > 0 ? [`drops ${gone.join(' ')}`] : [])];
  return remark('note', 'host kernel', 'next-boot-differs', `The next boot will use another command line: it ${parts.join(' and ') || 'repeats words'}.`, pending.evidence);
}

function splitSiblings(isolated: readonly number[], list: Snapshot['cpus']['list']): Remark | null {
  const apart = new Set(isolated);
  const split = list.filter(({ cpu, siblings }) => apart.has(cpu) && siblings.some((sibling) => !apart.has(sibling)));
  return split.length === 0 ? null
    : remark('warning', 'host kernel', 'sibling-not-isolated', `The hyper-threading sibling of isolated ${cpus(split.map(({ cpu }) => cpu))} is not isolated: work there slows the real-time CPU.`,
      `${sysfs}/isolated: ${formatCpuList(isolated)}`);
}

const firmwareRules: readonly Rule[] = [
  ({ virtualisation: { kind, name, evidence } }) => (kind !== 'container' ? null
    : remark('error', 'application', 'is-a-container', `This is a container (${name ?? 'kind unknown'}), not a machine: its kernel and CPUs belong to the host.`, evidence)),
  ({ virtualisation: { kind, name, evidence } }) => (kind !== 'vm' || name === 'acrn' ? null
    : remark('note', 'firmware', 'is-a-virtual-machine', `This is a virtual machine (${name ?? 'kind unknown'}): firmware values and latencies seen here are partly the hypervisor's.`, evidence)),
  ({ cpus: { offline } }) => (offline.length === 0 ? null
    : remark('note', 'host runtime', 'cpus-offline', `Offline: ${cpus(offline)}.`, `${sysfs}/online`)),
  ({ cpus: { smt } }) => (smt.active !== true ? null
    : remark('note', 'firmware', 'hyper-threading-on', 'Hyper-threading is on: two CPUs share one core, and one can delay the other.', `${sysfs}/smt/active: 1`)),
  ({ thermalThrottles }) => (thermalThrottles === undefined || thermalThrottles === null || thermalThrottles === 0 ? null
    : remark('warning', 'firmware', 'throttled', `The CPUs have slowed down for heat ${thermalThrottles} times since boot.`, `${sysfs}/cpu*/thermal_throttle/*_throttle_count`)),
  ({ frequency: { turbo, turboEvidence } }) => (turbo !== true ? null
    : remark('note', 'firmware', 'turbo-on', 'Turbo is on: the clock changes with load and heat, and response times with it.', turboEvidence)),
  ({ idle }) => deepIdle(idle),
  ({ identity: { secureBoot, lockdown } }) => (lockdown === null || lockdown === 'none' ? null
    : remark('note', 'firmware', 'locked-down', `The kernel is locked down (${lockdown})${secureBoot === true ? ' because of Secure Boot' : ''}: MSRs cannot be written and unsigned kernels and modules not loaded.`, `/sys/kernel/security/lockdown: ${lockdown}`)),
];

/** Leaving a state that takes longer than this to leave shows in a latency histogram. */
const noticeableExitUs = 10;

function deepIdle({ states, driver }: Snapshot['idle']): Remark | null {
  const deep = states.filter(({ exitLatencyUs, disabledOn }) => (exitLatencyUs ?? 0) > noticeableExitUs && disabledOn.length === 0);
  const last = deep.at(-1);
  return last === undefined ? null
    : remark('warning', 'host runtime', 'deep-idle-states', `Deep idle states are open on every CPU: waking from ${last.name} takes up to ${last.exitLatencyUs ?? 0} µs.`,
      `${sysfs}/cpu*/cpuidle (${driver ?? 'driver unknown'}): ${states.map(({ name }) => name).join(' ')}`);
}

const runtimeRules: readonly Rule[] = [
  (snapshot) => (!isActive(snapshot, 'irqbalance') ? null
    : remark('warning', 'host runtime', 'irqbalance-running', 'irqbalance is running: it moves interrupts back onto CPUs that were freed of them.')),
  ({ clock: { source, available } }) => (source === null || source === 'tsc' || source === 'kvm-clock' ? null
    : remark('warning', 'host runtime', 'slow-clock', `The clock source is ${source}: reading the time is slow, and timers are coarser than with tsc${available.includes('tsc') ? '' : ', which this kernel does not offer (it found it unstable)'}.`, `/sys/devices/system/clocksource/clocksource0/current_clocksource: ${source}`)),
  ({ frequency: { governors } }) => (governors.length === 0 || governors.every((governor) => governor === 'performance') ? null
    : remark('note', 'host runtime', 'frequency-scaling', `The frequency governor is ${governors.join(', ')}: CPUs run slowly until load has been seen.`, `${sysfs}/cpufreq/policy*/scaling_governor: ${governors.join(' ')}`)),
  ({ interrupts: { list }, cpus: { isolated } }) => interruptsOnIsolated(list, isolated),
  ({ limits: { rtRuntimeUs }, sysctls }) => (rtRuntimeUs === null || rtRuntimeUs < 0 || rtRuntimeUs >= Number(sysctls['kernel.sched_rt_period_us'] ?? Number.NaN) ? null
    : remark('note', 'host runtime', 'rt-throttling', `Real-time throttling is on: a real-time task that never sleeps is held back after ${rtRuntimeUs} µs of each period (kernels before 6.12).`, `/proc/sys/kernel/sched_rt_runtime_us: ${rtRuntimeUs}`)),
  ({ memory: { transparentHugepages } }) => (transparentHugepages !== 'always' ? null
    : remark('note', 'host runtime', 'transparent-hugepages', 'Transparent huge pages are always on: the kernel joins pages in the background.', '/sys/kernel/mm/transparent_hugepage/enabled: always')),
  ({ memory: { ksm } }) => (ksm !== '1' ? null
    : remark('warning', 'host runtime', 'page-merging', 'KSM is merging equal pages: a write to one of them costs a page fault.', '/sys/kernel/mm/ksm/run: 1')),
  ({ memory: { swapBytes } }) => (swapBytes === null || swapBytes === 0 ? null
    : remark('note', 'host runtime', 'swap-on', 'Swap is on: memory that is not locked can be moved to disk.', `/proc/meminfo: SwapTotal ${Math.round(swapBytes / 1024)} kB`)),
  ({ kernel: { initSystem }, cpus: { isolated, nohzFull }, initAffinity }) => (initSystem !== 'systemd' || nohzFull.length === 0 || isolated.length > 0 || !nohzFull.some((cpu) => initAffinity?.includes(cpu)) ? null
    : remark('warning', 'host runtime', 'services-on-tickless-cpus', `${cpus(nohzFull)} run without the tick but are not isolated: services and log-ins may run there.`, `/proc/1/status: Cpus_allowed_list ${formatCpuList(initAffinity ?? [])}`)),
  ({ kvm: { available }, virtualisation, cpus: { flags } }) => (available !== false || virtualisation.kind !== 'bare-metal' || flags.length === 0 || flags.includes('vmx') || flags.includes('svm') ? null
    : remark('warning', 'hypervisor', 'no-virtualisation', 'This CPU offers no hardware virtualisation: it is off in the firmware, or the CPU has none. No virtual machine can run real-time here.', '/proc/cpuinfo: flags without vmx or svm')),
];

function interruptsOnIsolated(list: Snapshot['interrupts']['list'], isolated: readonly number[]): Remark | null {
  const apart = new Set(isolated);
  const there = list.filter(({ effective, total }) => total > 0 && (effective ?? []).some((cpu) => apart.has(cpu)));
  const first = there[0];
  return first === undefined ? null
    : remark('warning', 'host runtime', 'interrupts-on-isolated', `${there.length} ${there.length === 1 ? 'interrupt is' : 'interrupts are'} delivered to isolated CPUs: ${there.slice(0, 4).map(({ irq, name }) => `${irq} ${name}`.trim()).join(', ')}${there.length > 4 ? ' …' : ''}.`,
      `/proc/irq/${first.irq}/effective_affinity_list: ${formatCpuList(first.effective ?? [])}`);
}

const rules: readonly Rule[] = [...firmwareRules, ...kernelRules, ...runtimeRules];
