/** A line of a byte stream: its text and its length without the line feed, and where in the stream it begins. */
export interface ByteLine { readonly text: string; readonly bytes: number; readonly offset: number }

/** A line longer than this is no line of ours. */
export const maximumLineBytes = 4 * 1024 * 1024;

/**
 * Cuts bytes that come in any portions into lines. The same bytes give the same lines however they are cut.
 * What follows the last line feed is kept until the rest of its line comes.
 */
export class ByteLines {
  #tail: Uint8Array[] = [];
  #tailBytes = 0;
  #offset = 0;

  /** Bytes of whole lines handed out so far. */
  get offset(): number {
    return this.#offset;
  }

  /** Whether the line that has not ended yet is too long to be one of ours. */
  get overlong(): boolean {
    return this.#tailBytes > maximumLineBytes;
  }

  *take(chunk: Uint8Array): Generator<ByteLine> {
    let from = 0;
    for (let end = chunk.indexOf(10); end >= 0; end = chunk.indexOf(10, from)) {
      const pieces = [...this.#tail, chunk.subarray(from, end)];
      const length = this.#tailBytes + end - from + 1;
      this.#tail = [];
      this.#tailBytes = 0;
      const line = { text: decodeUtf8(pieces), bytes: length - 1, offset: this.#offset };
      this.#offset += length;
      from = end + 1;
      yield line;
    }
    if (from < chunk.length) {
      this.#tail.push(chunk.slice(from));
      this.#tailBytes += chunk.length - from;
    }
  }
}

/** UTF-8 to text; bytes that are not UTF-8 are taken as Latin-1, so that nothing is lost and nothing throws. */
function decodeUtf8(pieces: readonly Uint8Array[]): string {
  let latin = '';
  for (const piece of pieces) {
    // Spreading the bytes would take six times as long.
    for (let from = 0; from < piece.length; from += 8_192) latin += String(Reflect.apply(String.fromCharCode, null, piece.subarray(from, from + 8_192)));
  }
  if (!/[\x80-\xff]/.test(latin)) return latin;
  try {
    return decodeURIComponent(latin.replaceAll(/[%\x80-\xff]/g, (sign) => `%${sign.charCodeAt(0).toString(16).padStart(2, '0')}`));
  } catch {
    return latin;
  }
}
