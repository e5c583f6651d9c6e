import type { PretendLinux } from '../linux/pretend-linux.ts';
import { diskNames } from '../linux/disk-text.ts';

const codeNames: Readonly<Record<string, string>> = { debian10: 'debianbuster', debian11: 'debianbullseye', debian12: 'debianbookworm', debian13: 'debiantrixie', 'ubuntu22.04': 'ubuntujammy', 'ubuntu24.04': 'ubuntunoble' };

const sources = [
  { folder: 'debian.org', pattern: /^debian-(\d+)\.xml$/, name: 'debian' }, { folder: 'ubuntu.com', pattern: /^ubuntu-([\d.]+)\.xml$/, name: 'ubuntu' }, { folder: 'redhat.com', pattern: /^rhel-([\d.]+|\d+-unknown)\.xml$/, name: 'rhel' },
] as const;

/** Systems that the osinfo database of this machine knows: the name, then others for the same. */
export function systemNames(linux: PretendLinux): string[][] {
  const known = ['/usr/share/osinfo/os', '/etc/osinfo/os'].flatMap((base) => sources.flatMap(({ folder, pattern, name }) => diskNames(linux, `${base}/${folder}`, '.xml').flatMap((file) => {
    const version = pattern.exec(file)?.[1];
    return version === undefined ? [] : [`${name}${version}`];
  })));
  return [...new Set([...known, 'debiantesting', 'linux2022', 'linux2020', 'linux2018', 'linux2016', 'generic'])].map((name) => (codeNames[name] === undefined ? [name] : [name, codeNames[name]]));
}
