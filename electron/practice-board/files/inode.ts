import { FileError } from './file-error.ts';
import { Pipe } from './pipe.ts';

/** Who asks: decides permissions, and what /proc/self is. */
export interface Credentials {
  readonly uid: number;
  readonly gid: number;
  readonly groups: readonly number[];
  readonly pid: number;
}

let lastInodeNumber = 1;

export interface InodeOptions {
  readonly mode?: number;
  readonly uid?: number;
  readonly gid?: number;
}

abstract class InodeBase {
  readonly number = ++lastInodeNumber;
  mode: number;
  uid: number;
  gid: number;
  modifiedMs = Date.now();
  constructor(defaultMode: number, options: InodeOptions = {}) {
    this.mode = options.mode ?? defaultMode;
    this.uid = options.uid ?? 0;
    this.gid = options.gid ?? 0;
  }
}

/** A file with content of its own. Text is latin1: one character per byte, here and everywhere on the practice board. */
export class RegularFile extends InodeBase {
  readonly kind = 'file';
  readonly watchers = new Set<() => void>();
  /** Name of the built-in program that running this file starts. */
  program: string | undefined;
  #bytes = Buffer.alloc(0);
  #size = 0;

  constructor(text = '', options?: InodeOptions) {
    super(0o644, options);
    if (text !== '') this.write(0, text);
  }

  get size(): number {
    return this.#size;
  }

  read(offset: number, length = this.#size - offset): string {
    return offset >= this.#size || length <= 0 ? '' : this.#bytes.toString('latin1', offset, Math.min(this.#size, offset + length));
  }

  write(offset: number, text: string): void {
    const end = offset + text.length;
    if (end > this.#bytes.length) {
      const grown = Buffer.alloc(Math.max(end, this.#bytes.length * 2, 256));
      this.#bytes.copy(grown, 0, 0, this.#size);
      this.#bytes = grown;
    }
    this.#bytes.write(text, offset, 'latin1');
    this.#size = Math.max(this.#size, end);
    this.#changed();
  }

  truncate(size: number): void {
    if (size > this.#size) this.write(this.#size, '\0'.repeat(size - this.#size));
    this.#size = size;
    this.#changed();
  }

  #changed(): void {
    this.modifiedMs = Date.now();
    for (const watcher of [...this.watchers]) watcher();
  }
}

/** A file of /proc or /sys: computed on reading; writing, where allowed, acts. */
export class ComputedFile extends InodeBase {
  readonly kind = 'computed';
  constructor(
    readonly content: (credentials: Credentials) => string,
    readonly accept?: (text: string, credentials: Credentials) => void,
    options?: InodeOptions,
  ) {
    super(accept === undefined ? 0o444 : 0o644, options);
  }
}

/** Entries that come and go by themselves, as /proc/PID does. */
export interface ComputedEntries {
  names(): string[];
  find(name: string): Inode | undefined;
  /** What mkdir and rmdir do there, where they may be used at all: cache groups. */
  make?(name: string): void;
  remove?(name: string): void;
}

export class Folder extends InodeBase {
  readonly kind = 'folder';
  readonly entries = new Map<string, Inode>();
  /** Folders of /proc and /sys: nobody makes or removes entries. */
  sealed = false;
  constructor(options?: InodeOptions, readonly computed?: ComputedEntries) {
    super(0o755, options);
  }

  find(name: string): Inode | undefined {
    return this.entries.get(name) ?? this.computed?.find(name);
  }

  names(): string[] {
    return [...(this.computed?.names() ?? []), ...this.entries.keys()];
  }
}

export class Link extends InodeBase {
  readonly kind = 'link';
  constructor(readonly target: (credentials: Credentials) => string, options?: InodeOptions) {
    super(0o777, options);
  }
}

export class Fifo extends InodeBase {
  readonly kind = 'fifo';
  readonly pipe = new Pipe();
  /** Those who wait in open() for the other end. */
  readonly waitingReaders = new Set<() => void>();
  readonly waitingWriters = new Set<() => void>();
  constructor(options?: InodeOptions) {
    super(0o644, options);
  }
}

/** A local socket. Nobody answers: programs of the practice board speak to their daemons directly. */
export class Socket extends InodeBase {
  readonly kind = 'socket';
  constructor(options?: InodeOptions) {
    super(0o666, options);
  }
}

export interface DeviceHandlers {
  read?(length: number): string;
  write?(text: string): void;
  /** Called when a description is opened; the returned function when it is closed. */
  hold?(): () => void;
}

export class Device extends InodeBase {
  readonly kind = 'device';
  constructor(readonly handlers: DeviceHandlers, options?: InodeOptions) {
    super(0o666, options);
  }
}

export type Inode = RegularFile | ComputedFile | Folder | Link | Fifo | Device | Socket;

export type Access = 'read' | 'write' | 'execute';
const bits = { read: 4, write: 2, execute: 1 } as const;

/** POSIX permission check; root passes, save for executing a file nobody may execute. */
export function mayAccess(inode: Inode, who: Credentials, access: Access): boolean {
  const bit = bits[access];
  if (who.uid === 0) return access !== 'execute' || inode.kind === 'folder' || (inode.mode & 0o111) !== 0;
  const shift = inode.uid === who.uid ? 6 : inode.gid === who.gid || who.groups.includes(inode.gid) ? 3 : 0;
  return ((inode.mode >> shift) & bit) !== 0;
}

export function requireAccess(inode: Inode, who: Credentials, access: Access, path: string): void {
  if (!mayAccess(inode, who, access)) throw new FileError('EACCES', path);
}
