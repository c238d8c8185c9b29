const tailBytes = 16 * 1024;

/**
 * Holds what a program writes, in bounded memory: its first bytes up to the cap and its last 16 KiB. What lies
 * between is left out with a notice; nothing is ever lost from the front.
 */
export class CappedOutput {
  readonly #cap: number;
  readonly #head: Buffer[] = [];
  #headBytes = 0;
  #tail: Buffer[] = [];
  #tailBytes = 0;
  /** All bytes seen, kept or not. */
  total = 0;

  constructor(capBytes: number) {
    this.#cap = capBytes;
  }

  get cut(): boolean {
    return this.total > this.#headBytes + this.#tailBytes;
  }

  write(chunk: Buffer): void {
    this.total += chunk.length;
    const room = this.#cap - this.#headBytes;
    const kept = chunk.subarray(0, room);
    if (kept.length > 0) {
      // A copy: a slice would keep the whole chunk alive.
      this.#head.push(Buffer.from(kept));
      this.#headBytes += kept.length;
    }
    if (kept.length < chunk.length)
      this.#keepTail(chunk.subarray(Math.max(kept.length, chunk.length - tailBytes)));
  }

  #keepTail(chunk: Buffer): void {
    this.#tail.push(Buffer.from(chunk));
    this.#tailBytes += chunk.length;
    if (this.#tailBytes < 4 * tailBytes) return;
    const last = Buffer.concat(this.#tail).subarray(-tailBytes);
    this.#tail = [Buffer.from(last)];
    this.#tailBytes = last.length;
  }

  /** Invalid UTF-8 becomes U+FFFD. */
  text(): string {
    const tail = Buffer.concat(this.#tail).subarray(-tailBytes);
    const left = this.total - this.#headBytes - tail.length;
    const notice = left > 0 ? `\n[${left} bytes of output left out here]\n` : "";
    return left > 0
      ? Buffer.concat(this.#head).toString("utf8") + notice + tail.toString("utf8")
      : Buffer.concat([...this.#head, tail]).toString("utf8");
  }
}
