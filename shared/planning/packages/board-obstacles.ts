import type { Finding } from '../../model/finding.ts';
import type { Snapshot } from '../../model/snapshot.ts';
import type { Capture } from '../../parsers/capture.ts';
import { packagingFactsOf, type PackagingFacts } from './packaging-facts.ts';
import { redactProxy } from './redact-proxy.ts';

/** What is asked about a board: how packages would come, and whether the new kernel is signed by a key that firmware knows. */
export interface ObstacleRequest {
  readonly snapshot: Snapshot;
  readonly capture: Capture;
  readonly source: 'board' | 'laptop' | 'folder';
  readonly signedKernel: boolean;
}

type Rule = (request: ObstacleRequest, facts: PackagingFacts) => Finding | null;

const finding = (severity: Finding['severity'], rule: string, element: string, message: string, fix: string): Finding => ({ rule, severity, element, message, fix });

/** A kernel with its modules, and the initramfs that is made of them. */
const bootBytes = 130 * 1024 ** 2;
const rootBytes = 900 * 1024 ** 2;
const mib = (bytes: number) => `${Math.floor(bytes / 1024 ** 2)} MiB`;

/** Clocks differ by a little; by an hour, fresh package lists count as not valid yet. */
const clockToleranceSeconds = 300;
const clockLimitSeconds = 3600;

const rules: readonly Rule[] = [
  (_request, { imageBased }) => (!imageBased ? null
    : finding('error', 'image-based-root', '/run/ostree-booted', 'This system comes as an image (ostree): packages are not installed into the running system.', 'Layer the kernel (rpm-ostree override replace …) or build it into the image; the previous image stays in the boot menu.')),
  (_request, { root, imageBased }) => (imageBased || root === null || root.kind !== 'overlay' ? null
    : finding('error', 'overlay-root', root.line, 'What is written to this root lies in memory over a read-only one: it is gone after the next start, the new kernel with it.', 'Switch the overlay off (raspi-config, overlayroot.conf, or overlayroot=disabled on the kernel command line), start again, install, and switch it on again.')),
  (_request, { root, imageBased }) => (imageBased || root === null || root.kind === 'overlay' || !root.readOnly ? null
    : finding('error', 'read-only-root', root.line, 'The root file system is mounted read-only.', 'If that is not on purpose, the kernel saw an error on the disk: look at dmesg and check it. Otherwise: mount -o remount,rw /.')),
  ({ snapshot: { identity }, signedKernel }) => (signedKernel || identity.secureBoot !== true ? null
    : finding('error', 'secure-boot', 'Secure Boot: on', 'The firmware starts signed kernels only (Secure Boot), and this one is not signed by a key it knows: the board would refuse to start it.', 'Switch Secure Boot off in the firmware, or sign the kernel with a key of yours (sbsign) and enrol that (mokutil --import).')),
  ({ snapshot: { identity: { lockdown } } }) => (lockdown === null || lockdown === 'none' ? null
    : finding('warning', 'lockdown', `/sys/kernel/security/lockdown: ${lockdown}`, `The kernel is locked down (${lockdown}): MSRs cannot be written, and SMI counts and C-state settings through them stay hidden or fixed.`, 'Switch Secure Boot off in the firmware, or take lockdown= off the kernel command line.')),
  ({ snapshot: { clock, takenAt } }) => clockObstacle(clock.boardTime, takenAt),
  ({ source }, { proxies }) => (source !== 'board' || proxies.length === 0 ? null
    : finding('note', 'proxy', proxies.map(({ file, line }) => redactProxy(`${file}: ${line}`)).join('\n'), 'The board reaches its package sources through a proxy.', 'If that proxy cannot be reached from here, let the board use this computer’s connection.')),
  ({ snapshot: { services } }) => {
    const updating = services.find(({ name, active }) => active && /^(?:apt-daily|apt-daily-upgrade|dnf-automatic|dnf-makecache|packagekit)$/.test(name));
    return updating === undefined ? null
      : finding('warning', 'package-lock', `${updating.name}.service`, `Automatic updates are at work (${updating.name}): they hold the package manager’s lock.`, 'It is waited for. On a board meant for real-time work, switch them off afterwards.');
  },
  (_request, { unfinished }) => (unfinished === 0 ? null
    : finding('error', 'interrupted', '/var/lib/dpkg/status', `${unfinished === 1 ? 'One package is' : `${unfinished} packages are`} half installed: nothing else can be installed before that is put right.`, 'On the board: sudo dpkg --configure -a, then sudo apt-get -f install.')),
  (_request, { freeSpace }) => roomObstacle(freeSpace, '/boot', bootBytes),
  (_request, { freeSpace }) => roomObstacle(freeSpace, '/', rootBytes),
  (_request, { dkms }) => (dkms.length === 0 ? null
    : finding('warning', 'modules-not-built', dkms.map((name) => `/var/lib/dkms/${name}`).join('\n'), `Drivers are built anew for every kernel here (DKMS: ${dkms.join(', ')}): they need the headers of the real-time kernel, and some do not build for it.`, dkms.includes('nvidia')
      ? 'NVIDIA’s driver refuses PREEMPT_RT unless IGNORE_PREEMPT_RT_PRESENCE is set. Install the headers too; the kernel that runs now keeps its drivers.'
      : 'Install the headers of the real-time kernel too (linux-headers-rt-amd64, kernel-rt-devel). The kernel that runs now keeps its drivers.')),
  ({ capture }, facts) => luksObstacle(capture, facts),
];

function clockObstacle(boardTime: string | null, takenAt: string): Finding | null {
  if (boardTime === null) return null;
  const laptopTime = takenAt.replace(/^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/, '$1-$2-$3T$4:$5:$6Z');
  const behindSeconds = (Date.parse(laptopTime) - Date.parse(boardTime)) / 1000;
  if (!Number.isFinite(behindSeconds) || Math.abs(behindSeconds) <= clockToleranceSeconds) return null;
  const far = Math.abs(behindSeconds) > 86_400 ? `${Math.round(Math.abs(behindSeconds) / 86_400)} days` : `${Math.round(Math.abs(behindSeconds) / 60)} minutes`;
  const [word, means] = behindSeconds > 0 ? ['behind', 'certificates and package lists count as not valid yet'] : ['ahead of', 'certificates and package lists may count as expired'];
  return finding(Math.abs(behindSeconds) > clockLimitSeconds ? 'error' : 'warning', 'clock-wrong', `board ${boardTime}, this computer ${laptopTime}`, `The board’s clock is ${far} ${word} this computer’s: ${means}.`, 'Set it (timedatectl set-ntp true, or date -s as root). If it is wrong after every start, the battery of its clock is empty.');
}

function roomObstacle(freeSpace: PackagingFacts['freeSpace'], mount: string, neededBytes: number): Finding | null {
  const found = freeSpace.find((space) => space.mount === mount);
  return found === undefined || found.availableBytes >= neededBytes ? null
    : finding('error', 'disk-full', `df ${mount}: ${mib(found.availableBytes)} free`, `${mount === '/' ? 'The root file system' : mount} has ${mib(found.availableBytes)} free; another kernel needs about ${mib(neededBytes)}.`, mount === '/boot'
      ? 'Remove kernels that are neither running nor the default (apt autoremove --purge, dnf remove --oldinstallonly).' : 'Free room: apt-get clean or dnf clean packages, journalctl --vacuum-size=100M.');
}

/** Volumes opened by a key file, a TPM or a network server (clevis, tang) ask nobody. Source: crypttab(5). */
function luksObstacle(capture: Capture, { encryptedVolumes }: PackagingFacts): Finding | null {
  const asking = encryptedVolumes.find((line) => {
    const [, , keyFile = 'none', options = ''] = line.split(/\s+/);
    return (keyFile === 'none' || keyFile === '-') && !/\b(?:noauto|tpm2-device=|fido2-device=|pkcs11-uri=|_netdev|keyscript=)/.test(options);
  });
  const word = /(?:^|\s)((?:rd\.luks\.(?:uuid|name)|cryptdevice|cryptopts)=\S+)/.exec(capture.value('/proc/cmdline') ?? '')?.[1];
  const element = asking === undefined ? word : `/etc/crypttab: ${asking}`;
  return element === undefined ? null
    : finding('warning', 'luks-prompt', element, 'A disk of this board is encrypted: at every start it waits at the console for the passphrase, unless a TPM or a key server opens it. Out of reach, the board would not come back from the restart.', 'Have somebody at the console when it starts again, or set up unattended unlocking first (systemd-cryptenroll with a TPM, clevis, dropbear in the initramfs).');
}

/**
 * What may stop an installation or the start of what was installed, as far as a board's reading tells before anything is
 * done: gravest first. Total.
 */
export function boardObstacles(request: ObstacleRequest): Finding[] {
  const facts = packagingFactsOf(request.capture);
  const found = rules.flatMap((rule) => rule(request, facts) ?? []);
  const weight = { error: 0, warning: 1, note: 2 } as const;
  return found.sort((a, b) => weight[a.severity] - weight[b.severity]);
}
