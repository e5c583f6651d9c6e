/** How a board's CPUs are laid out; one NUMA node per socket, memory shared out evenly. */
export interface Topology {
  /** QEMU machine type: `pc` (old chipset) or `q35` (PCI Express). */
  readonly machine: 'pc' | 'q35';
  /** Whose processor the emulation plays. With KVM it is the one of this machine. */
  readonly vendor: 'amd' | 'intel';
  readonly sockets: number;
  readonly coresPerSocket: number;
  readonly threadsPerCore: number;
  readonly memoryMiB: number;
}

export interface HostKey {
  /** As in known_hosts, e.g. `ssh-ed25519`. */
  readonly type: string;
  /** Base64 of the public key blob. */
  readonly key: string;
}

/** A finished disk image in the cache, with what is needed to log in. */
export interface BoardImage {
  readonly directory: string;
  readonly disk: string;
  /** Private key (no passphrase) for `root` and for `user`. */
  readonly keyFile: string;
  /** In the sudo group; `password` is for log-in and for sudo. */
  readonly user: string;
  readonly password: string;
  readonly hostKeys: readonly HostKey[];
  /** Its kernel, to try KVM with. */
  readonly kernel: string;
  readonly suite: string;
  readonly builtAt: string;
}

/** A disk to be plugged into a KVM host, with the cloud image that its virtual machines are made from. */
export interface CloudImageDisk {
  readonly directory: string;
  readonly disk: string;
  /** Where the image is once the host has started, and its SHA-256. */
  readonly path: string;
  readonly sha256: string;
}

/** `real-time`: runs a PREEMPT_RT kernel. `generic`: runs Debian's usual kernel and is a KVM host with libvirt. */
export type ImageName = 'real-time' | 'generic';

export interface StartOptions {
  /** Default: `real-time`. */
  readonly image?: ImageName;
  /** Name of `topologies`, or one of your own. Default: `defaultTopology`. */
  readonly topology?: string | Topology;
  /** TCP port on 127.0.0.1. Default: a free one. */
  readonly port?: number;
  /** Lets the board reach the network of this machine. Default: no. */
  readonly internet?: boolean;
  /** Adds an Intel 6300ESB watchdog that resets the board. Default: no. */
  readonly watchdog?: boolean;
  /** Plugs in a disk with a cloud image to make virtual machines from (for `generic`). Default: no. */
  readonly cloudImages?: boolean;
  /** Keeps the disk under this name between starts. Default: a copy-on-write disk that is thrown away. */
  readonly keep?: string;
  readonly bootTimeoutMs?: number;
  readonly onProgress?: (text: string) => void;
}

export interface EmulatedBoard {
  readonly host: '127.0.0.1';
  readonly port: number;
  readonly user: string;
  readonly password: string;
  readonly keyFile: string;
  readonly hostKeys: readonly HostKey[];
  readonly serialLog: string;
  readonly topology: Topology;
  /** `tcg`: emulated in software. */
  readonly accelerator: 'tcg' | 'kvm';
  /** On the board: the cloud image to make virtual machines from, where its disk is plugged in. */
  readonly cloudImage: { readonly path: string; readonly sha256: string } | null;
  /** Power on to SSH banner of the last start, milliseconds. */
  readonly bootMs: number;
  /** Settles when QEMU has ended, whoever ended it. */
  readonly ended: Promise<void>;
  /** Resolves once the port answers with an SSH banner again after an event, e.g. a reboot. */
  waitForSsh(timeoutMs?: number): Promise<void>;
  /** Plugs the network cable in or pulls it: the board sees its carrier come and go. */
  setLink(up: boolean): Promise<void>;
  /** The reset button. */
  reset(): Promise<void>;
  /** Pulls the mains plug, puts it back and waits for SSH. Same port, same disk. */
  powerCycle(): Promise<void>;
  /** Presses the power button and waits for the system to shut down; pulls the plug after a minute. */
  stop(): Promise<void>;
  /** Pulls the plug and throws the disk away (unless it is kept). */
  kill(): Promise<void>;
  /** One QMP command; gives its return value. */
  monitor(command: string, parameters?: Record<string, unknown>): Promise<unknown>;
  /** Everything the serial console has said since power on. */
  console(): string;
}

export declare const topologies: Readonly<Record<string, Topology & { readonly title: string }>>;
export declare const defaultTopology: string;

/** Gives the board image, building it when it is missing or the recipe changed. One process builds, others wait. */
export declare function ensureBoardImage(options?: { readonly image?: ImageName; readonly onProgress?: (text: string) => void }): Promise<BoardImage>;
/** The same for the disk with the cloud image. */
export declare function ensureCloudImage(options?: { readonly onProgress?: (text: string) => void }): Promise<CloudImageDisk>;
/** The finished image of this checkout's recipe, or null. */
export declare function existingImage(name?: ImageName): BoardImage | null;
/** The finished disk with the cloud image, or null. */
export declare function existingCloudImage(): CloudImageDisk | null;
/** Boots a board and waits until it answers on SSH. Rejects with the serial console's last lines when it does not. */
export declare function startEmulatedBoard(options?: StartOptions): Promise<EmulatedBoard>;
/** Why no board can be built or started on this machine, in one sentence, or null. */
export declare function whyImpossible(options: { readonly imageExists: boolean }): string | null;
/** Folder of what all images begin with. */
export declare function baseDirectory(): string;
/** Folder of all images. */
export declare function boardsDirectory(): string;
