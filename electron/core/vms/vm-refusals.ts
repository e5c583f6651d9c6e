import { CodedError } from '../../../shared/contract/errors.ts';
import type { VmAnswer } from './ask-board.ts';

const packages: Readonly<Record<string, { apt: string; dnf: string }>> = {
  'virsh': { apt: 'libvirt-clients libvirt-daemon-system', dnf: 'libvirt-client libvirt' }, 'virt-install': { apt: 'virtinst', dnf: 'virt-install' },
  'qemu-img': { apt: 'qemu-utils', dnf: 'qemu-img' }, 'xorriso': { apt: 'xorriso', dnf: 'xorriso' },
};

const gib = (kib: string | undefined): string => `${(Number(kib ?? '0') / 1_048_576).toFixed(1)} GiB`;

/** Why the board did not do what it was asked, from `refused WHY …`. */
export function vmRefusal(answer: VmAnswer, boardName: string, vmName: string): CodedError {
  const [why = '', ...rest] = answer.rest;
  const detail = rest.join(' ');
  const refuse = (code: CodedError['code'], message: string, next: string): CodedError => new CodedError(code, message, { board: boardName, next, details: { why, vm: vmName } });
  switch (why) {
    case 'missing': {
      const family = answer.fact('family') === 'apt' ? 'apt' : 'dnf';
      const names = rest.map((tool) => packages[tool]?.[family] ?? tool).join(' ');
      return refuse('board-tool-missing', `${boardName} has no ${rest.join(', no ')}, which making a VM needs.`, `Install on the board: ${family === 'apt' ? 'apt-get' : 'dnf'} install ${names}. The guide “KVM host” does it.`);
    }
    case 'no-libvirt': return refuse('libvirt-unreachable', `libvirt on ${boardName} does not answer${detail === '' ? '' : `: ${detail}`}`, 'Make the host ready for VMs with the guide “KVM host”, then try again.');
    case 'no-network': return refuse('vm-refused', `${boardName} has no libvirt network “${detail}”.`, 'Choose one that is there; the guide “KVM host” makes the default one.');
    case 'network-off': return refuse('vm-refused', `The network “${detail}” of ${boardName} is not active: the VM would get no address.`, `Start it: virsh net-start ${detail} (and virsh net-autostart ${detail}), or choose another one.`);
    case 'disk-full': {
      const [free, need, ...directory] = rest;
      const needed = need === undefined || need === '0' ? '' : `; ${gib(need)} are needed for the image and the VM’s first start`;
      return refuse('board-disk-full', `${gib(free)} are free in ${directory.join(' ')} on ${boardName}${needed}.`, 'Free space there, or remove VMs that are not needed any more.');
    }
    case 'not-writable': return refuse('board-disk-full', `${detail} on ${boardName} cannot be written.`, 'The file system is full or mounted read-only: look at it with df and mount.');
    case 'no-fetcher': return refuse('board-tool-missing', `${boardName} has neither curl nor wget.`, 'Install one of them, or let this computer fetch the image.');
    case 'fetch': {
      const [status, ...said] = rest;
      return refuse('vm-image-unusable', `${boardName} could not fetch the image (${said.join(' ').trim() === '' ? `status ${status ?? ''}` : said.join(' ').trim()}).`, 'Has the board a way to that server? If not, let this computer fetch the image, or send an image file.');
    }
    case 'checksum': return refuse('vm-image-unusable', `The image is not the one that was expected: its checksum is ${detail.slice(0, 16)}….`, 'It was damaged on the way, or it is another build. Try again; if it happens again, look where the image comes from.');
    case 'no-file': return refuse('vm-image-unusable', `${boardName} has no file ${detail} that can be read.`, 'Check the path.');
    case 'in-use': return refuse('vm-image-unusable', `The VM “${detail}” has that file as its own disk: what it writes would ruin a VM built on it.`, 'Copy the file, and use the copy.');
    case 'file-there': return refuse('vm-exists', `${detail} is there already on ${boardName}, and it was not made from here.`, 'Move it away, or choose another name for the VM.');
    case 'disk': return refuse('vm-refused', `The disk of “${vmName}” could not be made: ${detail}`, 'Look at what qemu-img said.');
    case 'seed': return refuse('vm-refused', `The seed for cloud-init could not be made: ${detail}`, 'Look at what was said; a full disk is the usual reason.');
    case 'define': return refuse('libvirt-refused', `“${vmName}” could not be defined: ${detail}`, 'Look at what virt-install and libvirt said. “KVM acceleration not available” means that virtualisation is off in the firmware, or its module is not loaded.');
    case 'start': return refuse('libvirt-refused', `“${vmName}” is defined, but does not start: ${detail}`, 'Correct what libvirt names, then make it again: it goes on from there. Or remove it.');
    case 'foreign': case 'another': return refuse('vm-refused', `“${vmName}” on ${boardName} was not made from here.`, 'Remove it with the tools it was made with.');
    case 'unknown': return refuse('vm-unknown', `${boardName} has no VM “${vmName}” that was made from here.`, 'Read its VMs again.');
    case 'undefine': return refuse('libvirt-refused', `libvirt did not let “${vmName}” go: ${detail}`, 'Look at what libvirt said, then remove it again.');
    case 'not-removed': return refuse('board-command-failed', `${detail} on ${boardName} could not be removed.`, 'Look at its permissions and at the file system, then remove the VM again.');
    default: return refuse('vm-refused', `${boardName} refused (${why}${detail === '' ? '' : ` ${detail}`}).`, 'Read the VMs of the board again and look how it stands.');
  }
}
