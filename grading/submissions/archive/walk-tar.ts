import { createReadStream } from "node:fs";
import { Readable, Transform } from "node:stream";
import { pipeline } from "node:stream/promises";
import { createGunzip } from "node:zlib";
import { extract, type Header } from "tar-stream";
import { hasSetId, isExecutable, kindOfMode, type RawEntry, type VisitEntry } from "./archive-entry.ts";

/** Takes tars from before ustar too; the option is missing in the package's types. */
const anyTar: Parameters<typeof extract>[0] & { allowUnknownFormat: boolean } = { allowUnknownFormat: true };

/**
 * Walks a tar in its order; streamed is told of every byte after decompression before it is looked at. Throws
 * UploadRefusal, what visit and streamed throw, and the errors of tar-stream and zlib for damage.
 */
export async function walkTar(
  path: string,
  gzipped: boolean,
  visit: VisitEntry,
  streamed: (bytes: number) => void,
): Promise<void> {
  const tar = extract(anyTar);
  const guard = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      try {
        streamed(chunk.length);
        done(null, chunk);
      } catch (error) {
        done(error as Error);
      }
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
      const raw = describe(entry.header);
      await visit(raw, raw.kind === "file" ? Readable.from(entry, { objectMode: false }) : null);
      entry.resume();
    }
  } catch (error) {
    source.destroy();
    const feedError = await fed;
    throw isUsual(feedError) ? error : (feedError ?? error);
  }
  const feedError = await fed;
  if (feedError !== null) throw feedError;
}

/** The feed's own complaint that the reader stopped first says nothing. */
function isUsual(error: unknown): boolean {
  const code = (error as { code?: string } | null)?.code;
  return code === "ERR_STREAM_PREMATURE_CLOSE" || code === "ABORT_ERR";
}

function describe(header: Header): RawEntry {
  const mode = header.mode;
  return {
    // A sparse file in pax form stands under a name of the archiver's.
    name: paxOf(header).get("GNU.sparse.name") ?? header.name,
    kind: kindOf(header, mode),
    // The size of a folder's own entry is a hint that some archivers write; no bytes follow it.
    claimedBytes: header.type === "directory" ? 0 : header.size,
    executable: isExecutable(mode),
    setId: hasSetId(mode),
  };
}

const paxOf = (header: Header) => new Map<string, string>(Object.entries(header.pax ?? {}));

function kindOf(header: Header, mode: number): RawEntry["kind"] {
  // What follows a sparse file's header is a map of its holes and what lies between them, not its bytes. In the old form
  // that is a type of its own; tar-stream has null for all that it does not know.
  const isSparse = [...paxOf(header).keys()].some((key) => key.startsWith("GNU.sparse."));
  if (isSparse || header.type === null) return "own-form";
  if (header.type === "file" || header.type === "contiguous-file") {
    const stated = kindOfMode(mode);
    return stated === null || stated === "file" ? (header.name.endsWith("/") ? "folder" : "file") : stated;
  }
  if (header.type === "directory") return "folder";
  return header.type === "link" || header.type === "symlink" ? "link" : "device";
}
