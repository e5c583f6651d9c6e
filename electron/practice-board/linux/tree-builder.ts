import { ComputedFile, Folder, Link, RegularFile, type Credentials, type Inode, type InodeOptions } from '../files/inode.ts';

/** Puts files into a tree while it is being made, without permission checks. */
export class TreeBuilder {
  constructor(readonly root: Folder, readonly sealed = false) {}

  folder(path: string, options?: InodeOptions): Folder {
    let folder = this.root;
    for (const part of path.split('/').filter((one) => one !== '')) {
      const next = folder.entries.get(part) ?? new Folder(options);
      if (next.kind !== 'folder') throw new Error(`${path}: not a folder`);
      if (!folder.entries.has(part)) {
        next.sealed = this.sealed;
        folder.entries.set(part, next);
      }
      folder = next;
    }
    return folder;
  }

  put(path: string, inode: Inode): void {
    const cut = path.lastIndexOf('/');
    this.folder(path.slice(0, cut)).entries.set(path.slice(cut + 1), inode);
  }

  /** A text file. A final newline is added when it lacks one. */
  text(path: string, text: string, options?: InodeOptions): void {
    this.put(path, new RegularFile(text === '' || text.endsWith('\n') ? text : `${text}\n`, options));
  }

  /** A file computed on reading: one value, newline added. */
  value(path: string, value: string | number | ((credentials: Credentials) => string | number), options?: InodeOptions): void {
    this.put(path, new ComputedFile((who) => `${typeof value === 'function' ? value(who) : value}\n`, undefined, options));
  }

  /** A value that can be written: `accept` gets the trimmed text and may throw FileError. */
  knob(path: string, read: () => string | number, accept: (text: string) => void, options?: InodeOptions): void {
    this.put(path, new ComputedFile(() => `${read()}\n`, (text) => accept(text.trim()), options));
  }

  computed(path: string, content: (credentials: Credentials) => string, options?: InodeOptions): void {
    this.put(path, new ComputedFile(content, undefined, options));
  }

  link(path: string, target: string): void {
    this.put(path, new Link(() => target));
  }
}
