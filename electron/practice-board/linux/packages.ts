import { installKernel, removeKernel } from './kernels.ts';
import type { ArchivePackage, ServiceSpec } from './machine-spec.ts';
import { rootCredentials, type PretendLinux } from './pretend-linux.ts';
import { startUnit, stopUnit } from './run-units.ts';
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
export function installPackage(linux: PretendLinux, one: ArchivePackage): void {
  linux.packages.set(one.name, one.version);
  if (one.kernel !== undefined) installKernel(linux, one.kernel);
  for (const program of one.programs ?? []) linux.installProgram(program);
  unpackFiles(linux, one);
  writePackageDatabase(linux);
  for (const { name } of one.sockets ?? []) {
    const unit = linux.units.find(`${name}.socket`);
    if (unit !== undefined) void startUnit(linux, unit);
  }
  for (const { name, enabled, active } of one.services ?? []) {
    const unit = linux.units.find(name);
    if (enabled && active !== false && unit !== undefined) void startUnit(linux, unit);
  }
}

/** Accounts, files and units of a package. Files that are there stay, as a package's configuration does. */
export function unpackFiles(linux: PretendLinux, { users, groups, files, services, sockets, privateFolders }: ArchivePackage): void {
  const tree = new TreeBuilder(linux.files.root);
  for (const line of groups ?? []) linux.accounts.add('group', line);
  for (const line of users ?? []) linux.accounts.add('passwd', line);
  for (const [path, text] of Object.entries(files ?? {})) {
    if (path.endsWith('/')) tree.folder(path);
    else if (!linux.files.exists(path, rootCredentials)) tree.text(path, text);
  }
  for (const path of privateFolders ?? []) tree.folder(path).mode = 0o700;
  for (const { name, description } of sockets ?? []) {
    tree.text(`/usr/lib/systemd/system/${name}.socket`, `[Unit]\nDescription=${description}\n\n[Socket]\nListenStream=/run/libvirt/${name}\n\n[Install]\nWantedBy=sockets.target\n`);
    tree.link(`/etc/systemd/system/sockets.target.wants/${name}.socket`, `/usr/lib/systemd/system/${name}.socket`);
  }
  for (const service of services ?? []) {
    installService(tree, service);
    linux.units.reload();
  }
}

export function installService(tree: TreeBuilder, { name, description, command, enabled }: ServiceSpec): void {
  tree.text(`/usr/lib/systemd/system/${name}.service`, `[Unit]\nDescription=${description}\n\n[Service]\nExecStart=${command ?? `/usr/sbin/${name}`}\n\n[Install]\nWantedBy=multi-user.target\n`);
  if (enabled) tree.link(`/etc/systemd/system/multi-user.target.wants/${name}.service`, `/usr/lib/systemd/system/${name}.service`);
}

export function removePackage(linux: PretendLinux, name: string): void {
  const found = archivePackage(linux, name);
  linux.packages.delete(name);
  const kernel = found?.kernel ?? (name.endsWith(linux.spec.kernel.release) ? linux.spec.kernel : undefined);
  if (kernel !== undefined) removeKernel(linux, kernel.release);
  for (const program of found?.programs ?? []) linux.removeProgram(program);
  for (const name of [...(found?.sockets ?? []).map((one) => `${one.name}.socket`), ...(found?.services ?? []).map((one) => `${one.name}.service`)]) {
    const unit = linux.units.find(name);
    if (unit === undefined) continue;
    void stopUnit(linux, unit);
    linux.units.disable(unit.name);
    linux.files.remove(`/usr/lib/systemd/system/${unit.name}`, rootCredentials, 'file');
    linux.units.reload();
  }
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
