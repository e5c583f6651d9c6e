/** What a rule is about, why it stands, and who says so. */
export interface CpuMapRule { readonly title: string; readonly why: string; readonly source: string }

const eciKernel = 'Intel ECI, Host Configuration: Linux Kernel';
const eciTopology = 'Intel ECI, Host Configuration: Topology';
const eciVm = 'Intel ECI, Real-Time VM Configuration';
const kernelIsolation = 'Linux kernel documentation, kernel parameters: isolcpus';

/** Every rule of the CPU map by its name: those that findings name, and the two by which the planner chooses among free CPUs. */
export const cpuMapRules = {
  'cpu-0-stays': { title: 'CPU 0 stays with the host', why: 'Linux starts on CPU 0 and keeps work there that cannot be moved.', source: eciKernel },
  'host-cpu-per-node': { title: 'The host keeps a CPU of each node', why: 'Memory, interrupts and kernel threads of a node need a CPU of that node.', source: eciKernel },
  'cpu-exists': { title: 'Every claimed CPU is online', why: 'A list that names an absent CPU is ignored as a whole by isolcpus=, and refused by the hypervisor.', source: kernelIsolation },
  'one-claimant': { title: 'A CPU has one claimant', why: 'Two claimants of a CPU wait for each other: the CPUs of a real-time VM may not be used by other VMs or by the emulator.', source: eciVm },
  'same-node': { title: 'The CPUs of a VM are on one node', why: 'Memory of another node takes longer to reach, by a varying amount.', source: eciTopology },
  'two-cpus-per-vm': { title: 'A real-time VM has at least two CPUs', why: 'One vCPU is for the guest’s own housekeeping, the others for real-time work.', source: eciVm },
  'one-kind-per-vm': { title: 'Performance and efficiency cores are not mixed in a VM', why: 'Its vCPUs would differ in speed and caches, and so in how long the same work takes.', source: 'Intel, hybrid architecture' },
  'sibling-idle': { title: 'Nobody shares a core with a real-time CPU', why: 'Two threads of a core share its execution units and caches; whatever runs on one delays the other.', source: 'Intel ECI, BIOS settings: Hyper-Threading disabled' },
  'host-whole-cores': { title: 'The host keeps whole cores', why: 'A CPU beside a housekeeping CPU is isolated in vain: no real-time work can have it.', source: 'Intel ECI, BIOS settings: Hyper-Threading disabled' },
  'whole-module': { title: 'The cores behind an L2 cache have one claimant', why: 'Efficiency cores come in modules of four behind one L2; a neighbour of another claimant evicts what real-time work keeps there, which no share of the L3 prevents.', source: 'Intel, hybrid architecture' },
  'idle-needed': { title: 'Only CPUs beside real-time CPUs are kept idle', why: 'A CPU that is kept empty for nothing is lost.', source: 'Intel ECI, BIOS settings: Hyper-Threading disabled' },
  'emulator-same-node': { title: 'Emulator threads are on the node of a VM', why: 'They read and write the VM’s memory; from another node each access takes longer.', source: eciVm },
  'emulator-not-balanced': { title: 'Emulator threads do not crowd one CPU', why: 'The scheduler does not balance load between isolated CPUs: threads given several may all stay on the first.', source: kernelIsolation },
  'io-same-node': { title: 'I/O threads are on the node of a VM', why: 'They move the VM’s data; from another node each access takes longer.', source: eciVm },
  'stressor-other-node': { title: 'The stressor is on a node without real-time CPUs', why: 'On the same node it loads their cache and memory. That may be what the test is for.', source: 'Intel ECI, Stressor VM' },
  'vm-known': { title: 'Every vCPU belongs to a VM of the list', why: 'CPUs of a VM that is not there are lost.', source: eciVm },
  'vcpu-numbers': { title: 'The vCPUs of a VM are numbered from 0 without gaps', why: 'The hypervisor numbers them so, and drops the pinning of a vCPU that does not exist without a word.', source: 'libvirt, domain XML: vcpupin' },
  'unique-name': { title: 'Each VM has its own name', why: 'A CPU could not be told to belong to one or the other.', source: 'libvirt, domain XML: name' },
  'node-exists': { title: 'Claims name a node of this board', why: 'There are no CPUs to give on a node that is not there.', source: eciTopology },
  'enough-cpus': { title: 'Every claimant gets the CPUs it needs', why: 'A claimant without CPUs cannot run.', source: eciVm },
  'as-requested': { title: 'The map holds what was asked for', why: 'What the form says and what the map holds would drift apart.', source: 'the request' },
  'lowest-free': { title: 'VMs, measuring threads and the stressor take the lowest free CPUs of their node', why: 'Neighbouring numbers make short CPU lists, and the same request gives the same map.', source: eciVm },
  'highest-free': { title: 'Emulator and I/O threads take the highest free CPUs of their node', why: 'They stay apart from the VMs, which may grow.', source: eciVm },
} as const satisfies Record<string, CpuMapRule>;
export type CpuMapRuleName = keyof typeof cpuMapRules;

export const isCpuMapRule = (name: string): name is CpuMapRuleName => Object.hasOwn(cpuMapRules, name);
