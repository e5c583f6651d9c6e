import { installKernel, removeKernel } from './kernels.ts';
import type { ArchivePackage } from './machine-spec.ts';
import type { PretendLinux } from './pretend-linux.ts';
import { TreeBuilder } from './tree-builder.ts';

/** What one run of the package manager would do. */
export interface PackagePlan {
  readonly install: readonly ArchivePackage[];
  /** Of those, packages nobody named: they are needed by others. */
  readonly additional: readonly string[];
  readonly remove: readonly string[];
}

/** A package of the archive by name; `version` must fit when it is given. */
export const archivePackage = ({ spec }: PretendLinux, name: string, version?: string): ArchivePackage | undefined =>
  spec.archive?.find((one) => one.name === name && (version === undefined || one.version === version));

/** Resolves what is needed and not there; gives the name that cannot be found instead. */
export function planPackages(linux: PretendLinux, wanted: readonly { readonly name: string; readonly version?: string }[], unwanted: readonly string[]): PackagePlan | string {
  const install = new Map<string, ArchivePackage>();
  const missing: string[] = [];
  const add = (name: string, version?: string): void => {
    if (install.has(name) || (linux.packages.has(name) && (version === undefined || linux.packages.get(name) === version))) return;
    const found = archivePackage(linux, name, version);
    if (found === undefined) {
      missing.push(version === undefined ? name : `${name}=${version}`);
      return;
    }
    for (const needed of found.depends ?? []) add(needed);
    install.set(name, found);
  };
  for (const { name, version } of wanted) add(name, version);
  if (missing[0] !== undefined) return missing[0];
  const gone = unwanted.filter((name) => linux.packages.has(name));
  const dependents = [...linux.packages.keys()].filter((name) => !gone.includes(name) && archivePackage(linux, name)?.depends?.some((needed) => gone.includes(needed)) === true);
  const named = new Set(wanted.map(({ name }) => name));
  return { install: [...install.values()], additional: [...install.keys()].filter((name) => !named.has(name)), remove: [...dependents, ...gone] };
}

/** Puts a package on the disk: its kernel, its programs, its line in the database. */
export function installPackage(linux: PretendLinux, { name, version, kernel, programs }: ArchivePackage): void {
  linux.packages.set(name, version);
  if (kernel !== undefined) installKernel(linux, kernel);
  for (const program of programs ?? []) linux.installProgram(program);
  writePackageDatabase(linux);
}

export function removePackage(linux: PretendLinux, name: string): void {
  const found = archivePackage(linux, name);
  linux.packages.delete(name);
  const kernel = found?.kernel ?? (name.endsWith(linux.spec.kernel.release) ? linux.spec.kernel : undefined);
  if (kernel !== undefined) removeKernel(linux, kernel.release);
  for (const program of found?.programs ?? []) linux.removeProgram(program);
  writePackageDatabase(linux);
}

/** The installed package a file belongs to, as far as kernels and programs go. */
export function ownerOf(linux: PretendLinux, path: string): string | undefined {
  const last = path.split('/').at(-1) ?? '';
  const release = /^\/(?:boot\/(?:vmlinuz|config|System\.map)-|lib\/modules\/)([^/]+)/.exec(path)?.[1];
  return [...linux.packages.keys()].find((name) => {
    const found = archivePackage(linux, name);
    return release === undefined ? found?.programs?.includes(last) === true : found?.kernel?.release === release || name === `linux-image-${release}`;
  }) ?? (release === linux.spec.kernel.release && linux.packages.has('kernel-rt-core') ? 'kernel-rt-core' : undefined);
}

/** /var/lib/dpkg/status; the RPM database is not a text. */
export function writePackageDatabase(linux: PretendLinux): void {
  if (linux.spec.distribution.packages !== 'dpkg') return;
  new TreeBuilder(linux.files.root).text('/var/lib/dpkg/status', [...linux.packages].map(([name, version]) => `Package: ${name}\nStatus: install ok installed\nPriority: optional\nArchitecture: amd64\nVersion: ${version}\n`).join('\n'));
}
