import type { Snapshot } from '../../model/snapshot.ts';
import type { Capture } from '../capture.ts';
import { cpuinfo } from './identity.ts';
import { messageMatching } from './read.ts';

type Virtualisation = Snapshot['virtualisation'];

/** Bare metal is only said when the CPU flags were read and the hypervisor flag is not among them. */
export function virtualisationOf(capture: Capture): Virtualisation {
  const flags = cpuinfo(capture, 'flags')?.split(/\s+/);
  return container(capture) ?? acrn(capture) ?? virtualMachine(capture, flags) ?? bareMetal(flags);
}

function container(capture: Capture): Virtualisation | null {
  for (const path of ['/run/systemd/container', '/run/host/container-manager']) {
    const name = capture.value(path);
    if (name !== null) return { kind: 'container', name, evidence: `${path}: ${name}` };
  }
  for (const [path, name] of [['/.dockerenv', 'docker'], ['/run/.containerenv', 'podman'], ['/proc/vz', 'openvz']] as const) {
    if (capture.exists(path) && !(path === '/proc/vz' && capture.exists('/proc/bc'))) return { kind: 'container', name, evidence: `${path} exists` };
  }
  const group = capture.lines('/proc/1/cgroup')?.find((line) => /\/(?:docker|kubepods|lxc|libpod)\b/.test(line));
  return group === undefined ? null : { kind: 'container', name: /\/(docker|kubepods|lxc|libpod)\b/.exec(group)?.[1] ?? null, evidence: `/proc/1/cgroup: ${group.slice(0, 200)}` };
}

/** The ACRN Service VM is a virtual machine to Linux, but the host to the engineer; its name tells. */
function acrn(capture: Capture): Virtualisation | null {
  const message = messageMatching(capture, /Hypervisor detected: ACRN/);
  if (message !== null) return { kind: 'vm', name: 'acrn', evidence: message };
  return capture.exists('/dev/acrn_hsm') ? { kind: 'vm', name: 'acrn', evidence: '/dev/acrn_hsm exists' } : null;
}

const dmiNames: ReadonlyArray<readonly [RegExp, string]> = [
  [/^QEMU/, 'qemu'], [/^VMware/, 'vmware'], [/^innotek|VirtualBox/, 'virtualbox'], [/^Microsoft Corporation/, 'hyper-v'],
  [/^Xen/, 'xen'], [/^Amazon EC2/, 'amazon'], [/^Google/, 'google'], [/KVM/, 'kvm'],
];

function virtualMachine(capture: Capture, flags: readonly string[] | undefined): Virtualisation | null {
  if (flags?.includes('hypervisor') !== true) return null;
  const detected = messageMatching(capture, /Hypervisor detected: \S/);
  const vendor = capture.value('/sys/class/dmi/id/sys_vendor') ?? '';
  const name = /Hypervisor detected: (.+)/.exec(detected ?? '')?.[1]?.trim().toLowerCase()
    ?? dmiNames.find(([pattern]) => pattern.test(vendor))?.[1] ?? capture.value('/sys/hypervisor/type');
  return { kind: 'vm', name, evidence: detected ?? '/proc/cpuinfo: flags … hypervisor …' };
}

function bareMetal(flags: readonly string[] | undefined): Virtualisation {
  return flags === undefined
    ? { kind: 'unknown', name: null, evidence: null }
    : { kind: 'bare-metal', name: null, evidence: '/proc/cpuinfo: flags without “hypervisor”' };
}
