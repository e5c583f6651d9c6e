import type { Capture } from '../../parsers/capture.ts';
import { assignments, naturalNumber } from '../../parsers/snapshot/read.ts';

interface FileLine { readonly file: string; readonly line: string }

/** What bears on installing packages, from a capture. Captures of older probes tell less: then it is null or empty. */
export interface PackagingFacts {
  readonly manager: 'apt' | 'dnf' | 'zypper' | 'pacman' | 'apk' | null;
  /** Lines that name APT's sources. */
  readonly sources: readonly FileLine[];
  /** Repositories of the RHEL family; `enabled` is null where the file does not say. */
  readonly repositories: ReadonlyArray<{ readonly id: string; readonly enabled: boolean | null }>;
  /** Those without a password: lines with one are never read. */
  readonly proxies: readonly FileLine[];
  /** Packages that dpkg left half installed or half configured. */
  readonly unfinished: number;
  /** The root file system: source, kind, options. */
  readonly root: { readonly line: string; readonly kind: string; readonly readOnly: boolean } | null;
  /** The system comes as an image (ostree). */
  readonly imageBased: boolean;
  readonly freeSpace: ReadonlyArray<{ readonly mount: string; readonly availableBytes: number }>;
  /** Lines of /etc/crypttab. */
  readonly encryptedVolumes: readonly string[];
  /** Drivers that are built anew for every kernel. */
  readonly dkms: readonly string[];
  /** A subscription is registered: Red Hat's or Ubuntu Pro. */
  readonly registered: boolean;
  /** /etc/sysconfig/kernel of the RHEL family. */
  readonly kernelDefaults: ReadonlyMap<string, string> | null;
}

/** Total. */
export function packagingFactsOf(capture: Capture): PackagingFacts {
  const status = capture.lines('/var/lib/dpkg/status') ?? [];
  const kernelDefaults = capture.lines('/etc/sysconfig/kernel');
  return {
    manager: managerOf(capture),
    sources: linesOf(capture, /^\/etc\/apt\/(?:sources\.list$|sources\.list\.d\/)/, /^\s*(?:deb |(?:Types|URIs|Suites|Components|Enabled|Signed-By):)/),
    repositories: repositoriesOf(capture),
    proxies: linesOf(capture, /^\/etc\/(?:apt\/apt\.conf|dnf\/dnf\.conf$|environment$)/, /proxy/i),
    unfinished: status.filter((line) => /^Status: .* (?:half-installed|half-configured|unpacked)$/.test(line)).length,
    root: rootOf(capture),
    imageBased: capture.exists('/run/ostree-booted'),
    freeSpace: freeSpaceOf(capture),
    encryptedVolumes: (capture.lines('/etc/crypttab') ?? []).map((line) => line.trim()).filter((line) => line !== '' && !line.startsWith('#')),
    dkms: capture.names(/^\/var\/lib\/dkms\/[a-z0-9][^/]*$/i).map((path) => path.slice('/var/lib/dkms/'.length)).filter((name) => !name.startsWith('mok.')).sort(),
    registered: capture.exists('/etc/pki/consumer/cert.pem') || capture.exists('/var/lib/ubuntu-advantage/machine-token.json'),
    kernelDefaults: kernelDefaults === undefined ? null : assignments(kernelDefaults),
  };
}

const linesOf = (capture: Capture, files: RegExp, wanted: RegExp): FileLine[] => capture.paths(files).sort()
  .flatMap((file) => (capture.lines(file) ?? []).filter((line) => wanted.test(line)).map((line) => ({ file, line: line.trim() })));

function managerOf(capture: Capture): PackagingFacts['manager'] {
  if (capture.exists('/var/lib/dpkg/status')) return 'apt';
  if (capture.exists('/lib/apk/db/installed')) return 'apk';
  return (['dnf', 'zypper', 'pacman'] as const).find((name) => capture.exists(`/usr/bin/${name}`))
    ?? (capture.exists('/etc/redhat-release') || capture.command('rpm') !== undefined ? 'dnf' : null);
}

function repositoriesOf(capture: Capture): PackagingFacts['repositories'] {
  return capture.paths(/^\/etc\/yum\.repos\.d\//).sort().flatMap((file) => {
    const found: Array<{ id: string; enabled: boolean | null }> = [];
    for (const line of capture.lines(file) ?? []) {
      const id = /^\[([^\]]+)\]$/.exec(line.trim())?.[1];
      const enabled = /^enabled *= *([01])/.exec(line.trim())?.[1];
      const last = found.at(-1);
      if (id !== undefined) found.push({ id, enabled: null });
      else if (enabled !== undefined && last) last.enabled = enabled === '1';
    }
    return found;
  });
}

/** The last file system mounted on `/` is the one that is seen. */
function rootOf(capture: Capture): PackagingFacts['root'] {
  const line = capture.lines('/proc/mounts')?.findLast((candidate) => candidate.split(' ')[1] === '/');
  if (line === undefined) return null;
  const [, , kind = '', options = ''] = line.split(' ');
  return { line, kind, readOnly: options.split(',')[0] === 'ro' };
}

/** `df -Pk`: device, KiB, used, available, per cent, mount. One that stands there twice is told once. */
function freeSpaceOf(capture: Capture): PackagingFacts['freeSpace'] {
  const found = new Map<string, number>();
  for (const line of capture.command('df')?.lines ?? []) {
    const match = /\s(-?\d+)\s+\d+%\s+(\/.*)$/.exec(line);
    const kib = naturalNumber(match?.[1]);
    if (kib !== null && match?.[2] !== undefined) found.set(match[2], kib * 1024);
  }
  return [...found].map(([mount, availableBytes]) => ({ mount, availableBytes }));
}
