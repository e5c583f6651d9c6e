import { FileError } from './file-error.ts';
import { Fifo, Folder, Link, RegularFile, requireAccess, type Credentials, type Inode } from './inode.ts';
import { OpenComputedFile, OpenDevice, OpenPipe, OpenRegularFile, type OpenFile } from './open-file.ts';

export interface OpenRequest {
  readonly read?: boolean;
  readonly write?: boolean;
  readonly append?: boolean;
  readonly create?: boolean;
  readonly truncate?: boolean;
  readonly exclusive?: boolean;
  /** O_NONBLOCK: matters for named pipes only. */
  readonly nonBlocking?: boolean;
  readonly mode?: number;
}

interface Place {
  readonly folder: Folder;
  readonly name: string;
  readonly inode: Inode | undefined;
}

export const normalPath = (path: string): string => {
  const parts: string[] = [];
  for (const part of path.split('/')) {
    if (part === '..') parts.pop();
    else if (part !== '' && part !== '.') parts.push(part);
  }
  return `/${parts.join('/')}`;
};

/** The file tree of one pretend machine. Paths are absolute; every method throws FileError with the path as given. */
export class FileTree {
  readonly root = new Folder();
  /** True while the disk takes no more data (a fault to practise with). */
  full = false;

  /** The inode at `path`. `follow` false gives a link itself. */
  find(path: string, who: Credentials, follow = true): Inode {
    const { inode } = this.#place(path, who, follow);
    if (inode === undefined) throw new FileError('ENOENT', path);
    return inode;
  }

  exists(path: string, who: Credentials): boolean {
    try {
      this.find(path, who);
      return true;
    } catch {
      return false;
    }
  }

  /** Absolute path with all links resolved; the last component may be missing when `allowMissing`. */
  realPath(path: string, who: Credentials, allowMissing = false): string {
    return this.#walk(path, who, true, path, 0, allowMissing).path;
  }

  list(path: string, who: Credentials): string[] {
    const inode = this.find(path, who);
    if (inode.kind !== 'folder') throw new FileError('ENOTDIR', path);
    requireAccess(inode, who, 'read', path);
    return inode.names();
  }

  async open(path: string, who: Credentials, request: OpenRequest, stop: AbortSignal): Promise<OpenFile> {
    const place = this.#place(path, who, true);
    let inode = place.inode;
    if (inode === undefined) {
      if (request.create !== true) throw new FileError('ENOENT', path);
      inode = new RegularFile('', { mode: request.mode ?? 0o644, uid: who.uid, gid: who.gid });
      this.#add(place, inode, who, path);
    } else {
      if (request.exclusive === true) throw new FileError('EEXIST', path);
      if (request.write === true && inode.kind === 'folder') throw new FileError('EISDIR', path);
      if (request.read === true) requireAccess(inode, who, 'read', path);
      if (request.write === true) requireAccess(inode, who, 'write', path);
    }
    return this.openInode(inode, path, who, request, stop);
  }

  async openInode(inode: Inode, path: string, who: Credentials, request: OpenRequest, stop: AbortSignal): Promise<OpenFile> {
    switch (inode.kind) {
      case 'file':
        if (request.truncate === true) inode.truncate(0);
        return new OpenRegularFile(path, inode, { read: request.read ?? false, write: request.write ?? false, append: request.append ?? false }, () => this.full);
      case 'computed':
        return new OpenComputedFile(path, inode, who);
      case 'device':
        return new OpenDevice(path, inode);
      case 'fifo':
        return openFifo(inode, path, request, stop);
      case 'socket':
        throw new FileError('ENXIO', path);
      default:
        throw new FileError('EISDIR', path);
    }
  }

  makeFolder(path: string, who: Credentials, mode = 0o755): Folder {
    const place = this.#newPlace(path, who);
    const { computed } = place.folder;
    if (computed?.make !== undefined) {
      requireAccess(place.folder, who, 'write', path);
      computed.make(place.name);
      const made = place.folder.find(place.name);
      if (made?.kind === 'folder') return made;
    }
    const folder = new Folder({ mode, uid: who.uid, gid: who.gid });
    this.#add(place, folder, who, path);
    return folder;
  }

  add(path: string, inode: Inode, who: Credentials): void {
    this.#add(this.#newPlace(path, who), inode, who, path);
  }

  makeFifo(path: string, who: Credentials, mode = 0o644): Fifo {
    const fifo = new Fifo({ mode, uid: who.uid, gid: who.gid });
    this.add(path, fifo, who);
    return fifo;
  }

  makeLink(target: string, path: string, who: Credentials): void {
    this.add(path, new Link(() => target, { uid: who.uid, gid: who.gid }), who);
  }

  remove(path: string, who: Credentials, what: 'file' | 'folder'): void {
    const place = this.#place(path, who, false);
    if (place.inode === undefined) throw new FileError('ENOENT', path);
    if (what === 'file' && place.inode.kind === 'folder') throw new FileError('EISDIR', path);
    if (what === 'folder') {
      if (place.inode.kind !== 'folder') throw new FileError('ENOTDIR', path);
      const { computed } = place.folder;
      if (computed?.remove !== undefined) {
        requireAccess(place.folder, who, 'write', path);
        computed.remove(place.name);
        return;
      }
      if (place.inode.names().length > 0) throw new FileError('ENOTEMPTY', path);
    }
    this.#mayChange(place.folder, who, path, place.inode);
    place.folder.entries.delete(place.name);
    if (place.inode.kind === 'file') for (const watcher of [...place.inode.watchers]) watcher();
  }

  rename(from: string, to: string, who: Credentials): void {
    const source = this.#place(from, who, false);
    if (source.inode === undefined) throw new FileError('ENOENT', from);
    const target = this.#place(to, who, false);
    if (source.inode === target.inode) return;
    if (target.inode?.kind === 'folder' && (source.inode.kind !== 'folder' || target.inode.names().length > 0)) {
      throw new FileError(source.inode.kind === 'folder' ? 'ENOTEMPTY' : 'EISDIR', to);
    }
    this.#mayChange(source.folder, who, from, source.inode);
    this.#mayChange(target.folder, who, to, target.inode);
    source.folder.entries.delete(source.name);
    target.folder.entries.set(target.name, source.inode);
  }

  #newPlace(path: string, who: Credentials): Place {
    const place = this.#place(path, who, false);
    if (place.inode !== undefined) throw new FileError('EEXIST', path);
    return place;
  }

  #add(place: Place, inode: Inode, who: Credentials, path: string): void {
    this.#mayChange(place.folder, who, path, undefined);
    if (this.full && inode.kind !== 'fifo') throw new FileError('ENOSPC', path);
    place.folder.entries.set(place.name, inode);
    place.folder.modifiedMs = Date.now();
  }

  #mayChange(folder: Folder, who: Credentials, path: string, victim: Inode | undefined): void {
    if (folder.sealed) throw new FileError(who.uid === 0 ? 'EPERM' : 'EACCES', path);
    requireAccess(folder, who, 'write', path);
    const sticky = (folder.mode & 0o1000) !== 0;
    if (sticky && victim !== undefined && who.uid !== 0 && victim.uid !== who.uid && folder.uid !== who.uid) throw new FileError('EPERM', path);
  }

  #place(path: string, who: Credentials, follow: boolean): Place {
    return this.#walk(path, who, follow, path, 0, true).place;
  }

  #walk(path: string, who: Credentials, follow: boolean, original: string, depth: number, allowMissing: boolean): { place: Place; path: string } {
    if (depth > 40) throw new FileError('ELOOP', original);
    if (path === '') throw new FileError('ENOENT', original);
    const parts = path.split('/').filter((part) => part !== '' && part !== '.');
    const mustBeFolder = path.endsWith('/') || path.endsWith('/.');
    const trail: Folder[] = [this.root];
    const names: string[] = [];
    for (const [index, part] of parts.entries()) {
      const last = index === parts.length - 1;
      const folder = trail.at(-1) ?? this.root;
      requireAccess(folder, who, 'execute', original);
      if (part === '..') {
        if (trail.length > 1) {
          trail.pop();
          names.pop();
        }
        continue;
      }
      const inode = folder.find(part);
      if (inode?.kind === 'link' && (!last || follow || mustBeFolder)) {
        const target = inode.target(who);
        const base = target.startsWith('/') ? target : `/${names.join('/')}/${target}`;
        const rest = parts.slice(index + 1).join('/');
        return this.#walk(`${base}${rest === '' ? '' : `/${rest}`}${mustBeFolder ? '/' : ''}`, who, follow, original, depth + 1, allowMissing);
      }
      if (last) {
        if (inode === undefined && !allowMissing) throw new FileError('ENOENT', original);
        if (mustBeFolder && inode !== undefined && inode.kind !== 'folder') throw new FileError('ENOTDIR', original);
        return { place: { folder, name: part, inode }, path: `/${[...names, part].join('/')}` };
      }
      if (inode === undefined) throw new FileError('ENOENT', original);
      if (inode.kind !== 'folder') throw new FileError('ENOTDIR', original);
      trail.push(inode);
      names.push(part);
    }
    const folder = trail.at(-1) ?? this.root;
    return { place: { folder: trail.at(-2) ?? this.root, name: names.at(-1) ?? '', inode: folder }, path: `/${names.join('/')}` };
  }
}

/** Opening a named pipe waits for the other end, as POSIX has it; read-write never waits. */
async function openFifo(fifo: Fifo, path: string, request: OpenRequest, stop: AbortSignal): Promise<OpenFile> {
  const ends = request.read === true && request.write === true ? 'both' : request.write === true ? 'write' : 'read';
  if (ends === 'write' && request.nonBlocking === true && fifo.pipe.readers === 0) throw new FileError('ENXIO', path);
  const ours = new OpenPipe(path, fifo.pipe, ends, fifo);
  if (ends !== 'read') for (const wake of [...fifo.waitingReaders]) wake();
  if (ends !== 'write') for (const wake of [...fifo.waitingWriters]) wake();
  if (ends === 'both' || request.nonBlocking === true) return ours;
  const others = ends === 'write' ? fifo.pipe.readers : fifo.pipe.writers;
  if (others === 0) await untilOpened(ends === 'write' ? fifo.waitingWriters : fifo.waitingReaders, stop);
  if (stop.aborted) {
    ours.release();
    throw new FileError('EIO', path);
  }
  return ours;
}

function untilOpened(waiting: Set<() => void>, stop: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const wake = (): void => {
      waiting.delete(wake);
      stop.removeEventListener('abort', wake);
      resolve();
    };
    waiting.add(wake);
    stop.addEventListener('abort', wake);
  });
}
