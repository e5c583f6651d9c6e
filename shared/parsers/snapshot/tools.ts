import type { Snapshot } from '../../model/snapshot.ts';
import type { Capture } from '../capture.ts';

/** Which package each tool comes from, the first installed one counting; starting a tool to ask it would cost the board more. */
const packagesOf: Readonly<Record<string, readonly string[]>> = {
  cyclictest: ['rt-tests', 'realtime-tests'], oslat: ['rt-tests', 'realtime-tests'], hwlatdetect: ['rt-tests', 'realtime-tests'],
  cyclicdeadline: ['rt-tests', 'realtime-tests'], hackbench: ['rt-tests', 'realtime-tests'], rteval: ['rteval'], rtla: ['rtla'],
  'stress-ng': ['stress-ng'], turbostat: ['linux-cpupower', 'kernel-tools'], cpupower: ['linux-cpupower', 'kernel-tools'],
  rdmsr: ['msr-tools'], wrmsr: ['msr-tools'], pqos: ['intel-cmt-cat'], perf: ['linux-perf', 'perf'], 'trace-cmd': ['trace-cmd'], bpftrace: ['bpftrace'],
  virsh: ['libvirt-clients', 'libvirt-client', 'libvirt-daemon'], 'virt-install': ['virtinst', 'virt-install'],
  'qemu-system-x86_64': ['qemu-system-x86'], 'qemu-kvm': ['qemu-kvm', 'qemu-kvm-core'], 'qemu-img': ['qemu-utils', 'qemu-img'],
  xorrisofs: ['xorriso'], genisoimage: ['genisoimage'], 'osinfo-db-import': ['osinfo-db-tools'], 'virt-xml-validate': ['libvirt-clients', 'libvirt-client'], chronyd: ['chrony'], numactl: ['numactl'], taskset: ['util-linux'], chrt: ['util-linux'],
  lscpu: ['util-linux'], lspci: ['pciutils'], dmidecode: ['dmidecode'], 'systemd-run': ['systemd'], iperf3: ['iperf3'], 'tuned-adm': ['tuned'], tuna: ['tuna'],
  irqbalance: ['irqbalance'], grubby: ['grubby'], 'update-grub': ['grub2-common'], 'grub-reboot': ['grub2-common'], 'grub2-reboot': ['grub2-tools'],
  mokutil: ['mokutil'], ipmitool: ['ipmitool'], fwupdmgr: ['fwupd'], ethtool: ['ethtool'], sysctl: ['procps', 'procps-ng'],
};

/** Tools found on the PATH, with the version of their package. A shell's own applet has no path. */
export function toolsOf(capture: Capture): Snapshot['tools'] {
  const versions = installedPackages(capture);
  return capture.section('tools').map((line) => line.trim()).filter((line) => /^[\w./+-]{1,200}$/.test(line)).map((line) => {
    const name = line.slice(line.lastIndexOf('/') + 1);
    const known = Object.hasOwn(packagesOf, name) ? packagesOf[name] ?? [] : [];
    const version = known.map((candidate) => versions.get(candidate)).find((candidate) => candidate !== undefined) ?? null;
    return { name, path: line.startsWith('/') ? line : null, version };
  });
}

/** Versions by package name, of those installed and asked for (a removed Debian package keeps its entry). */
export function installedPackages(capture: Capture): Map<string, string> {
  const versions = new Map<string, string>();
  takeDatabase(capture.lines('/var/lib/dpkg/status') ?? [], 'Package: ', 'Version: ', versions);
  takeDatabase(capture.lines('/lib/apk/db/installed') ?? [], 'P:', 'V:', versions);
  for (const line of capture.command('rpm')?.lines ?? []) {
    const match = /^(\S+) (\d\S*)$/.exec(line);
    if (match?.[1] !== undefined && match[2] !== undefined) versions.set(match[1], match[2]);
  }
  return versions;
}

/** The capture has the names of packages that matter and the versions of all: the first version after a name is its own. */
function takeDatabase(lines: readonly string[], name: string, version: string, versions: Map<string, string>) {
  let current: string | undefined;
  for (const line of lines) {
    if (line.startsWith(name)) current = line.slice(name.length).trim();
    else if (line.startsWith('Status: ')) current = undefined;
    else if (line.startsWith(version)) {
      if (current !== undefined) versions.set(current, line.slice(version.length).trim());
      current = undefined;
    }
  }
}
