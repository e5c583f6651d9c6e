import { formatCpuList, parseCpuList, parseCpuMask } from '../../../shared/parsers/cpu-list.ts';
import { FileError } from '../files/file-error.ts';
import { Folder, Link } from '../files/inode.ts';
import { formatCpuMask } from './cpu-mask.ts';
import { cpuinfo } from './cpuinfo.ts';
import type { Interrupt } from './interrupts.ts';
import { meminfo } from './meminfo.ts';
import { processFolder } from './process-files.ts';
import type { PretendLinux } from './pretend-linux.ts';
import { TreeBuilder } from './tree-builder.ts';

/** /proc of the present boot. */
export function buildProc(linux: PretendLinux): Folder {
  const { processes } = linux;
  const root = new Folder({ mode: 0o555 }, {
    names: () => processes.all().map((process) => String(process.pid)),
    find: (name) => {
      const process = /^\d+$/.test(name) ? processes.ofThread(Number(name)) : undefined;
      return process === undefined ? undefined : processFolder(linux, process);
    },
  });
  root.sealed = true;
  const tree = new TreeBuilder(root, true);
  const { kernel } = linux;
  tree.put('/self', new Link((who) => String(who.pid)));
  tree.put('/thread-self', new Link((who) => `${who.pid}/task/${who.pid}`));
  tree.value('/cmdline', () => linux.commandLine);
  tree.value('/version', `Linux version ${kernel.release} ${kernel.builder} ${kernel.version}`);
  tree.computed('/cpuinfo', () => cpuinfo(linux));
  tree.computed('/meminfo', () => meminfo(linux));
  tree.computed('/uptime', () => `${linux.uptimeSeconds().toFixed(2)} ${(linux.uptimeSeconds() * linux.online.length * 0.97).toFixed(2)}\n`);
  tree.value('/loadavg', () => `${loadAverage(linux).map((value) => value.toFixed(2)).join(' ')} ${1 + Math.floor(loadAverage(linux)[0] ?? 0)}/${processes.all().length} ${processes.all().at(-1)?.pid ?? 1}`);
  tree.computed('/stat', () => statText(linux));
  tree.computed('/softirqs', () => softirqs(linux));
  tree.computed('/interrupts', () => {
    linux.interrupts.advance(linux.now());
    return linux.interrupts.text(linux.online);
  });
  tree.link('/mounts', 'self/mounts');
  tree.text('/swaps', 'Filename\t\t\t\tType\t\tSize\t\tUsed\t\tPriority\n', { mode: 0o444 });
  tree.text('/filesystems', `nodev\tsysfs\nnodev\ttmpfs\nnodev\tproc\nnodev\tcgroup2\nnodev\tdevtmpfs\nnodev\tdebugfs\nnodev\ttracefs\nnodev\thugetlbfs\n${linux.spec.resctrl === undefined ? '' : 'nodev\tresctrl\n'}\text4\n\tvfat\n`, { mode: 0o444 });
  tree.computed('/modules', () => [...linux.loadedModules].map((name) => `${name} 163840 0 - Live 0x0000000000000000\n`).join(''));
  tree.text('/devices', 'Character devices:\n  1 mem\n  5 /dev/tty\n 10 misc\n202 cpu/msr\n', { mode: 0o444 });
  buildSysctls(linux, tree);
  buildIrqs(linux, tree);
  return root;
}

export function loadAverage(linux: PretendLinux): number[] {
  const load = [...linux.load.values()].reduce((sum, one) => sum + one, 0);
  return [load + 0.08, load * 0.7 + 0.05, load * 0.4 + 0.01];
}

function buildSysctls(linux: PretendLinux, tree: TreeBuilder): void {
  const { kernel } = linux;
  const constant = (path: string, read: () => string): void => tree.value(`/sys/kernel/${path}`, read);
  constant('ostype', () => 'Linux');
  constant('osrelease', () => kernel.release);
  constant('version', () => kernel.version);
  constant('arch', () => 'x86_64');
  constant('pid_max', () => '4194304');
  constant('threads-max', () => '2062498');
  constant('random/boot_id', () => linux.bootId);
  constant('random/uuid', () => linux.bootId.split('').reverse().join('').replace(/[^-]/g, (char) => char));
  constant('tainted', () => '0');
  tree.knob('/sys/kernel/hostname', () => linux.hostname, (text) => {
    linux.hostname = text;
  });
  for (const name of linux.sysctls.keys()) {
    tree.knob(`/sys/${name.replaceAll('.', '/')}`, () => linux.sysctls.get(name) ?? '', (text) => {
      // A number stays a number: the kernel refuses anything else there.
      if (/^-?\d+$/.test(linux.sysctls.get(name) ?? '') && !/^-?\d+$/.test(text)) throw new FileError('EINVAL', name);
      linux.sysctls.set(name, text);
    });
  }
}

function buildIrqs(linux: PretendLinux, tree: TreeBuilder): void {
  const count = linux.spec.cpus.length;
  const accept = (irq: Interrupt) => (cpus: readonly number[]): void => {
    const usable = cpus.filter((cpu) => linux.online.includes(cpu));
    if (usable[0] === undefined) throw new FileError('EINVAL');
    if (irq.name === 'timer') throw new FileError('EIO');
    linux.interrupts.advance(linux.now());
    irq.affinity = cpus;
    irq.effective = usable[0];
  };
  const parsed = (result: ReturnType<typeof parseCpuList>): readonly number[] => {
    if (!result.ok) throw new FileError('EINVAL');
    return result.value;
  };
  tree.knob('/irq/default_smp_affinity', () => formatCpuMask(linux.interrupts.defaultAffinity, count), (text) => {
    linux.interrupts.defaultAffinity = parsed(parseCpuMask(text));
  });
  for (const irq of linux.interrupts.list) {
    const base = `/irq/${irq.number}`;
    tree.knob(`${base}/smp_affinity`, () => formatCpuMask(irq.affinity, count), (text) => accept(irq)(parsed(parseCpuMask(text))));
    tree.knob(`${base}/smp_affinity_list`, () => formatCpuList(irq.affinity), (text) => accept(irq)(parsed(parseCpuList(text))));
    tree.value(`${base}/effective_affinity`, () => formatCpuMask([irq.effective], count));
    tree.value(`${base}/effective_affinity_list`, () => irq.effective);
    tree.value(`${base}/node`, 0);
    tree.folder(`${base}/${irq.name.replaceAll('/', '!')}`);
  }
}

/** Jiffies per CPU: a quiet machine, or a busy one where a stress program runs. */
function statText(linux: PretendLinux): string {
  const ticks = linux.uptimeSeconds() * 100;
  const rows = linux.online.map((cpu) => {
    const busy = Math.floor(ticks * (0.01 + (linux.load.get(cpu) ?? 0) * 0.9));
    return `cpu${cpu} ${busy} 0 ${Math.floor(ticks * 0.004)} ${Math.max(0, Math.floor(ticks * 0.986) - busy)} 0 0 ${Math.floor(ticks * 0.0005)} 0 0 0`;
  });
  const sum = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9].map((column) => rows.reduce((total, row) => total + Number(row.split(' ')[column + 1]), 0));
  linux.interrupts.advance(linux.now());
  const total = linux.interrupts.list.flatMap((irq) => irq.counts).reduce((all, one) => all + one, 0);
  return `cpu  ${sum.join(' ')}\n${rows.join('\n')}\nintr ${total}\nctxt ${Math.floor(ticks * 42)}\nbtime ${Math.floor(linux.bootedAtMs / 1000)}\nprocesses ${linux.processes.all().at(-1)?.pid ?? 1}\nprocs_running 1\nprocs_blocked 0\n`;
}

function softirqs(linux: PretendLinux): string {
  const seconds = linux.uptimeSeconds();
  const rates = { HI: 0, TIMER: 60, NET_TX: 0.1, NET_RX: 4, BLOCK: 2, IRQ_POLL: 0, TASKLET: 0.01, SCHED: 50, HRTIMER: 0.02, RCU: 30 } as const;
  const quiet = (cpu: number): number => (linux.decisions.nohzFull.includes(cpu) ? 0.01 : 1);
  const rows = Object.entries(rates).map(([name, rate]) => `${name.padStart(12)}: ${linux.online.map((cpu) => String(Math.floor(seconds * rate * quiet(cpu))).padStart(10)).join(' ')}\n`);
  return `                    ${linux.online.map((cpu) => `CPU${cpu}`.padEnd(10)).join(' ')}\n${rows.join('')}`;
}

export function mounts(linux: PretendLinux): string {
  const device = '/dev/nvme0n1p2';
  const lines = [
    'sysfs /sys sysfs rw,nosuid,nodev,noexec,relatime 0 0', 'proc /proc proc rw,nosuid,nodev,noexec,relatime 0 0',
    'udev /dev devtmpfs rw,nosuid,relatime,size=263924k,mode=755 0 0', `${device} / ext4 rw,relatime,errors=remount-ro 0 0`,
    'tmpfs /run tmpfs rw,nosuid,nodev,noexec,relatime,mode=755 0 0', 'tmpfs /dev/shm tmpfs rw,nosuid,nodev 0 0',
    'cgroup2 /sys/fs/cgroup cgroup2 rw,nosuid,nodev,noexec,relatime 0 0', 'debugfs /sys/kernel/debug debugfs rw,nosuid,nodev,noexec,relatime 0 0',
    'tracefs /sys/kernel/tracing tracefs rw,nosuid,nodev,noexec,relatime 0 0', ...linux.hugePageMounts().map(({ path, sizeKib }) => `hugetlbfs ${path} hugetlbfs rw,relatime,pagesize=${sizeKib === 2048 ? '2M' : '1024M'} 0 0`),
    ...(linux.spec.boot.efi ? ['/dev/nvme0n1p1 /boot/efi vfat rw,relatime,umask=0077 0 0', 'efivarfs /sys/firmware/efi/efivars efivarfs rw,nosuid,nodev,noexec,relatime 0 0'] : []),
    ...(linux.mounts.has('resctrl') ? [`resctrl /sys/fs/resctrl resctrl rw,relatime${linux.resctrl.separate ? ',cdp' : ''} 0 0`] : []),
  ];
  return `${lines.join('\n')}\n`;
}

