import { parse } from 'just-bash';
import type { Program } from '../commands/program.ts';
import { ProgramContext } from '../commands/program.ts';
import { FileError } from '../files/file-error.ts';
import { FileTree, type OpenRequest } from '../files/file-tree.ts';
import type { OpenFile } from '../files/open-file.ts';
import { OpenTerminal } from '../processes/terminal.ts';
import { mayAccess, type Credentials } from '../files/inode.ts';
import { ProcessTable } from '../processes/process-table.ts';
import type { Process } from '../processes/process.ts';
import { Hypervisor } from '../libvirt/hypervisor.ts';
import { Accounts } from './accounts.ts';
import { hugePageMounts, hugePagesOf } from './huge-pages.ts';
import { Interrupts } from './interrupts.ts';
import { decide, type BootDecisions } from './kernel-parameters.ts';
import type { KernelSpec, MachineSpec, ServiceSpec } from './machine-spec.ts';
import { programFile } from './program-file.ts';
import { randomUuid, seededRandom } from './random.ts';
import { Resctrl } from './resctrl.ts';
import { TreeBuilder } from './tree-builder.ts';
import { Units } from './units.ts';

const standardStreams: Readonly<Record<string, string>> = { '/dev/stdin': '0', '/dev/stdout': '1', '/dev/stderr': '2' };

export const rootCredentials: Credentials = { uid: 0, gid: 0, groups: [0], pid: 1 };

export interface PretendLinuxOptions {
  readonly spec: MachineSpec;
  readonly programs: readonly Program[];
  readonly now: () => number;
  readonly seed: number;
  readonly password: string;
}

/** The state of one pretend machine. Its trees and programs read and change it; `boot` makes a boot of it. */
export class PretendLinux {
  readonly spec: MachineSpec;
  readonly now: () => number;
  readonly random: () => number;
  readonly password: string;
  readonly files = new FileTree();
  readonly processes: ProcessTable;
  readonly programs = new Map<string, Program>();
  /** Installed packages and their versions. */
  readonly packages: Map<string, string>;
  readonly #everyProgram: readonly Program[];
  readonly sysctls = new Map<string, string>();
  readonly cpuKnobs = new Map<string, string>();
  readonly firmwareValues = new Map<string, string>();
  /** What of the firmware's settings this boot runs with; `firmwareValues` is what the next one will. */
  readonly firmwareActive = new Map<string, string>();
  readonly loadedModules = new Set<string>();
  readonly moduleParameters = new Map<string, string>();
  readonly messages: { readonly atSeconds: number; readonly text: string }[] = [];
  readonly mounts = new Set<string>();
  pendingFirmwareReboot = false;
  hostname: string;
  commandLine = '';
  /** The kernel of the present boot. */
  kernel: KernelSpec;
  bootId = '';
  bootedAtMs = 0;
  decisions: BootDecisions;
  online: number[];
  units: Units;
  interrupts: Interrupts;
  /** Who holds /dev/cpu_dma_latency open: deep idle states are shut while anyone does. */
  latencyHolders = 0;
  /** Load that pretend stress programs put on each CPU, 0 … 1. */
  readonly load = new Map<number, number>();
  readonly accounts: Accounts;
  readonly resctrl: Resctrl;
  readonly hypervisor: Hypervisor;
  /** Pages of 1 GiB that are set aside. */
  giantPages = 0;
  onReboot: () => void = () => undefined;

  constructor(options: PretendLinuxOptions) {
    this.spec = options.spec;
    this.now = options.now;
    this.random = seededRandom(options.seed);
    this.password = options.password;
    this.hostname = options.spec.hostname;
    this.kernel = options.spec.kernel;
    this.packages = new Map(options.spec.packages);
    this.#everyProgram = options.programs;
    this.online = options.spec.cpus.map(({ cpu }) => cpu);
    this.processes = new ProcessTable(() => Math.round(this.uptimeSeconds() * 100));
    for (const program of options.programs) {
      const name = program.path.split('/').at(-1) ?? '';
      const packages = (options.spec.archive ?? []).filter(({ programs }) => programs?.includes(name));
      const absent = packages.length > 0 && !packages.some((one) => this.packages.has(one.name));
      if (!absent && !options.spec.missingPrograms.includes(name)) this.programs.set(program.path, program);
    }
    this.decisions = decide('', this.highestCpu);
    this.units = new Units(this);
    this.interrupts = this.#newInterrupts();
    this.accounts = new Accounts(this);
    this.resctrl = new Resctrl(this);
    this.hypervisor = new Hypervisor(this);
  }

  get highestCpu(): number {
    return Math.max(...this.spec.cpus.map(({ cpu }) => cpu));
  }

  /** What a setting of the firmware was when this boot began; undefined where there is no such setting. */
  firmwareSetting(name: string): string | undefined {
    return this.firmwareActive.get(name) ?? this.spec.firmwareAttributes?.values[name]?.value;
  }

  /** Whether the CPUs show a feature: the firmware may hide it. */
  hasFeature(flag: string): boolean {
    return this.spec.cpu.flags.split(' ').includes(flag) && !(flag === 'vmx' && this.firmwareSetting('Virtualization') === 'Disabled');
  }

  /** States the idle CPUs may enter: the firmware may offer the first two only. */
  get idleStates(): MachineSpec['cpu']['idleStates'] {
    return this.firmwareSetting('CStatesCtrl') === 'Disabled' ? this.spec.cpu.idleStates.slice(0, 2) : this.spec.cpu.idleStates;
  }

  /** Whether the command line leaves the second threads of all cores off. */
  get threadsOff(): boolean {
    return this.spec.cpu.smt === 'on' && /(?:^| )nosmt(?:=force)?(?: |$)/.test(this.commandLine);
  }

  uptimeSeconds(): number {
    return Math.max(0, (this.now() - this.bootedAtMs) / 1000);
  }

  /** CPUs that the scheduler balances over: online and not isolated. */
  get housekeeping(): number[] {
    const free = this.online.filter((cpu) => !this.decisions.isolated.includes(cpu));
    return free.length > 0 ? free : [...this.online];
  }

  log(text: string): void {
    this.messages.push({ atSeconds: this.uptimeSeconds(), text });
  }

  /** Begins a new boot of `kernel` with `commandLine`: run state is new, the disk stays. `uptimeSeconds` pretends it was up for a while. */
  beginBoot(kernel: KernelSpec, commandLine: string, uptimeSeconds: number): void {
    this.kernel = kernel;
    this.commandLine = commandLine;
    this.bootId = randomUuid(this.random);
    this.bootedAtMs = this.now() - uptimeSeconds * 1000;
    this.decisions = decide(commandLine, this.highestCpu);
    this.online = this.spec.cpus.filter((one) => !this.threadsOff || one === this.spec.cpus.find((other) => other.socket === one.socket && other.core === one.core && other.kind === one.kind)).map(({ cpu }) => cpu);
    this.cpuKnobs.clear();
    this.loadedModules.clear();
    this.moduleParameters.clear();
    for (const [name, value] of this.firmwareValues) this.firmwareActive.set(name, value);
    this.resctrl.unmount();
    this.mounts.clear();
    this.hypervisor.beginBoot();
    this.load.clear();
    this.messages.length = 0;
    this.pendingFirmwareReboot = false;
    this.units = new Units(this);
    this.interrupts = this.#newInterrupts();
  }

  #newInterrupts(): Interrupts {
    return new Interrupts(this.spec, {
      defaultAffinity: this.decisions.irqAffinity ?? this.online,
      nowMs: this.bootedAtMs,
      random: this.random,
      tickless: (cpu) => this.decisions.nohzFull.includes(cpu) && this.decisions.isolated.includes(cpu),
    });
  }

  userName(uid: number): string {
    return this.accounts.userName(uid);
  }

  /** Services of the installation and of packages that were added. */
  get services(): readonly ServiceSpec[] {
    const added = (this.spec.archive ?? []).filter(({ name }) => this.packages.has(name)).flatMap(({ services }) => services ?? []);
    return [...this.spec.services, ...added];
  }

  /** Size of huge pages where nobody says one. */
  get defaultHugePageKib(): number {
    return /(?:^| )default_hugepagesz=1G(?: |$)/.test(this.commandLine) ? 1_048_576 : 2048;
  }

  /** Huge pages of a size on a node; all of them without one. */
  hugePages(sizeKib: number, node?: number): number {
    return hugePagesOf(this, sizeKib, node);
  }

  hugePageMounts(): readonly { readonly path: string; readonly sizeKib: number }[] {
    return hugePageMounts(this);
  }

  /** Whether a program of that name is there. */
  findTool(name: string): boolean {
    return [...this.programs.keys()].some((path) => path.split('/').at(-1) === name);
  }

  /** Opens a file for a process; /dev/stdin, /dev/fd/N and /dev/tty are what that process has there. */
  async open(process: Process, path: string, request: OpenRequest): Promise<OpenFile> {
    const own = /^\/(?:dev\/fd|proc\/self\/fd)\/(\d+)$/.exec(path)?.[1] ?? standardStreams[path];
    const inherited = own === undefined ? undefined : process.fds.get(Number(own));
    if (inherited !== undefined) return inherited.retain();
    if (path === '/dev/tty') {
      if (process.terminal === undefined) throw new FileError('ENXIO', path);
      return new OpenTerminal(process.terminal);
    }
    return this.files.open(path, process.credentials, { mode: 0o666 & ~process.umask, ...request }, process.stop);
  }

  /** Puts programs of this name on the disk. */
  installProgram(name: string): void {
    for (const program of this.#everyProgram.filter(({ path }) => path.split('/').at(-1) === name)) {
      this.programs.set(program.path, program);
      new TreeBuilder(this.files.root).put(program.path, programFile(program.path));
    }
  }

  removeProgram(name: string): void {
    for (const path of [...this.programs.keys()].filter((one) => one.split('/').at(-1) === name)) {
      this.programs.delete(path);
      this.files.remove(path, rootCredentials, 'file');
    }
  }

  /** Path of an executable file for a command name, searching `searchPath` (colon separated) as execvp does. */
  findProgram(process: Process, name: string, searchPath: string): string | undefined {
    const candidates = name.includes('/') ? [name] : searchPath.split(':').map((folder) => `${folder === '' ? '.' : folder}/${name}`);
    return candidates.find((candidate) => {
      try {
        const inode = this.files.find(candidate.startsWith('/') ? candidate : `${process.workingFolder}/${candidate}`, process.credentials);
        return inode.kind === 'file' && mayAccess(inode, process.credentials, 'execute');
      } catch {
        return false;
      }
    });
  }

  /**
   * Runs a program in `process`, as execvp does, and gives its exit status: 127 when there is none of that name, 126 when
   * it may not be run. `complain` says so; without it the message goes to standard error.
   */
  async exec(process: Process, argv: readonly string[], environment: ReadonlyMap<string, string>, complain?: (message: string) => Promise<void>): Promise<number> {
    const [name = '', ...args] = argv;
    const say = complain ?? (async (message: string) => {
      await process.fds.get(2)?.write(`${message}\n`, process.stop);
    });
    const path = this.findProgram(process, name, environment.get('PATH') ?? '/usr/local/bin:/usr/bin:/bin');
    if (path === undefined) {
      const there = name.includes('/') && this.files.exists(name.startsWith('/') ? name : `${process.workingFolder}/${name}`, process.credentials);
      await say(there ? `${name}: Permission denied` : name.includes('/') ? `${name}: not found` : `${name}: not found`);
      return there ? 126 : 127;
    }
    const absolute = path.startsWith('/') ? path : `${process.workingFolder}/${path}`;
    const inode = this.files.find(absolute, process.credentials);
    const program = inode.kind === 'file' && inode.program !== undefined ? this.programs.get(inode.program) : undefined;
    process.name = (absolute.split('/').at(-1) ?? name).slice(0, 15);
    process.main.name = process.name;
    process.argv = argv;
    process.cpuMs += 1;
    for (const [signal, handler] of process.handlers) if (handler !== 'ignore') process.handlers.delete(signal);
    if (program === undefined) return this.#execScript(process, absolute, argv, environment, say);
    const context = new ProgramContext(this, process, name.split('/').at(-1) ?? name, args, environment);
    try {
      return await program.run(context);
    } catch (error) {
      if (!(error instanceof FileError)) throw error;
      await context.err(`${context.name}: ${error.path === '' ? '' : `${error.path}: `}${error.text}\n`);
      return 1;
    }
  }

  /** A file that is no built-in program: a script with `#!`, or plain shell text. */
  async #execScript(process: Process, path: string, argv: readonly string[], environment: ReadonlyMap<string, string>, say: (message: string) => Promise<void>): Promise<number> {
    const inode = this.files.find(path, process.credentials);
    const text = inode.kind === 'file' ? inode.read(0, 4096) : '';
    const interpreter = /^#! *(\S+)(?: +([^\n]*\S))? *\n/.exec(text);
    if (interpreter === null) {
      try {
        parse(text);
      } catch {
        await say(`${argv[0] ?? path}: Exec format error`);
        return 126;
      }
    }
    const [, command = '/bin/sh', argument] = interpreter ?? [];
    if (this.findProgram(process, command, '') === undefined) {
      await say(`${argv[0] ?? path}: not found`);
      return 127;
    }
    return this.exec(process, [command, ...(argument === undefined ? [] : [argument]), path, ...argv.slice(1)], environment, say);
  }
}
