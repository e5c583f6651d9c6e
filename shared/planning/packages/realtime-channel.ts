import type { Snapshot } from '../../model/snapshot.ts';
import type { Capture } from '../../parsers/capture.ts';
import { assignments } from '../../parsers/snapshot/read.ts';
import { packagingFactsOf, type PackagingFacts } from './packaging-facts.ts';

/** Where a PREEMPT_RT kernel comes from on one distribution and release. */
export interface RealtimeChannel {
  readonly id: 'debian' | 'ubuntu-pro' | 'ubuntu' | 'rhel' | 'eci';
  readonly packages: readonly string[];
  /** Signed by a key that firmware with Secure Boot knows. */
  readonly signed: boolean;
  readonly why: string;
  readonly notes: readonly string[];
}

/** Why there is no such kernel to be had here as things stand, and what to do. */
export interface NoChannel { readonly why: string; readonly next: string }

export interface ChannelRequest {
  readonly snapshot: Snapshot;
  readonly capture: Capture;
  /** From a folder of packages no source is needed. */
  readonly fromFolder: boolean;
  /** Intel ECI's kernel instead of the distribution's; asked for or, null, as the board's sources say. */
  readonly eci: boolean | null;
}

/** Releases that the ECI guide has packages for, by VERSION_CODENAME. */
const eciReleases = ['bullseye', 'bookworm', 'jammy', 'noble'];

/** The name a Debian or Ubuntu release goes by; null where os-release does not say. */
export const codenameOf = (capture: Capture): string | null =>
  assignments(capture.lines('/etc/os-release') ?? capture.lines('/usr/lib/os-release')).get('VERSION_CODENAME') || null;

export const hasEciSource = ({ sources }: PackagingFacts): boolean => sources.some(({ line }) => line.includes('eci.intel.com'));

/** Total. Sources: DOMAIN 9.2; Intel ECI guide, Host Configuration: Linux Kernel; Ubuntu Pro and RHEL for Real Time documents. */
export function realtimeChannel({ snapshot, capture, fromFolder, eci }: ChannelRequest): RealtimeChannel | NoChannel {
  const facts = packagingFactsOf(capture);
  const { id, versionId, name } = snapshot.distribution;
  if (eci ?? hasEciSource(facts)) return eciChannel(capture, name);
  switch (id) {
    case 'debian': return {
      id: 'debian', signed: true, notes: [],
      packages: ['linux-image-rt-amd64', ...(facts.dkms.length > 0 ? ['linux-headers-rt-amd64'] : [])],
      why: 'Debian’s own PREEMPT_RT kernel, kept up with the distribution.',
    };
    case 'ubuntu': return ubuntuChannel(versionId, facts, fromFolder);
    case 'rhel': case 'almalinux': case 'rocky': case 'centos': return rhelChannel(id, versionId, facts, fromFolder);
    case 'fedora': return { why: 'Fedora has no PREEMPT_RT kernel among its packages.', next: 'Build one from the mainline sources (CONFIG_PREEMPT_RT, from 6.12 on), or use a distribution that has one.' };
    case 'sles': case 'opensuse-leap': case 'opensuse-tumbleweed': case 'sle-micro': case 'sl-micro':
      return { why: `${name ?? 'SUSE'} installs its real-time kernel with zypper or transactional-update, which is not supported here.`, next: 'On the board: sudo zypper install kernel-rt (SUSE Linux Enterprise Real Time), then start it and read the board again.' };
    default: return { why: `Which packages make a PREEMPT_RT kernel on ${name ?? 'this distribution'} is not known here.`, next: 'Install one by hand the distribution’s way, start it and read the board again.' };
  }
}

function eciChannel(capture: Capture, name: string | null): RealtimeChannel | NoChannel {
  const codename = codenameOf(capture);
  if (codename === null || !eciReleases.includes(codename)) {
    return { why: `Intel ECI has no packages for ${name ?? 'this distribution'}.`, next: 'Use Debian 12 or Ubuntu 22.04 or 24.04, or the distribution’s own real-time kernel.' };
  }
  return {
    id: 'eci', packages: ['eci-customizations', 'linux-intel-rt'], signed: false,
    why: 'Intel’s kernel for Edge Controls for Industrial, with the settings of its guide.',
    notes: ['eci-customizations brings a menu entry and a kernel command line of its own (/etc/grub.d/09_eci).'],
  };
}

/** Before 25.04 the real-time kernel is part of Ubuntu Pro; later releases have it in universe. */
function ubuntuChannel(versionId: string | null, { sources }: PackagingFacts, fromFolder: boolean): RealtimeChannel | NoChannel {
  const release = Number(versionId ?? '');
  const packages = ['ubuntu-realtime'];
  if (release >= 25.04) {
    return fromFolder || sources.some(({ line }) => /\buniverse\b/.test(line))
      ? { id: 'ubuntu', packages, signed: true, why: 'Ubuntu’s own PREEMPT_RT kernel.', notes: [] }
      : { why: 'The real-time kernel is in Ubuntu’s component universe, which is switched off here.', next: 'On the board: sudo add-apt-repository universe, then read the board again.' };
  }
  if (!(release >= 22.04)) return { why: `There is no real-time kernel for Ubuntu ${versionId ?? 'of this release'}.`, next: 'Use Ubuntu 22.04 or later.' };
  if (fromFolder || sources.some(({ line }) => line.includes('esm.ubuntu.com/realtime'))) {
    return { id: 'ubuntu-pro', packages, signed: true, why: 'Ubuntu’s PREEMPT_RT kernel, part of Ubuntu Pro.', notes: ['Ubuntu Pro has variants for some hardware: pro enable realtime-kernel --variant intel-iotg.'] };
  }
  return {
    why: `Ubuntu ${versionId ?? ''} has its real-time kernel in Ubuntu Pro, and this machine does not have access to it.`,
    next: 'On the board: sudo pro attach (it asks for the token; do not give it on the command line), sudo pro enable realtime-kernel --access-only, then read the board again. Or install from a folder of packages.',
  };
}

const realtimeRepository = /^(?:rt|nfv|realtime|.*-(?:rt|nfv)-rpms)$/;

function rhelChannel(id: string, versionId: string | null, { repositories, registered, dkms }: PackagingFacts, fromFolder: boolean): RealtimeChannel | NoChannel {
  const major = Number.parseInt(versionId ?? '', 10);
  const found = repositories.filter((repository) => realtimeRepository.test(repository.id));
  if (!fromFolder && id === 'rhel' && !registered && !found.some(({ enabled }) => enabled === true)) {
    return { why: 'This system is not registered with Red Hat: it has no repository with kernel-rt.', next: `On the board: sudo subscription-manager register, then sudo subscription-manager repos --enable rhel-${Number.isNaN(major) ? 9 : major}-for-x86_64-nfv-rpms, and read the board again. Or install from a folder of packages.` };
  }
  if (!fromFolder && repositories.length > 0 && found.length === 0) {
    return { why: 'None of this system’s repositories is one for real-time (rt or nfv).', next: id === 'rhel' ? 'The subscription must include RHEL for Real Time or NFV: ask who manages it.' : 'Install the distribution’s package with its extra repositories, then read the board again.' };
  }
  const off = found.filter(({ enabled }) => enabled !== true).map((repository) => repository.id);
  return {
    id: 'rhel', signed: true,
    packages: ['kernel-rt', ...(major === 8 || major === 9 ? ['kernel-rt-kvm'] : []), ...(dkms.length > 0 ? ['kernel-rt-devel'] : [])],
    why: 'The distribution’s PREEMPT_RT kernel, with the modules for virtual machines.',
    notes: off.length > 0 && found.length === off.length && !fromFolder ? [`The repositories ${off.join(' and ')} are off; they are used for this installation only.`] : [],
  };
}
