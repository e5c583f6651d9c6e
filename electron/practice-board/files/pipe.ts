import { FileError } from './file-error.ts';

const capacityBytes = 65_536;

/** A byte pipe with counted ends. Reading gives '' at the end of the stream; writing without readers fails with EPIPE. */
export class Pipe {
  readers = 0;
  writers = 0;
  #chunks: string[] = [];
  #size = 0;
  readonly #waiting = new Set<() => void>();

  get empty(): boolean {
    return this.#size === 0;
  }

  addReader(): void {
    this.readers += 1;
    this.#wake();
  }

  addWriter(): void {
    this.writers += 1;
    this.#wake();
  }

  dropReader(): void {
    this.readers -= 1;
    if (this.readers === 0) {
      this.#chunks = [];
      this.#size = 0;
    }
    this.#wake();
  }

  dropWriter(): void {
    this.writers -= 1;
    this.#wake();
  }

  async read(length: number, stop: AbortSignal): Promise<string> {
    while (this.#size === 0) {
      if (this.writers === 0 || stop.aborted) return '';
      await this.changed(stop);
    }
    return this.#take(length);
  }

  async write(text: string, stop: AbortSignal): Promise<void> {
    let rest = text;
    while (rest !== '') {
      if (this.readers === 0) throw new FileError('EPIPE');
      if (stop.aborted) return;
      const room = capacityBytes - this.#size;
      if (room <= 0) {
        await this.changed(stop);
        continue;
      }
      this.#chunks.push(rest.slice(0, room));
      this.#size += Math.min(room, rest.length);
      rest = rest.slice(room);
      this.#wake();
    }
  }

  /** Settles at the next change of content or ends, or when `stop` fires. */
  changed(stop: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      if (stop.aborted) return resolve();
      const wake = (): void => {
        this.#waiting.delete(wake);
        stop.removeEventListener('abort', wake);
        resolve();
      };
      this.#waiting.add(wake);
      stop.addEventListener('abort', wake);
    });
  }

  #take(length: number): string {
    let taken = '';
    while (taken.length < length) {
      const chunk = this.#chunks.shift();
      if (chunk === undefined) break;
      const need = length - taken.length;
      taken += chunk.slice(0, need);
      if (chunk.length > need) this.#chunks.unshift(chunk.slice(need));
    }
    this.#size -= taken.length;
    this.#wake();
    return taken;
  }

  #wake(): void {
    for (const wake of [...this.#waiting]) wake();
  }
}
