import { Readable } from "node:stream";
import { crc32 } from "node:zlib";
import yauzl, { type Entry } from "yauzl";
import { UploadRefusal } from "../refusals/upload-refusal.ts";
import { hasSetId, isExecutable, kindOfMode, type RawEntry, type VisitEntry } from "./archive-entry.ts";
import { showName } from "./entry-path.ts";

const madeByUnix = 3;

/** Walks a zip by its central directory. Throws UploadRefusal, the visitor's errors, and yauzl's for damage. */
export async function walkZip(path: string, visit: VisitEntry): Promise<void> {
  // Names stay bytes here: entry-path.ts states the rules for them once, for zip and tar alike.
  const zip = await yauzl.openPromise(path, {
    autoClose: false,
    decodeStrings: false,
    validateEntrySizes: true,
  });
  try {
    const claimBytes = refuseOverlap();
    for await (const entry of zip.eachEntry()) {
      const raw = describe(entry);
      claimBytes(entry, raw.name);
      if (raw.kind !== "file") {
        await visit(raw, null);
        continue;
      }
      if (entry.isEncrypted())
        throw new UploadRefusal(
          "archive-damaged",
          `${showName(raw.name)} is encrypted; pack the archive again without a password.`,
        );
      if (!entry.canDecodeFileData())
        throw new UploadRefusal(
          "archive-damaged",
          `${showName(raw.name)} is packed with zip method ${entry.compressionMethod}; use the ordinary one (deflate).`,
        );
      const packed = await zip.openReadStreamPromise(entry);
      // A visitor that refuses the entry never reads it: its late errors must not end the process.
      packed.on("error", () => undefined);
      try {
        await visit(raw, Readable.from(checked(packed, entry, raw.name), { objectMode: false }));
      } finally {
        packed.destroy();
      }
    }
  } finally {
    zip.close();
  }
}

/** The fixed part of the header before an entry's bytes; its name follows. */
const localHeaderBytes = 30;

/** Refuses entries that share bytes of the file: one small bomb could be named by all of them. */
function refuseOverlap() {
  // Sorted by where they start, and apart from each other.
  const taken: { start: number; end: number }[] = [];
  return (entry: Entry, name: string) => {
    const start = entry.relativeOffsetOfLocalHeader;
    const end = start + localHeaderBytes + entry.fileNameLength + entry.compressedSize;
    let low = 0;
    for (let high = taken.length; low < high; ) {
      const middle = (low + high) >>> 1;
      if ((taken[middle]?.start ?? 0) < start) low = middle + 1;
      else high = middle;
    }
    if ((taken[low - 1]?.end ?? 0) > start || (taken[low]?.start ?? Number.POSITIVE_INFINITY) < end)
      throw new UploadRefusal(
        "entries-overlap",
        `${showName(name)} shares its bytes with another entry of the zip, which no ordinary archiver writes; pack the files again.`,
      );
    taken.splice(low, 0, { start, end });
  };
}

function describe(entry: Entry): RawEntry {
  const name = yauzl
    .getFileNameLowLevel(entry.generalPurposeBitFlag, entry.fileNameRaw, entry.extraFields, true)
    // Old Windows archivers write backslashes, which the zip format does not allow: read them as they were meant.
    .replaceAll("\\", "/");
  const mode = entry.versionMadeBy >>> 8 === madeByUnix ? entry.externalFileAttributes >>> 16 : 0;
  const kind = kindOfMode(mode) ?? "file";
  return {
    name,
    kind: kind === "file" && name.endsWith("/") ? "folder" : kind,
    claimedBytes: entry.uncompressedSize,
    executable: isExecutable(mode),
    setId: hasSetId(mode),
  };
}

async function* checked(source: Readable, entry: Entry, name: string) {
  let sum = 0;
  for await (const chunk of source as AsyncIterable<Buffer>) {
    sum = crc32(chunk, sum);
    yield chunk;
  }
  if (sum !== entry.crc32)
    throw new UploadRefusal(
      "archive-damaged",
      `${showName(name)} does not match its checksum: the archive was damaged; pack and upload it again.`,
    );
}
