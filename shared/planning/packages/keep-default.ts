import type { ProposedStep } from '../../model/plan.ts';
import { entryOfRunning } from './running-entry.ts';
import type { ChannelRequest, NoChannel } from './realtime-channel.ts';
import { packagingFactsOf } from './packaging-facts.ts';

/** Read before the drop-in that holds the command line, in the order of bytes and of a locale: what is promoted there wins. */
export const defaultDropInPath = '/etc/default/grub.d/zz-rtvm-bench-boot-default.cfg';
const promotedDropInPath = '/etc/default/grub.d/zz-rtvm-bench.cfg';

/** Steps to take before a kernel is installed, and what is to be said. */
interface KeptDefault { readonly steps: readonly ProposedStep[]; readonly notes: readonly string[] }

const about = { settings: ['kernel.realtime'] };

/**
 * Keeps the kernel that runs now the one that starts: a package's own hook makes a new kernel the default otherwise, before
 * it has been tried. Debian's family: GRUB_DEFAULT names the running kernel's entry. RHEL's: UPDATEDEFAULT=no. Total.
 */
export function keepDefault({ snapshot, capture }: Pick<ChannelRequest, 'snapshot' | 'capture'>): KeptDefault | NoChannel {
  const { kernelDefaults, manager } = packagingFactsOf(capture);
  if (manager === 'dnf') return keepRhelDefault(kernelDefaults);
  if (!['grub', 'bls'].includes(snapshot.kernel.pending.loader) || !snapshot.tools.some(({ name }) => name === 'update-grub')) {
    return { steps: [], notes: ['The boot loader is not GRUB: the new kernel may become the default at once. Have somebody at the console for the first start.'] };
  }
  const promoted = capture.lines(promotedDropInPath)?.find((line) => /^GRUB_DEFAULT=/.test(line));
  if (promoted !== undefined) return { steps: [], notes: [`The default entry is held already by ${promotedDropInPath}: ${promoted}`] };
  const path = entryOfRunning(capture, snapshot.kernel.release);
  if (path === null) {
    return { why: `GRUB’s menu has no entry that names ${snapshot.kernel.release ?? 'the running kernel'}, so it cannot be kept as the default before another is installed.`, next: snapshot.asRoot ? 'Run update-grub on the board and read it again.' : 'Read the board again as root: grub.cfg may be for root only.' };
  }
  const content = `# Written by RTVM Bench: the kernel that ran when another was installed stays the default until that has been tried.\nGRUB_DEFAULT="${path}"\n`;
  return {
    steps: [
      { ...about, title: 'Keep the running kernel the default', why: `A newly installed kernel would start next, untried. This keeps ${snapshot.kernel.release ?? 'the running one'}.`, risk: 'boot', caution: 'A later update of the running kernel does not become the default either, until this is undone or another kernel is made the default.', action: { kind: 'file', path: defaultDropInPath, content: { encoding: 'utf8', data: content }, mode: '644' } },
      { ...about, title: 'Write GRUB’s menu', why: 'GRUB reads the default from the menu that is generated.', risk: 'boot', caution: '', action: { kind: 'generate', generator: 'update-grub' } },
    ],
    notes: [],
  };
}

function keepRhelDefault(defaults: ReadonlyMap<string, string> | null): KeptDefault {
  if (defaults === null) return { steps: [], notes: ['Whether a new kernel becomes the default could not be read (/etc/sysconfig/kernel): look at grubby --default-kernel after the installation.'] };
  if (defaults.get('UPDATEDEFAULT') === 'no') return { steps: [], notes: [] };
  const wanted = new Map([...defaults, ['UPDATEDEFAULT', 'no']]);
  const plain = [...wanted].filter(([name, value]) => /^[A-Z][A-Z0-9_]*$/.test(name) && /^[A-Za-z0-9._+-]*$/.test(value)).map(([name, value]) => `${name}=${value}\n`).join('');
  return {
    steps: [{ ...about, title: 'Keep the running kernel the default', why: 'A newly installed kernel would start next, untried.', risk: 'boot', caution: 'Kernel updates do not become the default either, until this is undone.', action: { kind: 'file', path: '/etc/sysconfig/kernel', content: { encoding: 'utf8', data: `# UPDATEDEFAULT: whether a newly installed kernel becomes the default. Changed by RTVM Bench.\n${plain}` }, mode: '644' } }],
    notes: ['After the installation, compare grubby --default-kernel with the kernel that runs now.'],
  };
}
