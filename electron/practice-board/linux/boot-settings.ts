import { FileError } from '../files/file-error.ts';
import { globPaths } from '../shell/glob.ts';
import { diskNames, diskText } from './disk-text.ts';
import { hugePagesAsked } from './huge-pages.ts';
import { rootCredentials, type PretendLinux } from './pretend-linux.ts';
import { TreeBuilder } from './tree-builder.ts';

/** Files of a kind of drop-in folder: one name counts once, /etc before /run before /usr/lib; in the order of the names. */
function dropIns(linux: PretendLinux, folder: string): string[] {
  const paths = new Map<string, string>();
  for (const root of ['/usr/lib', '/usr/local/lib', '/run', '/etc']) for (const name of diskNames(linux, `${root}/${folder}`, '.conf')) paths.set(name, `${root}/${folder}/${name}`);
  return [...paths].sort(([one], [other]) => (one < other ? -1 : 1)).map(([, path]) => path);
}

/** Sysctls of a boot: the kernel's own, what the command line decides, then what systemd-sysctl reads. */
export function applySysctls(linux: PretendLinux): void {
  linux.sysctls.clear();
  for (const [name, value] of Object.entries(linux.spec.sysctls)) linux.sysctls.set(name, value);
  if (linux.kernel.realtime) linux.sysctls.delete('kernel.numa_balancing');
  const { small, giant } = hugePagesAsked(linux.commandLine);
  linux.giantPages = giant;
  if (small !== undefined) linux.sysctls.set('vm.nr_hugepages', String(small));
  // kernel/watchdog.c compares the beginning of the word only.
  if (/(?:^| )nosoftlockup/.test(linux.commandLine)) linux.sysctls.set('kernel.soft_watchdog', '0');
  const nmiWatchdog = /(?:^| )nmi_watchdog=([01])(?: |$)/.exec(linux.commandLine)?.[1];
  if (nmiWatchdog !== undefined) linux.sysctls.set('kernel.nmi_watchdog', nmiWatchdog);
  for (const path of [...dropIns(linux, 'sysctl.d'), '/etc/sysctl.conf']) {
    for (const [, name = '', value = ''] of diskText(linux, path).matchAll(/^\s*-?([\w./-]+)\s*=\s*(.*?)\s*$/gm)) {
      const dotted = name.replaceAll('/', '.');
      if (linux.sysctls.has(dotted)) linux.sysctls.set(dotted, value);
    }
  }
}

/** Parameters that modprobe.d and the command line give to a module. The command line is read last. */
export function moduleOptions(linux: PretendLinux, module: string): ReadonlyMap<string, string> {
  const options = new Map<string, string>();
  for (const path of dropIns(linux, 'modprobe.d')) {
    for (const [, name = '', words = ''] of diskText(linux, path).matchAll(/^\s*options\s+(\S+)\s+(.*)$/gm)) {
      if (name.replaceAll('-', '_') === module) for (const word of words.trim().split(/\s+/)) options.set(word.split('=')[0] ?? word, word.includes('=') ? word.slice(word.indexOf('=') + 1) : '1');
    }
  }
  for (const word of linux.commandLine.split(' ')) {
    const [, name, key = '', value = '1'] = /^([\w-]+)\.([\w-]+)(?:=(.*))?$/.exec(word) ?? [];
    if (name?.replaceAll('-', '_') === module) options.set(key, value);
  }
  return options;
}

/** Modules that modules-load.d asks for. */
export const modulesToLoad = (linux: PretendLinux): string[] =>
  [...dropIns(linux, 'modules-load.d'), '/etc/modules'].flatMap((path) => diskText(linux, path).split('\n')).map((line) => line.trim().replaceAll('-', '_')).filter((line) => /^\w+$/.test(line));

/** Lines of tmpfiles.d that write values (`w`); `paths`: only these files. Folders (`d`) are made too. */
export function applyTmpfiles(linux: PretendLinux, paths: readonly string[] = dropIns(linux, 'tmpfiles.d')): void {
  for (const path of paths) {
    for (const [, type = '', target = '', text = ''] of diskText(linux, path).matchAll(/^([wd])[!+=~^-]*\s+(\S+)\s+\S+\s+\S+\s+\S+\s+\S+(?:[ \t]+(.*?))?\s*$/gm)) {
      const unescaped = text.replaceAll('\\n', '\n').replaceAll('%%', '%');
      if (type === 'd' && !linux.files.exists(target, rootCredentials)) new TreeBuilder(linux.files.root).folder(target);
      const host = { exists: (one: string) => linux.files.exists(one, rootCredentials), listFolder: (one: string) => diskNames(linux, one, '') };
      if (type === 'w') for (const one of globPaths(host, target)) writeValue(linux, one, unescaped);
    }
  }
}

/** Writes to a file of /proc or /sys as root; a refusal is only noted in the journal, as systemd does. */
export function writeValue(linux: PretendLinux, path: string, text: string): void {
  try {
    const inode = linux.files.find(path, rootCredentials);
    if (inode.kind === 'computed') inode.accept?.(text, rootCredentials);
  } catch (error) {
    if (!(error instanceof FileError)) throw error;
    linux.log(`systemd-tmpfiles[311]: Failed to write "${path}": ${error.text}`);
  }
}
