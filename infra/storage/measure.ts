import { createHash } from "node:crypto";
import { type Readable, Transform } from "node:stream";
import { pipeline } from "node:stream/promises";
import { FileTooLarge } from "#grading/submissions/ports.ts";

export interface Measured {
  bytes: number;
  /** hex */
  sha256: string;
}

/**
 * Passes bytes on and counts and hashes them; `measured` is asked when all are through. Its stream ends with
 * FileTooLarge at the first byte more than `mostBytes`.
 */
export function measure(
  key: string,
  mostBytes = Number.POSITIVE_INFINITY,
): { through: Transform; measured(): Measured } {
  const hash = createHash("sha256");
  let bytes = 0;
  let result: Measured | undefined;
  const through = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      bytes += chunk.length;
      if (bytes > mostBytes) return done(new FileTooLarge(key, mostBytes));
      hash.update(chunk);
      done(null, chunk);
    },
  });
  return {
    through,
    measured: () => {
      result ??= { bytes, sha256: hash.digest("hex") };
      return result;
    },
  };
}

/** Whether a stream has these bytes; it is read no further than they are long. */
export async function hasContent(key: string, stream: Readable, content: Measured): Promise<boolean> {
  const { through, measured } = measure(key, content.bytes);
  try {
    await pipeline(stream, through.resume());
  } catch (error) {
    if (error instanceof FileTooLarge) return false;
    throw error;
  }
  return measured().sha256 === content.sha256;
}
