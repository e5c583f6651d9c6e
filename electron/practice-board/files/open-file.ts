import { FileError } from './file-error.ts';
import type { ComputedFile, Credentials, Device, Inode, RegularFile } from './inode.ts';
import type { Pipe } from './pipe.ts';

/** What a file descriptor refers to. Shared by dup and fork through `retain`; the last `release` closes it. */
export abstract class OpenFile {
  #references = 1;
  constructor(readonly path: string, readonly inode?: Inode) {}

  retain(): this {
    this.#references += 1;
    return this;
  }

  release(): void {
    this.#references -= 1;
    if (this.#references === 0) this.close();
  }

  /** '' at the end of the file, or when `stop` fires. */
  abstract read(length: number, stop: AbortSignal): Promise<string>;
  abstract write(text: string, stop: AbortSignal): Promise<void>;
  protected abstract close(): void;
  /** Gives bytes back that were read but not used, so that the next reader of this descriptor gets them. */
  unread(text: string): void {
    if (text !== '') throw new FileError('EINVAL', this.path);
  }
  get terminal(): boolean {
    return false;
  }
  /** Settles when writing here has become pointless (the reader has gone); never for plain files. */
  broken(stop: AbortSignal): Promise<void> {
    return new Promise((resolve) => stop.addEventListener('abort', () => resolve(), { once: true }));
  }
}

export interface OpenMode {
  readonly read: boolean;
  readonly write: boolean;
  readonly append: boolean;
}

export class OpenRegularFile extends OpenFile {
  offset = 0;
  constructor(path: string, readonly file: RegularFile, readonly mode: OpenMode, readonly full: () => boolean) {
    super(path, file);
  }

  override async read(length: number): Promise<string> {
    if (!this.mode.read) throw new FileError('EBADF', this.path);
    const text = this.file.read(this.offset, length);
    this.offset += text.length;
    return text;
  }

  override async write(text: string): Promise<void> {
    if (!this.mode.write) throw new FileError('EBADF', this.path);
    if (text !== '' && this.full()) throw new FileError('ENOSPC', this.path);
    if (this.mode.append) this.offset = this.file.size;
    this.file.write(this.offset, text);
    this.offset += text.length;
  }

  override unread(text: string): void {
    this.offset -= text.length;
  }

  protected override close(): void {}
}

export class OpenComputedFile extends OpenFile {
  #text: string | undefined;
  #offset = 0;
  constructor(path: string, readonly file: ComputedFile, readonly credentials: Credentials) {
    super(path, file);
  }

  override async read(length: number): Promise<string> {
    this.#text ??= this.file.content(this.credentials);
    const text = this.#text.slice(this.#offset, this.#offset + length);
    this.#offset += text.length;
    return text;
  }

  override async write(text: string): Promise<void> {
    if (this.file.accept === undefined) throw new FileError('EACCES', this.path);
    this.file.accept(text, this.credentials);
  }

  override unread(text: string): void {
    this.#offset -= text.length;
  }

  protected override close(): void {}
}

export class OpenDevice extends OpenFile {
  readonly #letGo: (() => void) | undefined;
  constructor(path: string, readonly device: Device) {
    super(path, device);
    this.#letGo = device.handlers.hold?.();
  }

  override async read(length: number): Promise<string> {
    return this.device.handlers.read?.(length) ?? '';
  }

  override async write(text: string): Promise<void> {
    this.device.handlers.write?.(text);
  }

  protected override close(): void {
    this.#letGo?.();
  }
}

/** One or both ends of a pipe or named pipe. */
export class OpenPipe extends OpenFile {
  #pushedBack = '';
  constructor(path: string, readonly pipe: Pipe, readonly ends: 'read' | 'write' | 'both', inode?: Inode) {
    super(path, inode);
    if (ends !== 'write') pipe.addReader();
    if (ends !== 'read') pipe.addWriter();
  }

  override async read(length: number, stop: AbortSignal): Promise<string> {
    if (this.ends === 'write') throw new FileError('EBADF', this.path);
    if (this.#pushedBack === '') return this.pipe.read(length, stop);
    const text = this.#pushedBack.slice(0, length);
    this.#pushedBack = this.#pushedBack.slice(length);
    return text;
  }

  override async write(text: string, stop: AbortSignal): Promise<void> {
    if (this.ends === 'read') throw new FileError('EBADF', this.path);
    await this.pipe.write(text, stop);
  }

  override unread(text: string): void {
    this.#pushedBack = text + this.#pushedBack;
  }

  override async broken(stop: AbortSignal): Promise<void> {
    while (this.pipe.readers > 0 && !stop.aborted) await this.pipe.changed(stop);
  }

  protected override close(): void {
    if (this.ends !== 'write') this.pipe.dropReader();
    if (this.ends !== 'read') this.pipe.dropWriter();
  }
}
