import { Readable } from "node:stream";
import type { Clock } from "#course/clock.ts";
import { type SendingPace, SentTooSlowly, sendingPace } from "#grading/submissions/sending-pace.ts";
import type { Arrival } from "../front-door/arrival.ts";

/** How much of an unwanted rest is read, and how long, before the line is cut. */
const discardBytes = 64 * 1024 * 1024;
const discardMs = 10_000;

export interface ArrivingBody {
  /**
   * The bytes as they arrive; destroying it stops the reading and leaves the connection as it is. Fails with
   * SentTooSlowly when they do not come within the pace.
   */
  stream: Readable;
  /** When the first byte arrived; of a body without any, when that was known. Waits for it. */
  firstByteAt: Promise<Date>;
  /** When the last byte arrived of those that came so far. */
  lastByteAt(): Date;
  /** Has the reading of the stream fail with this error, whether its sender sends or not. */
  giveUp(error: Error): void;
  /**
   * Call when the answer is decided. A browser reads an answer only after it has sent everything, and a connection
   * that is closed on it loses the answer: the rest is read and thrown away, up to a limit.
   */
  discardRest(): void;
}

/**
 * Asks for the first bytes at once, and no more than those are read before somebody reads `stream`. The instants are
 * the front door's own, so that nothing else that the server has to do counts as the sender's time; where there is
 * none (arrival is null), those at which the bytes were read.
 */
export function receiveBody(
  body: ReadableStream<Uint8Array> | null,
  clock: Clock,
  arrival: Arrival | null = null,
  pace = sendingPace,
): ArrivingBody {
  let readAt = clock();
  const reader = body?.getReader() ?? null;
  const { within, giveUp } = paceLimit(pace, clock);
  const read = async () => {
    if (reader === null) return { done: true as const, value: undefined };
    const next = await within(reader.read());
    if (!next.done) readAt = clock();
    return next;
  };
  const first = read();
  // Whoever reads the stream sees how it broke; the instant alone is nobody's error.
  const firstByteAt = first.then(
    () => arrival?.firstByteAt ?? readAt,
    () => arrival?.firstByteAt ?? clock(),
  );
  // Not Readable.fromWeb: that one cancels the body with it, and Node then closes the connection unanswered.
  const stream = Readable.from(chunksOf(first, read), { objectMode: false });
  let discarding = false;
  return {
    stream,
    giveUp,
    firstByteAt,
    lastByteAt: () => arrival?.lastByteAt ?? readAt,
    discardRest() {
      if (discarding) return;
      discarding = true;
      stream.destroy();
      if (reader !== null) void discard(reader);
    },
  };
}

interface PaceLimit {
  /** One reading at a time: fails when no byte came for too long, when the whole takes too long, or when given up. */
  within<Bytes>(bytes: Promise<Bytes>): Promise<Bytes>;
  giveUp(error: Error): void;
}

function paceLimit({ pauseMs, wholeMs }: SendingPace, clock: Clock): PaceLimit {
  const end = clock().getTime() + wholeMs;
  let givenUp: Error | null = null;
  let fail: (error: Error) => void = () => undefined;
  return {
    // Not a race with one promise for all readings: that would keep every chunk until the end.
    within: (bytes) =>
      new Promise((resolve, reject) => {
        if (givenUp !== null) return reject(givenUp);
        fail = reject;
        const tooSlow = () => reject(new SentTooSlowly("The body did not come within the pace."));
        const timer = setTimeout(tooSlow, Math.min(pauseMs, end - clock().getTime()));
        bytes.then(resolve, reject).finally(() => clearTimeout(timer));
      }),
    giveUp(error) {
      givenUp ??= error;
      fail(error);
    },
  };
}

type Chunk = { done: boolean; value?: Uint8Array | undefined };

async function* chunksOf(first: Promise<Chunk>, read: () => Promise<Chunk>): AsyncGenerator<Uint8Array> {
  for (let next = await first; !next.done; next = await read()) if (next.value) yield next.value;
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
