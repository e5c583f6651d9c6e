import type { Process } from '../processes/process.ts';
import { diskNames, diskText } from './disk-text.ts';
import { rootCredentials, type PretendLinux } from './pretend-linux.ts';
import { TreeBuilder } from './tree-builder.ts';
import { UnitFile } from './unit-file.ts';

export interface Unit {
  readonly name: string;
  description: string;
  active: 'active' | 'activating' | 'inactive' | 'failed' | 'deactivating';
  sub: string;
  result: string;
  mainPid: number;
  exitCode: number;
  exitStatus: number;
  startedMs: number;
  endedMs: number;
  /** Made by systemd-run: forgotten once it has ended, unless it failed or is to remain. */
  readonly transient: boolean;
  readonly remainAfterExit: boolean;
  readonly collect: boolean;
  readonly invocationId: string;
  main: Process | undefined;
}

export type UnitFileState = 'enabled' | 'disabled' | 'static' | 'masked' | 'transient';

const etc = '/etc/systemd/system';
/** Where unit files lie; the first that has one counts. */
const folders = [etc, '/run/systemd/system', '/usr/lib/systemd/system'];

const isStartable = (name: string): boolean => /\.(?:service|timer|socket|mount)$/.test(name);

/** The units systemd knows: those of the disk, loaded when they are asked for, and transient ones. */
export class Units {
  readonly #linux: PretendLinux;
  readonly #units = new Map<string, Unit>();
  /** Unit files as they were read; `reload` reads them again. */
  readonly #files = new Map<string, UnitFile>();

  constructor(linux: PretendLinux) {
    this.#linux = linux;
  }

  add(unit: Pick<Unit, 'name' | 'description' | 'transient' | 'remainAfterExit' | 'collect' | 'invocationId'>): Unit {
    const added: Unit = { ...unit, active: 'inactive', sub: 'dead', result: 'success', mainPid: 0, exitCode: 0, exitStatus: 0, startedMs: 0, endedMs: 0, main: undefined };
    this.#units.set(unit.name, added);
    return added;
  }

  all(): Unit[] {
    for (const name of folders.flatMap((folder) => diskNames(this.#linux, folder, '')).filter(isStartable)) this.find(name);
    return [...this.#units.values()];
  }

  /** Finds `ssh`, `ssh.service`. */
  find(name: string): Unit | undefined {
    const full = /\.(service|scope|timer|socket|target|path|mount)$/.test(name) ? name : `${name}.service`;
    const known = this.#units.get(full);
    if (known !== undefined && (known.transient || known.active !== 'inactive' || this.pathOf(full) !== undefined)) return known;
    if (this.pathOf(full) === undefined) return undefined;
    return known ?? this.add({ name: full, description: this.file(full).one('Unit', 'Description') ?? full, transient: false, remainAfterExit: false, collect: false, invocationId: '' });
  }

  /** Where a unit's file lies; undefined when it has none. */
  pathOf(name: string): string | undefined {
    return folders.map((folder) => `${folder}/${name}`).find((path) => this.#linux.files.exists(path, rootCredentials) || this.#linkTarget(path) !== undefined);
  }

  /** The unit's file as it was when systemd read it. */
  file(name: string): UnitFile {
    let file = this.#files.get(name);
    if (file === undefined) {
      file = new UnitFile(diskText(this.#linux, this.pathOf(name) ?? ''));
      this.#files.set(name, file);
    }
    return file;
  }

  /** What daemon-reload does. */
  reload(): void {
    this.#files.clear();
    for (const unit of this.#units.values()) if (!unit.transient) unit.description = this.file(unit.name).one('Unit', 'Description') ?? unit.description;
  }

  /** As is-enabled says it; undefined without a unit file. */
  fileState(name: string): UnitFileState | undefined {
    if (this.#units.get(name)?.transient === true) return 'transient';
    const path = this.pathOf(name);
    if (path === undefined) return undefined;
    if (this.#linkTarget(path) === '/dev/null') return 'masked';
    if (this.#wants().some((folder) => this.#linkTarget(`${folder}/${name}`) !== undefined)) return 'enabled';
    return new UnitFile(diskText(this.#linux, path)).has('Install') ? 'disabled' : 'static';
  }

  /** Units that a boot starts, those of sysinit.target first. */
  wanted(): string[] {
    const early = (folder: string): number => (/\/(?:sysinit|basic|local-fs)\.target\./.test(folder) ? 0 : 1);
    const names = this.#wants().sort((one, other) => early(one) - early(other)).flatMap((folder) => diskNames(this.#linux, folder, '').filter(isStartable));
    return [...new Set(names)].filter((name) => this.fileState(name) !== 'masked' && this.pathOf(name) !== undefined);
  }

  /** Makes the links of [Install]; gives what systemctl says of each. */
  enable(name: string): string[] {
    const path = this.pathOf(name) ?? '';
    const install = new UnitFile(diskText(this.#linux, path));
    const links = [...install.all('Install', 'WantedBy').map((words) => [words, 'wants'] as const), ...install.all('Install', 'RequiredBy').map((words) => [words, 'requires'] as const)]
      .flatMap(([words, kind]) => words.split(/\s+/).map((target) => `${etc}/${target}.${kind}/${name}`)).filter((link) => this.#linkTarget(link) === undefined);
    for (const link of links) new TreeBuilder(this.#linux.files.root).link(link, path);
    return links.map((link) => `Created symlink ${link} -> ${path}.`);
  }

  disable(name: string): string[] {
    const links = this.#wants().map((folder) => `${folder}/${name}`).filter((link) => this.#linkTarget(link) !== undefined);
    for (const link of links) this.#linux.files.remove(link, rootCredentials, 'file');
    return links.map((link) => `Removed "${link}".`);
  }

  mask(name: string): void {
    new TreeBuilder(this.#linux.files.root).link(`${etc}/${name}`, '/dev/null');
  }

  unmask(name: string): void {
    if (this.#linkTarget(`${etc}/${name}`) === '/dev/null') this.#linux.files.remove(`${etc}/${name}`, rootCredentials, 'file');
  }

  isActive(name: string): boolean {
    return this.find(name)?.active === 'active';
  }

  forget(unit: Unit): void {
    if (this.#units.get(unit.name) === unit) this.#units.delete(unit.name);
  }

  #wants(): string[] {
    return diskNames(this.#linux, etc, '').filter((name) => /\.(?:wants|requires)$/.test(name)).map((name) => `${etc}/${name}`);
  }

  #linkTarget(path: string): string | undefined {
    try {
      const inode = this.#linux.files.find(path, rootCredentials, false);
      return inode.kind === 'link' ? inode.target(rootCredentials) : undefined;
    } catch {
      return undefined;
    }
  }
}
