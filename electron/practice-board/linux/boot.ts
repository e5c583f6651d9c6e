import { Device, Folder, Link, RegularFile } from '../files/inode.ts';
import type { SchedulingPolicy } from '../processes/process.ts';
import { bootMessages } from './boot-messages.ts';
import { applySysctls, applyTmpfiles } from './boot-settings.ts';
import { installDisk } from './disk.ts';
import { diskText } from './disk-text.ts';
import { chooseBoot, type BootChoice } from './grub-menu.ts';
import { loadBootModules } from './modules.ts';
import { mountFstab } from './mounting.ts';
import { buildProc } from './proc-tree.ts';
import type { PretendLinux } from './pretend-linux.ts';
import { startWantedUnits } from './run-units.ts';
import { buildSys } from './sys-tree.ts';
import { TreeBuilder } from './tree-builder.ts';

/** Installs the disk and boots the first time, as if the machine had been up for `uptimeSeconds`. */
export function installAndBoot(linux: PretendLinux, uptimeSeconds: number): void {
  installDisk(linux);
  boot(linux, chooseBoot(linux), uptimeSeconds);
}

/** Ends everything that runs. Nothing is left of the present boot but what is on the disk. */
export function switchOff(linux: PretendLinux): void {
  linux.processes.endAll();
}

/** Boots what the boot loader has chosen. */
export function boot(linux: PretendLinux, { kernel, commandLine }: BootChoice, uptimeSeconds = 0): void {
  linux.beginBoot(kernel, commandLine, uptimeSeconds);
  linux.processes.skipTo(0);
  applySysctls(linux);
  linux.hostname = diskText(linux, '/etc/hostname').trim();
  const { root } = linux.files;
  root.entries.set('proc', buildProc(linux));
  root.entries.set('sys', buildSys(linux));
  root.entries.set('dev', buildDev(linux));
  root.entries.set('run', buildRun(linux));
  root.entries.set('tmp', new Folder({ mode: 0o1777 }));
  loadBootModules(linux);
  for (const text of bootMessages(linux)) linux.messages.push({ atSeconds: linux.messages.length * 0.021, text });
  startProcesses(linux);
  mountFstab(linux);
  applyTmpfiles(linux);
  void startWantedUnits(linux);
}

function buildDev(linux: PretendLinux): Folder {
  const kvm = new Device({}, { mode: 0o660, gid: 106 });
  const hasKvm = (): boolean => linux.loadedModules.has('kvm_intel');
  const root = new Folder({}, { names: () => (hasKvm() ? ['kvm'] : []), find: (name) => (name === 'kvm' && hasKvm() ? kvm : undefined) });
  const tree = new TreeBuilder(root);
  tree.put('/null', new Device({}));
  tree.put('/zero', new Device({ read: (length) => '\0'.repeat(Math.min(length, 65_536)) }));
  tree.put('/full', new Device({ read: (length) => '\0'.repeat(Math.min(length, 65_536)) }));
  const noise = (length: number): string => Array.from({ length: Math.min(length, 65_536) }, () => String.fromCharCode(Math.floor(linux.random() * 256))).join('');
  tree.put('/urandom', new Device({ read: noise }));
  tree.put('/random', new Device({ read: noise }));
  tree.put('/kmsg', new Device({ write: (text) => linux.log(text.trim()) }, { mode: 0o644 }));
  tree.put('/cpu_dma_latency', new Device({
    hold: () => {
      linux.latencyHolders += 1;
      return () => {
        linux.latencyHolders -= 1;
      };
    },
  }, { mode: 0o600 }));
  tree.put('/nvme0n1', new Device({}, { mode: 0o660, gid: 6 }));
  tree.put('/watchdog', new Device({}, { mode: 0o600 }));
  if (linux.spec.bmc) tree.put('/ipmi0', new Device({}, { mode: 0o600 }));
  tree.put('/shm', new Folder({ mode: 0o1777 }));
  tree.put('/fd', new Link((who) => `/proc/${who.pid}/fd`));
  for (const [number, name] of ['stdin', 'stdout', 'stderr'].entries()) tree.put(`/${name}`, new Link(() => `/proc/self/fd/${number}`));
  return root;
}

function buildRun(linux: PretendLinux): Folder {
  const root = new Folder();
  root.entries.set('libvirt', new Folder({}, { names: () => [...linux.hypervisor.socketFiles().keys()], find: (name) => linux.hypervisor.socketFiles().get(name) }));
  const tree = new TreeBuilder(root);
  tree.folder('/systemd/system');
  tree.folder('/lock');
  tree.put('/user/1000', new Folder({ mode: 0o700, uid: 1000, gid: 1000 }));
  tree.put('/utmp', new RegularFile(''));
  return root;
}

interface KernelThread {
  readonly name: string;
  readonly policy?: SchedulingPolicy;
  readonly priority?: number;
  readonly cpu?: number;
}

function startProcesses(linux: PretendLinux): void {
  const { processes } = linux;
  const init = processes.add({ parent: undefined, name: 'systemd', argv: ['/sbin/init'] });
  init.residentKb = 12_400;
  const kernel = processes.add({ parent: undefined, name: 'kthreadd', argv: [] });
  const thread = ({ name, policy = 'other', priority = 0, cpu }: KernelThread): void => {
    const process = processes.add({ parent: kernel, name, argv: [] });
    Object.assign(process.main, { policy, priority, affinity: cpu === undefined ? [] : [cpu], lastCpu: cpu ?? 0 });
  };
  const { realtime } = linux.kernel;
  thread({ name: 'rcu_gp' });
  thread(realtime ? { name: 'rcu_preempt', policy: 'fifo', priority: 1 } : { name: 'rcu_preempt' });
  for (const { cpu } of linux.spec.cpus) {
    thread({ name: `ksoftirqd/${cpu}`, cpu });
    if (realtime) {
      thread({ name: `ktimers/${cpu}`, policy: 'fifo', priority: 1, cpu });
      thread({ name: `rcuc/${cpu}`, policy: 'fifo', priority: 1, cpu });
    }
    thread({ name: `migration/${cpu}`, policy: 'fifo', priority: 99, cpu });
    thread({ name: `cpuhp/${cpu}`, cpu });
  }
  if (realtime) for (const irq of linux.interrupts.list) thread({ name: `irq/${irq.number}-${irq.name}`.slice(0, 15), policy: 'fifo', priority: 50, cpu: irq.effective });
  processes.skipTo(Math.max(600, processes.nextPid()));
  const login = processes.find(1);
  if (login !== undefined) login.limits = { rtPriority: 0, lockedMemoryBytes: 8_388_608 };
}
