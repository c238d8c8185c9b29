const firstBytes = 1024;

/**
 * Chunks as one piece of memory, however small a sender cuts them: a list of 65,000 of a byte each takes 20 MB.
 * expected: bytes, where they are known.
 */
export class JoinedChunks {
  #bytes = 0;
  #buffer: Buffer;

  constructor(expected = firstBytes) {
    this.#buffer = Buffer.allocUnsafe(expected);
  }

  get bytes(): number {
    return this.#bytes;
  }

  add(chunk: Buffer): void {
    const bytes = this.#bytes + chunk.length;
    if (bytes > this.#buffer.length) {
      const larger = Buffer.allocUnsafe(Math.max(bytes, this.#buffer.length * 2));
      this.#buffer.copy(larger, 0, 0, this.#bytes);
      this.#buffer = larger;
    }
    chunk.copy(this.#buffer, this.#bytes);
    this.#bytes = bytes;
  }

  /** All of them; what is added from now on begins anew. */
  take(): Buffer {
    const all = this.#buffer.subarray(0, this.#bytes);
    this.#buffer = Buffer.allocUnsafe(firstBytes);
    this.#bytes = 0;
    return all;
  }
}
