import type { Snapshot } from '../../model/snapshot.ts';
import type { Capture } from '../capture.ts';
import { pendingBootOf } from './pending-boot.ts';
import { bracketed, kernelMessages } from './read.ts';

/** Release, real-time or not and how that is known, the running and the pending command line, build options. */
export function kernelOf(capture: Capture): Snapshot['kernel'] {
  const version = capture.value('/proc/sys/kernel/version');
  const config = configOf(capture);
  return {
    release: capture.value('/proc/sys/kernel/osrelease'),
    version,
    ...realtimeOf(capture, config),
    preemption: preemptionOf(capture, version),
    commandLine: capture.lines('/proc/cmdline')?.[0]?.trim() ?? null,
    builtInParametersUnknown: unknownParametersOf(capture),
    pending: pendingBootOf(capture),
    config,
    initSystem: initSystemOf(capture),
  };
}

/**
 * The word PREEMPT_RT in the version decides ("PREEMPT RT" in old patches); PREEMPT_DYNAMIC is not real-time whatever
 * it is set to. /sys/kernel/realtime is proof when it is 1, but mainline real-time kernels do not have it.
 */
function realtimeOf(capture: Capture, config: Record<string, string>): { realtime: boolean | null; realtimeEvidence: string | null } {
  const path = ['/proc/sys/kernel/version', '/proc/version'].find((candidate) => capture.value(candidate) !== null);
  const version = path === undefined ? null : capture.value(path);
  if (path !== undefined && version !== null && /\bPREEMPT[_ ]RT\b/.test(version)) return { realtime: true, realtimeEvidence: `${path}: ${version}` };
  if (capture.value('/sys/kernel/realtime') === '1') return { realtime: true, realtimeEvidence: '/sys/kernel/realtime: 1' };
  if (path !== undefined) return { realtime: false, realtimeEvidence: `${path}: ${version ?? ''}` };
  const built = config['CONFIG_PREEMPT_RT'];
  return built === undefined ? { realtime: null, realtimeEvidence: null } : { realtime: built === 'y', realtimeEvidence: `kernel configuration: CONFIG_PREEMPT_RT=${built}` };
}

function preemptionOf(capture: Capture, version: string | null): string | null {
  const built = /\bPREEMPT(?:[_ ]RT|_DYNAMIC|_LAZY)?\b/.exec(version ?? '')?.[0].replace(' ', '_') ?? (version === null ? null : 'none or voluntary');
  const mode = bracketed(capture.value('/sys/kernel/debug/sched/preempt'));
  return built === null || mode === null ? built : `${built} (${mode})`;
}

function configOf(capture: Capture): Record<string, string> {
  const config: Record<string, string> = {};
  for (const path of capture.paths(/^\/(?:boot\/config-|lib\/modules\/[^/]+\/config$)/)) {
    for (const line of capture.lines(path) ?? []) {
      const match = /^(?:(CONFIG_[A-Z0-9_]+)=(.*)|# (CONFIG_[A-Z0-9_]+) is not set)$/.exec(line.trim());
      const name = match?.[1] ?? match?.[3];
      if (name !== undefined) config[name] = match?.[2]?.replace(/^"(.*)"$/, '$1') ?? 'n';
    }
  }
  return config;
}

/**
 * Parameters the kernel did not know or could not read; GRUB's own BOOT_IMAGE is always among them and says nothing.
 * Dotted ones are never reported, so their absence proves nothing.
 */
function unknownParametersOf(capture: Capture): string[] {
  const found = new Set<string>();
  for (const line of kernelMessages(capture)) {
    const unknown = /Unknown kernel command line parameters "(.*)", will be passed/.exec(line)?.[1];
    for (const word of unknown === undefined ? [] : splitWords(unknown)) if (!/^(?:BOOT_IMAGE|initrd)=/.test(word)) found.add(word);
    const malformed = /Malformed early option '([^']+)'/.exec(line)?.[1];
    if (malformed !== undefined) found.add(malformed);
  }
  return [...found];
}

/** The words of a command line; a value in double quotes may hold spaces. */
const splitWords = (text: string) => text.match(/(?:[^\s"]|"[^"]*(?:"|$))+/g) ?? [];

function initSystemOf(capture: Capture): string | null {
  if (capture.exists('/run/systemd/system')) return 'systemd';
  if (capture.exists('/run/openrc')) return 'openrc';
  return capture.value('/proc/1/comm');
}
