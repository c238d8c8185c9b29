import { createReadStream } from "node:fs";
import { Readable, Transform } from "node:stream";
import { pipeline } from "node:stream/promises";
import { createGunzip } from "node:zlib";
import { extract, type Header } from "tar-stream";
import { hasSetId, isExecutable, kindOfMode, type RawEntry, type VisitEntry } from "./archive-entry.ts";

/** Bytes that may pass between two entries: long names are kilobytes, so more is a bomb of zeros or of headers. */
const maxIdleBytes = 5 * 1024 * 1024;

/** Takes tars from before ustar too; the option is missing in the package's types. */
const anyTar: Parameters<typeof extract>[0] & { allowUnknownFormat: boolean } = { allowUnknownFormat: true };

/** Walks a tar in its order. Throws ArchiveRefusal, the visitor's errors, and those of tar-stream and zlib for damage. */
export async function walkTar(path: string, gzipped: boolean, visit: VisitEntry): Promise<void> {
  const tar = extract(anyTar);
  let idleBytes = 0;
  const guard = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      idleBytes += chunk.length;
      done(
        idleBytes > maxIdleBytes ? new Error("megabytes of padding or headers between two files") : null,
        chunk,
      );
    },
  });
  const source = createReadStream(path);
  const feeding = gzipped ? pipeline(source, createGunzip(), guard, tar) : pipeline(source, guard, tar);
  // Whatever ends the feed also ends the iteration below; its error is taken up after it.
  const fed = feeding.then(
    () => null,
    (error: unknown) => error,
  );
  try {
    for await (const entry of tar) {
      idleBytes = 0;
      const raw = describe(entry.header);
      await visit(
        raw,
        raw.kind === "file"
          ? Readable.from(progress(entry as unknown as AsyncIterable<Buffer>), { objectMode: false })
          : null,
      );
      entry.resume();
    }
  } catch (error) {
    source.destroy();
    const feedError = await fed;
    throw isUsual(feedError) ? error : (feedError ?? error);
  }
  const feedError = await fed;
  if (feedError !== null) throw feedError;

  async function* progress(entry: AsyncIterable<Buffer>) {
    for await (const chunk of entry) {
      idleBytes = 0;
      yield chunk;
    }
  }
}

/** The feed's own complaint that the reader stopped first says nothing. */
function isUsual(error: unknown): boolean {
  const code = (error as { code?: string } | null)?.code;
  return code === "ERR_STREAM_PREMATURE_CLOSE" || code === "ABORT_ERR";
}

function describe(header: Header): RawEntry {
  const mode = header.mode;
  return {
    name: header.name,
    kind: kindOf(header, mode),
    claimedBytes: header.size,
    executable: isExecutable(mode),
    setId: hasSetId(mode),
  };
}

function kindOf(header: Header, mode: number): RawEntry["kind"] {
  if (header.type === "file" || header.type === "contiguous-file") {
    const stated = kindOfMode(mode);
    return stated === null || stated === "file" ? (header.name.endsWith("/") ? "folder" : "file") : stated;
  }
  if (header.type === "directory") return "folder";
  return header.type === "link" || header.type === "symlink" ? "link" : "device";
}
