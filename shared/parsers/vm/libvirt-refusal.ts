import { CodedError } from '../../contract/errors.ts';
import { isUnreachable, lastError, libvirtUnreachable, parseReach } from './libvirt-unreachable.ts';

interface Refusal {
  readonly cause: string;
  readonly pattern: RegExp;
  readonly message: string;
  readonly next: string;
}

/** libvirt's and QEMU's own words, and what they mean. Sources: libvirt src/qemu, src/util/virresctrl.c; QEMU accel/kvm. */
const refusals: readonly Refusal[] = [
  { cause: 'already', pattern: /domain is already running|Domain is already active/i, message: 'It runs already.', next: 'Read the VMs again.' },
  { cause: 'not-running', pattern: /domain is not running/i, message: 'It does not run.', next: 'Read the VMs again; start it first.' },
  { cause: 'gone', pattern: /Domain not found|failed to get domain/i, message: 'The host has no such VM any more.', next: 'Read the VMs again.' },
  { cause: 'hugepages-mount', pattern: /hugetlbfs filesystem is not mounted/i, message: 'Its memory is to be of hugepages, and the host has no hugetlbfs for pages of that size.', next: 'Set the hugepages aside in the guide “KVM host” (kernel command line for 1 GiB pages), or take <hugepages> out of the definition; libvirt looks for the mount when its daemon starts: restart it afterwards.' },
  { cause: 'hugepages-free', pattern: /unable to map backing store for guest RAM|Cannot allocate memory|cannot set up guest memory/i, message: 'The host has not enough memory, or not enough free hugepages on the node asked for.', next: 'Compare the VM’s memory with the free hugepages of its NUMA node (/sys/devices/system/node/node*/hugepages), stop other VMs, or give it less.' },
  { cause: 'memory-lock', pattern: /cannot limit locked memory|RLIMIT_MEMLOCK|mlockall|failed to lock memory/i, message: 'The host’s libvirt may not lock so much memory for a VM.', next: 'libvirt must run as root with CAP_SYS_RESOURCE (not in a container, not qemu:///session); take away a <hard_limit> that is less than the VM’s memory and 1 GiB.' },
  { cause: 'scheduler', pattern: /Cannot set scheduler parameters/i, message: 'The kernel does not let libvirt give the VM’s threads a real-time policy.', next: 'Under control groups of version 1 with RT_GROUP_SCHED give the group a budget (cpu.rt_runtime_us) or start with cgroup v2; in a container libvirt needs CAP_SYS_NICE; a priority is from 1 to 99.' },
  { cause: 'cpu-missing', pattern: /cpuset\.cpus'?: (?:Numerical result out of range|Invalid argument)|exceed the maxcpu|CPU affinity .*Invalid argument|cannot set CPU affinity/i, message: 'The definition pins a thread to a host CPU that is not there or is offline.', next: 'Make the CPU map on the latest reading of the host and tune the VM by it.' },
  { cause: 'cache-full', pattern: /Not enough room for allocation of .* (?:cache|bandwidth)/i, message: 'No part of the cache (or of the bandwidth) is free for the VM: the host’s own group and the other groups take all of it.', next: 'Narrow the host’s own share first, in the cache plan; libvirt takes only what no group has.' },
  { cause: 'cache-size', pattern: /(?:allocation|bandwidth) of .*(?:not divisible by granularity|smaller than the minimum)|whole cache is not possible/i, message: 'A share of the cache is not a whole number of ways, or too small or too large.', next: 'Tune the VM: its shares are then whole multiples of the granularity that virsh capabilities tells.' },
  { cause: 'cache-absent', pattern: /Resource control is not supported|does not support tuning for scope type|Cache with id \d+ does not exist/i, message: 'The definition asks for a share of a cache that this host cannot divide in that way.', next: 'The cache plan says what this host has; resctrl must be mounted. Else take <cachetune> out of the definition.' },
  { cause: 'cache-group-left', pattern: /Path '.*' for resctrl allocation exists/i, message: 'A cache group of an earlier run was left over.', next: 'Remove the folder named below /sys/fs/resctrl when no VM uses it (rmdir), then start again.' },
  { cause: 'cache-groups-used-up', pattern: /resctrl.*No space left on device/i, message: 'The processor has no class of service left: every group takes one.', next: 'Look at the groups below /sys/fs/resctrl; pqos -I makes all there are. Remove those that nobody uses.' },
  { cause: 'type-qemu', pattern: /only supported for KVM domains|mode 'host-passthrough' .* is not supported by hypervisor/i, message: 'The definition is one of emulated QEMU (type=\'qemu\'), and asks for what KVM alone can do.', next: 'Use type=\'kvm\'; where KVM is missing, the guide “KVM host” says why.' },
  { cause: 'kvm-permission', pattern: /Could not access KVM kernel module: Permission denied/i, message: 'QEMU’s user may not open /dev/kvm.', next: 'The user libvirt runs QEMU as (libvirt-qemu, qemu) must be in the group kvm, and /dev/kvm must be root:kvm 0660; then restart libvirt’s daemon.' },
  { cause: 'kvm-missing', pattern: /Could not access KVM kernel module|invalid accelerator kvm|KVM is not available|is not supported by the hypervisor.*kvm|could not find capabilities for .*domaintype=kvm/i, message: 'The host has no KVM: virtualisation is off in the firmware, or its module is not loaded.', next: 'The guide “KVM host” says which (VT-x or SVM in the firmware, kvm_intel or kvm_amd).' },
  { cause: 'numa-node', pattern: /NUMA node \d+ is unavailable/i, message: 'The definition takes its memory from a NUMA node that the host does not have.', next: 'Tune the VM by a CPU map of this host.' },
  { cause: 'passthrough', pattern: /doesn't support passthrough of host PCI devices|vfio.*(?:group .* is not viable|failed to open)|iommu/i, message: 'A PCI device cannot be handed over: there is no IOMMU, or its group holds devices that the host uses.', next: 'Switch the IOMMU on (VT-d or AMD-Vi in the firmware, intel_iommu=on iommu=pt), and hand over whole IOMMU groups.' },
  { cause: 'cpu-model', pattern: /unknown CPU feature|guest CPU doesn't match|the CPU is incompatible with host CPU/i, message: 'The definition asks for a CPU feature that this host or libvirt does not know.', next: 'Tune the VM: it then has the host’s own CPU with the features that are needed.' },
  { cause: 'cpu-registers', pattern: /failed to set MSR|kvm_buf_set_msrs/i, message: 'KVM would not set a register that this CPU model has: usual where the host is itself a virtual machine.', next: 'On real hardware look at dmesg and update QEMU or the kernel; in a virtual machine use a named CPU model instead of host-passthrough.' },
  { cause: 'topology', pattern: /CPU topology doesn't match maximum vcpu count/i, message: 'Sockets, cores and threads of the definition do not make its number of vCPUs.', next: 'Tune the VM by its map: the topology then matches.' },
  { cause: 'log-daemon', pattern: /virt(?:log|lock)d-sock/i, message: 'libvirt’s log or lock daemon does not run.', next: 'Start it: systemctl enable --now virtlogd.socket (or virtlockd.socket), then start the VM again.' },
  { cause: 'network', pattern: /network '.*' is not active|Cannot get interface MTU|Network not found/i, message: 'The network of the VM is not there or not active.', next: 'Start it: the guide “KVM host” has the default network; virsh net-list --all shows all.' },
  { cause: 'disk', pattern: /Cannot access storage file|Could not open '|Failed to get "write" lock|No such file or directory/i, message: 'A file of the VM (disk, seed, firmware) is missing, is not readable for QEMU, or is in use by another VM.', next: 'The file is named in what libvirt said. Put it back, or take the device out of the definition.' },
  { cause: 'transient', pattern: /cannot set autostart for transient domain/i, message: 'It has no definition that stays: libvirt forgets it when it ends, so it cannot start by itself.', next: 'Define it first.' },
];

/** What libvirt said no with, in plain words, with a way out. `details.cause` tells the cases apart; `unknown` gives libvirt's own words. */
export function libvirtRefused(vm: string, attempt: string, said: string): CodedError {
  const known = refusals.find(({ pattern }) => pattern.test(said));
  return new CodedError('libvirt-refused', `${vm} could not be ${attempt}. ${known?.message ?? `libvirt said: ${lastError(said)}`}`, {
    state: 'The VM is as it was.', next: known?.next ?? 'On the board, journalctl -u libvirtd (or virtqemud) and the log of the VM below /var/log/libvirt/qemu may say more.',
    details: { cause: known?.cause ?? 'unknown', said: said.trim().slice(0, 4_000) },
  });
}

/** What vm-act.sh answers: it is done, it was told and did not end, or an error. Error besides those of libvirt: `board-command-failed`. */
export function parseVmAnswer(text: string, vm: string, attempt: string): { kind: 'done' } | { kind: 'still-on'; seconds: number } | { kind: 'refused'; error: CodedError } {
  const [first = ''] = text.split('\n', 1);
  if (first === 'done') return { kind: 'done' };
  const [, seconds] = /^still-on (\d{1,6})$/.exec(first) ?? [];
  if (seconds !== undefined) return { kind: 'still-on', seconds: Number(seconds) };
  if (first !== 'refused') return { kind: 'refused', error: new CodedError('board-command-failed', 'The board answered something that is not understood.', { state: 'It is not known whether it was done.', next: 'Read the VMs again.', details: { said: text.slice(0, 500) } }) };
  const at = text.indexOf('\nsaid\n');
  const said = at < 0 ? '' : text.slice(at + '\nsaid\n'.length);
  return { kind: 'refused', error: isUnreachable(said) ? libvirtUnreachable(parseReach(at < 0 ? '' : text.slice(0, at)), said) : libvirtRefused(vm, attempt, said) };
}
