/** One CPU of a pretend machine. `kind` only where the machine has two kinds. */
export interface CpuSpec {
  readonly cpu: number;
  readonly socket: number;
  readonly node: number;
  readonly core: number;
  readonly kind?: 'performance' | 'efficiency';
}

export interface CacheSpec {
  readonly level: number;
  readonly type: 'Data' | 'Instruction' | 'Unified';
  readonly sizeKib: number;
  readonly ways: number;
  /** Who shares one: the CPUs of a core, of a group of four efficiency cores, or of a socket. */
  readonly sharedBy: 'core' | 'cluster' | 'socket';
  readonly kind?: CpuSpec['kind'];
}

export interface PciSpec {
  /** Without domain: `17:00.0`. */
  readonly address: string;
  readonly classCode: string;
  readonly className: string;
  readonly vendor: string;
  readonly vendorId: string;
  readonly device: string;
  readonly deviceId: string;
  readonly driver?: string;
  readonly node?: number;
  readonly interrupts?: readonly InterruptSpec[];
  readonly capabilities?: readonly string[];
}

export interface InterruptSpec {
  readonly name: string;
  readonly perSecond: number;
  /** CPU it is delivered to at first; the default affinity decides when not given. */
  readonly cpu?: number;
}

export interface ServiceSpec {
  readonly name: string;
  readonly description: string;
  readonly enabled: boolean;
  readonly command?: string;
  /** Started at boot unless false. */
  readonly active?: boolean;
}

/** Behaviour of wake-up latencies, in µs, on a quiet CPU: the generator adds what the state of the machine does to it. */
export interface LatencySpec {
  readonly baseUs: number;
  readonly spreadUs: number;
  /** Per million samples: rare firmware or hardware stalls, and how long they are at most. */
  readonly stallsPerMillion: number;
  readonly stallUs: number;
}

/** A kernel as it is installed and as it tells about itself. */
export interface KernelSpec {
  readonly release: string;
  /** As `uname -v` says it. */
  readonly version: string;
  readonly builder: string;
  readonly realtime: boolean;
  readonly realtimeFile: boolean;
  readonly config: Readonly<Record<string, string>>;
}

/** A package of the pretend archive that the machine's package manager reaches. */
export interface ArchivePackage {
  readonly name: string;
  readonly version: string;
  readonly sizeKb: number;
  readonly depends?: readonly string[];
  /** What it brings: a kernel, or programs that were not there. */
  readonly kernel?: KernelSpec;
  readonly programs?: readonly string[];
  /** Services it brings, and starts where they are enabled. */
  readonly services?: readonly ServiceSpec[];
  /** Sockets that start a service of that name; enabled and listening once installed. */
  readonly sockets?: readonly { readonly name: string; readonly description: string }[];
  /** Folders that only root may look into. */
  readonly privateFolders?: readonly string[];
  /** Lines it adds to /etc/passwd and /etc/group. */
  readonly users?: readonly string[];
  readonly groups?: readonly string[];
  /** Configuration and data that nobody had before; what is there stays. */
  readonly files?: Readonly<Record<string, string>>;
}

/** A pretend machine as data: what it is made of and how it was installed. */
export interface MachineSpec {
  readonly id: string;
  readonly title: string;
  readonly description: string;
  readonly hostname: string;
  readonly messageOfTheDay: string;
  readonly distribution: {
    readonly osRelease: string;
    readonly packages: 'dpkg' | 'rpm';
    readonly debianVersion?: string;
    readonly redhatRelease?: string;
  };
  /** The kernel it was delivered with. */
  readonly kernel: KernelSpec;
  readonly dmi: Readonly<Record<string, string>>;
  readonly cpu: {
    readonly model: string;
    readonly family: number;
    readonly modelNumber: number;
    readonly stepping: number;
    readonly microcode: string;
    readonly flags: string;
    readonly bugs: string;
    readonly minKhz: number;
    readonly maxKhz: number;
    readonly efficiencyMaxKhz?: number;
    readonly baseMhz: number;
    readonly idleStates: readonly { readonly name: string; readonly description: string; readonly latencyUs: number }[];
    readonly smt: 'on' | 'off' | 'notsupported';
    readonly vulnerabilities: Readonly<Record<string, string>>;
  };
  readonly cpus: readonly CpuSpec[];
  readonly caches: readonly CacheSpec[];
  readonly nodes: readonly { readonly id: number; readonly memoryKib: number; readonly distances: string }[];
  readonly pci: readonly PciSpec[];
  readonly services: readonly ServiceSpec[];
  readonly packages: readonly (readonly [name: string, version: string])[];
  readonly archive?: readonly ArchivePackage[];
  /** Programs that are not installed here although other machines have them. */
  readonly missingPrograms: readonly string[];
  readonly boot: {
    readonly loader: 'grub' | 'bls';
    readonly root: string;
    /** What stands in GRUB_CMDLINE_LINUX_DEFAULT, or at the end of the BLS options. */
    readonly options: string;
    readonly efi: boolean;
    readonly secureBoot: boolean;
    readonly submenuScripts?: Readonly<Record<string, string>>;
  };
  readonly sysctls: Readonly<Record<string, string>>;
  readonly resctrl?: { readonly mask: string; readonly minimumBits: number; readonly closids: number; readonly shareable: string; readonly memoryBandwidth: boolean };
  readonly firmwareAttributes?: {
    readonly driver: string;
    readonly values: Readonly<Record<string, { readonly value: string; readonly possible: readonly string[]; readonly displayName: string }>>;
  };
  readonly bmc: boolean;
  readonly kernelMessages: readonly string[];
  readonly files: Readonly<Record<string, string>>;
  /** libvirt as somebody has set it up already: VMs, and networks that start with the machine. */
  readonly virtualMachines?: { readonly domains: readonly string[]; readonly images: Readonly<Record<string, number>>; readonly autostartNetworks: readonly string[] };
  readonly latency: LatencySpec;
  readonly diskKib: number;
  readonly diskUsedKib: number;
}

/** CPUs numbered alternately over the sockets: even ones on socket and node 0, odd ones on 1. */
export const alternating = (count: number): CpuSpec[] =>
  Array.from({ length: count }, (_, cpu) => ({ cpu, socket: cpu % 2, node: cpu % 2, core: Math.floor(cpu / 2) }));
