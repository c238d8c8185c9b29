import { Readable } from "node:stream";

/** How much of an unwanted rest is read, and how long, before the line is cut. */
const discardBytes = 64 * 1024 * 1024;
const discardMs = 10_000;

export interface RequestBody {
  /** The bytes as they arrive; destroying it stops the reading and leaves the connection as it is. */
  stream: Readable;
  /**
   * Call when the answer is decided. A browser reads an answer only after it has sent everything, and a connection
   * that is closed on it loses the answer: the rest is read and thrown away, up to a limit.
   */
  discardRest(): void;
}

export function readBody(body: ReadableStream<Uint8Array> | null): RequestBody {
  if (body === null) return { stream: Readable.from([]), discardRest: () => undefined };
  const reader = body.getReader();
  // Not Readable.fromWeb: that one cancels the body with it, and Node then closes the connection unanswered.
  const stream = Readable.from(chunksOf(reader), { objectMode: false });
  return {
    stream,
    discardRest() {
      stream.destroy();
      void discard(reader);
    },
  };
}

async function* chunksOf(reader: ReadableStreamDefaultReader<Uint8Array>): AsyncGenerator<Uint8Array> {
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return;
    yield value;
  }
}

async function discard(reader: ReadableStreamDefaultReader<Uint8Array>): Promise<void> {
  let left = discardBytes;
  const giveUp = () => reader.cancel();
  const timer = setTimeout(() => giveUp().catch(() => undefined), discardMs);
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      left -= value.byteLength;
      if (left <= 0) return await giveUp();
    }
  } catch {
    // The sender went away: nothing is left to discard.
  } finally {
    clearTimeout(timer);
  }
}
