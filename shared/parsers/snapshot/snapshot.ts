import type { Snapshot } from '../../model/snapshot.ts';
import type { Capture } from '../capture.ts';
import { parseCpuList } from '../cpu-list.ts';
import { cachesOf } from './caches.ts';
import { cpusOf, numaNodesOf } from './cpus.ts';
import { distributionOf, identityOf } from './identity.ts';
import { interruptsOf } from './interrupts.ts';
import { kernelOf } from './kernel.ts';
import { libvirtOf } from './libvirt.ts';
import { loginOf } from './login.ts';
import { memoryOf } from './memory.ts';
import { iommuOf, pciOf } from './pci.ts';
import { frequencyOf, idleOf, thermalThrottlesOf } from './power.ts';
import { wholeNumber } from './read.ts';
import { resctrlOf } from './resctrl.ts';
import { bmcOf, clockOf, costOf, firmwareAttributesOf, kvmOf, limitsOf, sysctlsOf } from './runtime.ts';
import { servicesOf } from './services.ts';
import { toolsOf } from './tools.ts';
import { unreadOf } from './unread.ts';
import { virtualisationOf } from './virtualisation.ts';

/**
 * Everything a capture tells, as a snapshot. Total: any capture gives one, and what it does not tell is null or empty.
 * `takenAt` (a stamp such as 20261120T141000Z) is when it was read, by the laptop's clock; without it the board's own
 * clock is taken, and 1970 where the board did not tell that either.
 */
export function snapshotOf(capture: Capture, takenAt?: string): Snapshot {
  const cpus = cpusOf(capture);
  const clock = clockOf(capture);
  const asRoot = isRoot(capture);
  const libvirt = libvirtOf(capture);
  const login = loginOf(capture);
  return {
    schema: 1,
    takenAt: takenAt ?? clock.boardTime?.replace(/[-:]/g, '') ?? '19700101T000000Z',
    probeVersion: capture.probeVersion,
    asRoot,
    hostname: capture.value('/proc/sys/kernel/hostname'),
    bootId: capture.value('/proc/sys/kernel/random/boot_id'),
    identity: identityOf(capture),
    distribution: distributionOf(capture),
    virtualisation: virtualisationOf(capture),
    kernel: kernelOf(capture),
    cpus,
    numaNodes: numaNodesOf(capture),
    caches: cachesOf(capture),
    idle: idleOf(capture),
    frequency: frequencyOf(capture),
    memory: memoryOf(capture),
    interrupts: interruptsOf(capture, cpus.present),
    pci: pciOf(capture),
    iommu: iommuOf(capture),
    resctrl: resctrlOf(capture, cpus.flags),
    clock,
    kvm: kvmOf(capture),
    ...(libvirt === undefined ? {} : { libvirt }),
    ...(login === undefined ? {} : { login }),
    sysctls: sysctlsOf(capture),
    firmwareAttributes: firmwareAttributesOf(capture),
    services: servicesOf(capture),
    tunedProfile: capture.value('/etc/tuned/active_profile'),
    tools: toolsOf(capture),
    limits: limitsOf(capture),
    thermalThrottles: thermalThrottlesOf(capture),
    initAffinity: allowedCpus(capture, '/proc/1/status'),
    bmc: bmcOf(capture),
    cost: costOf(capture),
    unread: unreadOf(capture, asRoot),
  };
}

/** The effective user of the process that read the files. */
function isRoot(capture: Capture): boolean {
  const line = capture.lines('/proc/self/status')?.find((candidate) => candidate.startsWith('Uid:'));
  return wholeNumber(line?.split(/\s+/)[2]) === 0;
}

function allowedCpus(capture: Capture, path: string): number[] | null {
  const line = capture.lines(path)?.find((candidate) => candidate.startsWith('Cpus_allowed_list:'));
  const list = line === undefined ? null : parseCpuList(line.slice('Cpus_allowed_list:'.length));
  return list?.ok ? list.value : null;
}
