import { FileError } from '../files/file-error.ts';
import type { OpenRequest } from '../files/file-tree.ts';
import type { OpenFile } from '../files/open-file.ts';
import type { PretendLinux } from '../linux/pretend-linux.ts';
import type { Process } from '../processes/process.ts';

/** A program of the pretend Linux. `run` gives the exit status; it is unwound when its process is killed. */
export interface Program {
  readonly path: string;
  run(context: ProgramContext): Promise<number>;
}

/** What a running program works with. Text is latin1: one character per byte. */
export class ProgramContext {
  constructor(
    readonly linux: PretendLinux,
    readonly process: Process,
    /** argv[0] */
    readonly name: string,
    readonly args: readonly string[],
    readonly environment: ReadonlyMap<string, string>,
  ) {}

  get files(): PretendLinux['files'] {
    return this.linux.files;
  }

  get who(): Process['credentials'] {
    return this.process.credentials;
  }

  /** Makes a path absolute against the working folder. */
  path(path: string): string {
    return path === '' || path.startsWith('/') ? path : `${this.process.workingFolder}/${path}`;
  }

  fd(number: number): OpenFile {
    this.process.assertAlive();
    const file = this.process.fds.get(number);
    if (file === undefined) throw new FileError('EBADF', `${number}`);
    return file;
  }

  out(text: string): Promise<void> {
    return this.write(1, text);
  }

  err(text: string): Promise<void> {
    return this.write(2, text);
  }

  /** Writes to a descriptor. A pipe without readers kills the process with SIGPIPE, unless that is ignored. */
  async write(number: number, text: string): Promise<void> {
    if (text === '') return;
    this.process.assertAlive();
    const file = this.process.fds.get(number);
    if (file === undefined) return;
    try {
      await file.write(text, this.process.stop);
    } catch (error) {
      if (!(error instanceof FileError && error.code === 'EPIPE')) throw error;
      this.process.deliver('PIPE');
      if (this.process.alive) throw error;
    }
    this.process.assertAlive();
  }

  async read(length = 65_536): Promise<string> {
    const text = await this.fd(0).read(length, this.process.stop);
    this.process.assertAlive();
    return text;
  }

  async readAll(file: OpenFile = this.fd(0)): Promise<string> {
    let all = '';
    for (;;) {
      const text = await file.read(1 << 20, this.process.stop);
      this.process.assertAlive();
      if (text === '') return all;
      all += text;
    }
  }

  /** One line without its newline; undefined at the end. What follows it stays for the next reader. */
  async readLine(file: OpenFile = this.fd(0)): Promise<string | undefined> {
    let line = '';
    for (;;) {
      const text = await file.read(4096, this.process.stop);
      this.process.assertAlive();
      if (text === '') return line === '' ? undefined : line;
      const end = text.indexOf('\n');
      if (end >= 0) {
        if (end + 1 < text.length) file.unread(text.slice(end + 1));
        return line + text.slice(0, end);
      }
      line += text;
    }
  }

  /** Opens a file by any path, /dev/stdin and its like included. */
  open(path: string, request: OpenRequest): Promise<OpenFile> {
    return this.linux.open(this.process, this.path(path), request);
  }

  /** The whole of a file as this process may read it. */
  async readFile(path: string): Promise<string> {
    const file = await this.open(path, { read: true });
    try {
      return await this.readAll(file);
    } finally {
      file.release();
    }
  }

  async writeFile(path: string, text: string, append = false): Promise<void> {
    const file = await this.open(path, { write: true, create: true, truncate: !append, append });
    try {
      await file.write(text, this.process.stop);
    } finally {
      file.release();
    }
  }

  /** `name: message` on standard error, giving `status`. */
  async fail(message: string, status = 1): Promise<number> {
    await this.err(`${this.name}: ${message}\n`);
    return status;
  }

  /** Replaces this program by another in the same process, as execvp does. Undefined when there is no such program. */
  exec(argv: readonly string[], environment: ReadonlyMap<string, string> = this.environment): Promise<number> {
    return this.linux.exec(this.process, argv, environment);
  }
}

/** Text of what went wrong, for messages like `cat: FILE: Permission denied`; anything but a FileError is passed on. */
export function fileProblem(error: unknown): string {
  if (error instanceof FileError) return error.text;
  throw error;
}
