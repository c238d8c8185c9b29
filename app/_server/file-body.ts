import { Readable } from "node:stream";

/**
 * A file's bytes as the body of an answer. A reader who goes before the answer began takes nothing of its body and does
 * not cancel it either, so what gives the bytes is let go of by the request's signal as well. source: what `bytes` are
 * read from, where that is another stream.
 */
export function fileBody(request: Request, bytes: Readable, source = bytes): ReadableStream<Uint8Array> {
  const letGo = () => {
    bytes.destroy();
    source.destroy();
  };
  if (request.signal.aborted) letGo();
  else request.signal.addEventListener("abort", letGo, { once: true });
  return Readable.toWeb(bytes) as ReadableStream<Uint8Array>;
}
