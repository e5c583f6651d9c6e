import { FileError } from '../files/file-error.ts';
import type { PretendLinux } from './pretend-linux.ts';

/** One group of resctrl: a folder below /sys/fs/resctrl; '' is the default group. */
export interface ResctrlGroup {
  readonly name: string;
  /** Mask or percentage by resource, then by id of the cache. */
  readonly shares: Map<string, Map<number, number>>;
  readonly tasks: Set<number>;
  cpus: readonly number[];
  mode: string;
}

/** Cache and memory bandwidth allocation as the kernel keeps it while resctrl is mounted. */
export class Resctrl {
  readonly #linux: PretendLinux;
  readonly groups = new Map<string, ResctrlGroup>();
  lastStatus = 'ok';
  /** Mounted with `cdp`: code and data have masks of their own. */
  separate = false;

  constructor(linux: PretendLinux) {
    this.#linux = linux;
  }

  get spec(): NonNullable<PretendLinux['spec']['resctrl']> {
    const { resctrl } = this.#linux.spec;
    if (resctrl === undefined) throw new FileError('ENODEV', '/sys/fs/resctrl');
    return resctrl;
  }

  get mounted(): boolean {
    return this.#linux.mounts.has('resctrl');
  }

  mount(options: readonly string[]): void {
    if (this.mounted) throw new FileError('EBUSY', '/sys/fs/resctrl');
    this.separate = options.includes('cdp');
    this.lastStatus = 'ok';
    this.groups.clear();
    this.groups.set('', this.#newGroup(''));
    this.#linux.mounts.add('resctrl');
  }

  /** All groups go with the mount. */
  unmount(): boolean {
    this.groups.clear();
    return this.#linux.mounts.delete('resctrl');
  }

  get caches(): readonly string[] {
    return this.separate ? ['L3CODE', 'L3DATA'] : ['L3'];
  }

  get resources(): readonly string[] {
    return this.spec.memoryBandwidth ? ['MB', ...this.caches] : this.caches;
  }

  get closids(): number {
    return this.separate ? this.spec.closids >> 1 : this.spec.closids;
  }

  get fullMask(): number {
    return parseInt(this.spec.mask, 16);
  }

  /** Ids of the caches: one a socket. */
  get ids(): readonly number[] {
    return [...new Set(this.#linux.spec.cpus.map(({ socket }) => socket))];
  }

  get wayBytes(): number {
    const cache = this.#linux.spec.caches.find(({ level }) => level === 3);
    return ((cache?.sizeKib ?? 0) * 1024) / this.fullMask.toString(2).length;
  }

  get root(): ResctrlGroup {
    const root = this.groups.get('');
    if (root === undefined) throw new FileError('ENOENT', '/sys/fs/resctrl');
    return root;
  }

  make(name: string): ResctrlGroup {
    if (/[\n/]/.test(name)) throw new FileError('EINVAL', name);
    if (this.groups.size >= this.closids) {
      this.lastStatus = 'Out of CLOSIDs';
      throw new FileError('ENOSPC', name);
    }
    const group = this.#newGroup(name);
    this.groups.set(name, group);
    return group;
  }

  /** Tasks and CPUs of the group go back to the default group. */
  remove(name: string): void {
    const group = this.groups.get(name);
    if (group !== undefined) this.root.cpus = [...this.root.cpus, ...group.cpus].sort((one, other) => one - other);
    this.groups.delete(name);
  }

  groupOf(threadId: number): ResctrlGroup | undefined {
    return [...this.groups.values()].find(({ name, tasks }) => name !== '' && tasks.has(threadId)) ?? this.groups.get('');
  }

  tasksOf(group: ResctrlGroup): number[] {
    const all = this.#linux.processes.all().flatMap((process) => process.threads.map(({ tid }) => tid));
    return all.filter((tid) => this.groupOf(tid) === group);
  }

  move(threadId: number, group: ResctrlGroup): void {
    if (this.#linux.processes.ofThread(threadId) === undefined) throw new FileError('ESRCH', 'tasks');
    for (const one of this.groups.values()) one.tasks.delete(threadId);
    if (group.name !== '') group.tasks.add(threadId);
  }

  giveCpus(group: ResctrlGroup, cpus: readonly number[]): void {
    if (cpus.some((cpu) => !this.#linux.online.includes(cpu))) throw this.#refuse('Can only assign online CPUs');
    for (const other of this.groups.values()) if (other !== group) other.cpus = other.cpus.filter((cpu) => !cpus.includes(cpu));
    const freed = group.cpus.filter((cpu) => !cpus.includes(cpu));
    if (group.name === '' && freed.length > 0) throw this.#refuse("Can't drop CPUs from default group");
    group.cpus = cpus;
    if (freed.length > 0) this.root.cpus = [...this.root.cpus, ...freed].sort((one, other) => one - other);
  }

  /** The text of a schemata file; the kernel pads names, masks and percentages. */
  schemata(group: ResctrlGroup): string {
    const digits = Math.ceil(this.fullMask.toString(2).length / 4);
    return this.resources.map((resource) => {
      const values = [...group.shares.get(resource) ?? []].map(([id, value]) => `${id}=${resource === 'MB' ? String(value).padStart(3) : value.toString(16).padStart(digits, '0')}`);
      return `${resource.padStart(6)}:${values.join(';')}\n`;
    }).join('');
  }

  sizes(group: ResctrlGroup): string {
    const size = (resource: string, value: number): number => (resource === 'MB' ? value : value.toString(2).replaceAll('0', '').length * this.wayBytes);
    return this.resources.map((resource) => `${resource.padStart(6)}:${[...group.shares.get(resource) ?? []].map(([id, value]) => `${id}=${size(resource, value)}`).join(';')}\n`).join('');
  }

  /**
   * Takes what is written to a schemata file: lines of one resource each, ids that are not named stay. Nothing of a line
   * with a fault is taken; `last_cmd_status` says which. Source: arch/x86/kernel/cpu/resctrl/ctrlmondata.c.
   */
  write(group: ResctrlGroup, text: string): void {
    this.lastStatus = 'ok';
    if (!text.endsWith('\n')) throw new FileError('EINVAL', 'schemata');
    const staged: { readonly values: Map<number, number>; readonly id: number; readonly value: number }[] = [];
    for (const line of text.slice(0, -1).split('\n')) {
      const colon = line.indexOf(':');
      if (colon < 0) throw this.#refuse("Missing ':'");
      const name = line.slice(0, colon).trim();
      const values = group.shares.get(name);
      if (line.slice(colon + 1).trim() === '') throw this.#refuse(`Missing '${name}' value`);
      if (values === undefined) throw this.#refuse(`Unknown or unsupported resource name '${name}'`);
      for (const part of line.slice(colon + 1).split(';')) {
        const [id = '', value] = part.trim().split('=');
        if (value === undefined || !/^\d+$/.test(id)) throw this.#refuse("Missing '=' or non-numeric domain");
        if (!values.has(Number(id))) throw new FileError('EINVAL', 'schemata');
        staged.push({ values, id: Number(id), value: name === 'MB' ? this.#percentage(value.trim()) : this.#mask(value.trim()) });
      }
    }
    for (const { values, id, value } of staged) values.set(id, value);
  }

  #mask(text: string): number {
    if (!/^(?:0x)?[0-9a-f]+$/i.test(text)) throw this.#refuse(`Non-hex character in the mask ${text}`);
    const mask = parseInt(text, 16);
    if (mask === 0 || mask > this.fullMask) throw this.#refuse('Mask out of range');
    if (!/^1+0*$/.test(mask.toString(2))) throw this.#refuse(`The mask ${mask.toString(16)} has non-consecutive 1-bits`);
    if (mask.toString(2).replaceAll('0', '').length < this.spec.minimumBits) throw this.#refuse(`Need at least ${this.spec.minimumBits} bits in the mask`);
    return mask;
  }

  #percentage(text: string): number {
    if (!/^\d+$/.test(text)) throw this.#refuse(`Non-decimal digit in MB value ${text}`);
    const percent = Number(text);
    if (percent < 10 || percent > 100) throw this.#refuse(`MB value ${percent} out of range [10,100]`);
    return Math.ceil(percent / 10) * 10;
  }

  #refuse(status: string): FileError {
    this.lastStatus = status;
    return new FileError('EINVAL', 'schemata');
  }

  #newGroup(name: string): ResctrlGroup {
    const shares = new Map(this.resources.map((resource) => [resource, new Map(this.ids.map((id) => [id, resource === 'MB' ? 100 : this.fullMask]))]));
    return { name, shares, tasks: new Set(), cpus: name === '' ? [...this.#linux.online] : [], mode: 'shareable' };
  }
}
