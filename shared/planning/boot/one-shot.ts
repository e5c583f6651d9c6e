import type { Capture } from '../../parsers/capture.ts';
import { defaultEntry } from '../../parsers/snapshot/grub-config.ts';
import { wantedEntry } from '../../parsers/snapshot/pending-boot.ts';
import type { BootLoader } from './boot-loader.ts';
import type { GrubMenu } from './grub-menu.ts';
import { refuse, type Found } from './refusal.ts';

const writeInstead = 'Write the line without trying it (the entry of the distribution stays in GRUB’s menu for a way back), with somebody at the console; or put /boot on a plain partition.';

/** File systems GRUB cannot write to: the list of Debian’s and Ubuntu’s 00_header, and those that are no disk’s. */
const readOnlyToGrub = ['btrfs', 'zfs', 'squashfs', 'overlay', 'tmpfs', 'iso9660', 'nfs', 'nfs4', 'romfs'];

/**
 * Whether GRUB would start an entry once and then go back by itself: it must take in the one-shot, be able to clear it
 * from its environment block, and read custom.cfg where that is the way. Total. Source: DOMAIN 4.11 “Try once”.
 */
export function oneShotOf(capture: Capture, loader: BootLoader): Found<true> {
  const { menu } = loader;
  if (menu.armed !== '') return refuse(`A start of “${menu.armed}” for one time is armed already.`, 'Undo the change that armed it, or start the board, then plan again.');
  return takesNextEntry(menu) ?? environmentWritable(capture, menu) ?? (loader.way === 'rhel-grubby' ? null : readsCustomConfig(menu)) ?? { found: true };
}

function takesNextEntry({ state }: GrubMenu) {
  if (state.config.defaults.some((value) => value.includes('next_entry'))) return null;
  return refuse(`${state.path} does not look at next_entry: an entry cannot be started once.`, 'Generate it again with this distribution’s own 00_header (update-grub), or write the line without trying it.');
}

function environmentWritable(capture: Capture, { state, standard }: GrubMenu) {
  const blocks = [...capture.paths(/^\/boot\/.*\/grubenv$/)].map((path) => path.slice(0, path.lastIndexOf('/')));
  const folder = blocks.find((path) => path === '/boot/grub' || path === '/boot/grub2') ?? blocks[0] ?? state.path.slice(0, state.path.lastIndexOf('/'));
  const mount = (capture.lines('/proc/mounts') ?? []).map((line) => line.split(' ')).filter(([, at]) => at === '/' || folder.startsWith(`${at}/`))
    .reduce<string[] | null>((longest, candidate) => ((candidate[1] ?? '').length >= (longest?.[1] ?? '').length ? candidate : longest), null);
  if (mount === null) return refuse(`What disk ${folder} is on cannot be told from this capture.`, 'Take a new capture of the board.');
  const [device = '', at = '', fileSystem = ''] = mount;
  const cannot = (what: string) => refuse(`${folder} is on ${what}, to which GRUB cannot write: it could not clear the one-shot, and would start the try again and again.`, writeInstead);
  if (readOnlyToGrub.includes(fileSystem)) return cannot(`${fileSystem} (${device})`);
  if (/^\/dev\/md/.test(device)) return cannot(`a software RAID (${device})`);
  if (/^\/dev\/(?:mapper\/|dm-)/.test(device)) {
    const kind = mapperKind(capture, device);
    if (kind === null) return refuse(`What lies below ${device} (${at}) cannot be told from this capture.`, 'Take a new capture of the board.');
    if (kind !== 'mpath') return cannot(kind === 'LVM' ? `a logical volume (${device})` : kind === 'CRYPT' ? `an encrypted volume (${device})` : `${device} (${kind})`);
  }
  const module = standard?.body.map((line) => /^insmod\s+(lvm|diskfilter|mdraid\w*|raid\w*|dm_nv|ldm|btrfs|zfs|luks2?|cryptodisk)$/.exec(line)?.[1]).find((name) => name !== undefined);
  return module === undefined ? null : cannot(`what GRUB reads through its module ${module}`);
}

/** Subsystem that made a device-mapper device: LVM, CRYPT, mpath, …; null where the capture does not tell. */
function mapperKind(capture: Capture, device: string): string | null {
  const folder = device.startsWith('/dev/dm-') ? `/sys/block/${device.slice('/dev/'.length)}/dm`
    : capture.paths(/^\/sys\/block\/dm-\d+\/dm\/name$/).find((path) => capture.value(path) === device.slice('/dev/mapper/'.length))?.replace(/\/name$/, '');
  return folder === undefined ? null : /^(?:part\d+-)?([A-Za-z]+)/.exec(capture.value(`${folder}/uuid`) ?? '')?.[1] ?? null;
}

function readsCustomConfig({ state }: GrubMenu) {
  const at = state.lines.findIndex((line) => /^\s*source\s.*\bcustom\.cfg/.test(line));
  if (at < 0) return refuse(`${state.path} does not take in custom.cfg.`, 'Make /etc/grub.d/41_custom executable and run update-grub, then take a new capture; or write the line without trying it.');
  if (state.lines.slice(at).some((line) => /^\s*set\s+default=/.test(line))) return refuse(`A default is set behind the place where ${state.path} looks at next_entry: an entry started once would never be reached.`, 'Take “set default=…” out of custom.cfg, or write the line without trying it.');
  const standing = new Map(state.environment);
  standing.delete('next_entry');
  const wanted = wantedEntry(state.config.defaults, standing);
  const before = state.lines.slice(0, at).filter((line) => /^(?:menuentry|submenu)\s/.test(line)).length;
  if (/^\d+$/.test(wanted) && Number(wanted) >= before && defaultEntry(state.config.entries, wanted) !== null) {
    return refuse(`The default entry is number ${wanted}, behind the place where custom.cfg comes in: a new entry would move it.`, 'Set GRUB_DEFAULT to the id of the entry and run update-grub.');
  }
  return null;
}
