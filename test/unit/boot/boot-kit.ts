import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { Action, Proposal } from '../../../shared/model/plan.ts';
import { snapshotOf } from '../../../shared/parsers/snapshot/snapshot.ts';
import type { BoardState } from '../../../shared/planning/boot/boot-loader.ts';
import { captureOf, fixture, type CaptureParts } from '../snapshot/capture-text.ts';

export type Files = Readonly<Record<string, string>>;

export const dpkg = 'Package: systemd\nVersion: 252.36-1~deb12u1\n\nPackage: grub2-common\nVersion: 2.06-13+deb12u1\n';
const tools = ['/usr/sbin/update-grub', '/usr/sbin/grub-reboot', '/usr/bin/systemd-run'];

/** Words of the fixture's real grub.cfg, as its variables have them. */
export const root = 'root=UUID=a2f0893a-79b4-4c08-9c4f-16733f4594f1 ro';
export const pendingLine = `${root} console=ttyS0 isolcpus=1 quiet nohz_full=1`;

/** The board whose menu the fixture `grub-tryonce` is. */
export const debianFiles: Files = {
  '/proc/cmdline': `BOOT_IMAGE=/boot/vmlinuz-6.1.0-50-rt-amd64 ${pendingLine}`,
  '/proc/sys/kernel/osrelease': '6.1.0-50-rt-amd64', '/proc/sys/kernel/version': '#1 SMP PREEMPT_RT Debian', '/proc/1/comm': 'systemd',
  '/proc/mounts': '/dev/vda1 / ext4 rw,relatime 0 0', '/proc/self/status': 'Uid:\t0\t0\t0\t0', '/sys/devices/system/cpu/online': '0-3', '/sys/devices/system/cpu/present': '0-3',
  '/etc/default/grub': 'GRUB_DEFAULT=0\nGRUB_TIMEOUT=1\nGRUB_DISTRIBUTOR=`lsb_release -i -s 2> /dev/null || echo Debian`\nGRUB_CMDLINE_LINUX_DEFAULT="quiet nohz_full=1"\nGRUB_CMDLINE_LINUX="console=ttyS0 isolcpus=1"',
  '/boot/grub/grub.cfg': fixture('grub-tryonce/grub.cfg'), '/boot/grub/grubenv': '# GRUB Environment Block\n####', '/var/lib/dpkg/status': dpkg,
};

export function boardOf(files: Files, parts: CaptureParts = {}): BoardState {
  const capture = captureOf({ tools, ...parts, files, exists: ['/run/systemd/system', ...(parts.exists ?? [])] });
  return { capture, snapshot: snapshotOf(capture) };
}

export const debian = (changes: Files = {}, parts: CaptureParts = {}): BoardState => boardOf({ ...debianFiles, ...changes }, parts);

export const actionsOf = (proposal: Proposal): Action[] => proposal.steps.map(({ action }) => action);
export const fileAt = (proposal: Proposal, path: string): string | null | undefined =>
  actionsOf(proposal).flatMap((action) => (action.kind === 'file' && action.path === path ? [action.content?.data ?? null] : []))[0];

/** Files after the proposal's own writes; what runs programs (update-grub …) is done by `generate`. */
export function filesAfter(files: Files, proposal: Proposal, generate: (files: Files) => Files = updateGrub): Files {
  let after = { ...files };
  for (const action of actionsOf(proposal)) {
    if (action.kind === 'file') after = action.content === null ? without(after, action.path) : { ...after, [action.path]: action.content.data };
    else if (action.kind === 'generate' && action.generator === 'update-grub') after = { ...generate(after) };
    else if (action.kind === 'boot-once') after = { ...after, '/boot/grub/grubenv': `# GRUB Environment Block\nnext_entry=${action.entry ?? ''}\n####` };
  }
  return after;
}

const without = (files: Files, path: string): Files => Object.fromEntries(Object.entries(files).filter(([name]) => name !== path));

/** Sources /etc/default/grub and its drop-ins with the machine's own sh, as grub-mkconfig does, in a folder of its own. */
export function sourceGrubDefaults(files: Files): { linux: string; linuxDefault: string; entry: string; touched: string[] } {
  const folder = mkdtempSync(join(tmpdir(), 'rtvm-grub-'));
  try {
    for (const [path, text] of Object.entries(files)) {
      if (!path.startsWith('/etc/default/')) continue;
      mkdirSync(dirname(join(folder, path)), { recursive: true });
      writeFileSync(join(folder, path), `${text}\n`);
    }
    const script = 'set -e; cd "$1"; . ./etc/default/grub; for x in ./etc/default/grub.d/*.cfg; do if [ -e "$x" ]; then . "$x"; fi; done; printf \'%s\\n\' "$GRUB_CMDLINE_LINUX" "$GRUB_CMDLINE_LINUX_DEFAULT" "$GRUB_DEFAULT"; ls -A . /';
    const [linux = '', linuxDefault = '', entry = '', ...touched] = execFileSync('sh', ['-c', script, 'sh', folder], { encoding: 'utf8', env: { PATH: process.env['PATH'] ?? '' } }).split('\n');
    return { linux, linuxDefault, entry, touched };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** What update-grub would make of the fixture's menu: its 10_linux prints `root=… ro <LINUX> <LINUX_DEFAULT>`. */
export function updateGrub(files: Files): Files {
  const { linux, linuxDefault, entry } = sourceGrubDefaults(files);
  const config = (files['/boot/grub/grub.cfg'] ?? '').split('\n').map((line) => {
    const front = /^\s*linux\t\/boot\/\S+ root=UUID=\S+ ro /.exec(line)?.[0];
    if (front !== undefined) return line.includes(' single ') ? `${front}single ${linux}` : `${front}${linux} ${linuxDefault}`;
    return line === '   set default="0"' ? `   set default="${entry}"` : line;
  });
  return { ...files, '/boot/grub/grub.cfg': config.join('\n') };
}

export const pendingAfter = (files: Files): string | null => boardOf(files).snapshot.kernel.pending.commandLine;
