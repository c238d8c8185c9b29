import type { SubmissionLimits } from "../../exercises/spec/spec.ts";
import { sizeInWords } from "../refusals/size-in-words.ts";
import { UploadRefusal } from "../refusals/upload-refusal.ts";
import type { RawEntry } from "./archive-entry.ts";
import { cleanEntryPath, foldPath, isSystemClutter, showName } from "./entry-path.ts";

/** Honest text and code pack at most some tens of times smaller; deflate's limit, reached by bombs only, is 1,032. */
const maxRatio = 200;
/** Below this no ratio can hurt. */
const ratioFreeBytes = 4 * 1024 * 1024;

/** What a tar holds beside the bytes of one file: its header, padding, and a long name or extended header before it. */
const headerBytesPerEntry = 3 * 1024;
/** Beside that, for padding at the end, and for what is unpacked already when a reader is told of an entry. */
const freeHeaderBytes = 1024 * 1024;

export interface EntryRules {
  /** The cleaned path of an entry that is wanted; null for the root, folders and system clutter. Throws UploadRefusal. */
  admit(entry: RawEntry): string | null;
  /** To be told of every unpacked chunk of a file as it passes. Throws UploadRefusal at the first byte too much. */
  unpacked(bytes: number): void;
  /**
   * To be told of every byte of the archive after decompression, whatever it is part of. Throws UploadRefusal when
   * more of them are not in a file than files need beside them.
   */
  streamed(bytes: number): void;
}

/** The rules that see all entries of one archive: count, bytes, ratio, kinds, and that no two names collide. */
export function createEntryRules(limits: SubmissionLimits, packedBytes: number): EntryRules {
  let entries = 0;
  let total = 0;
  let passed = 0;
  const seen = new Map<string, { path: string; kind: "file" | "folder" }>();

  function remember(path: string, kind: "file" | "folder"): void {
    const key = foldPath(path);
    const known = seen.get(key);
    if (known === undefined) {
      seen.set(key, { path, kind });
      return;
    }
    if (known.path !== path)
      throw new UploadRefusal(
        "name-case-differs",
        `${showName(path)} and ${showName(known.path)} differ only by upper and lower case or by accents' form; rename one of them.`,
      );
    if (kind === "folder" && known.kind === "folder") return;
    throw new UploadRefusal(
      "entry-duplicate",
      known.kind === kind
        ? `${showName(path)} is in the archive twice; pack it once.`
        : `${showName(path)} is both a file and a folder in the archive; rename one of them.`,
    );
  }

  function refuseBomb(bytes: number): void {
    if (bytes > ratioFreeBytes && bytes > packedBytes * maxRatio)
      throw new UploadRefusal(
        "ratio-too-high",
        `The archive unpacks to more than ${maxRatio} times its size (${sizeInWords(packedBytes)}), as archives made to fill a disk do; leave out the file that is nearly all the same bytes.`,
      );
  }

  return {
    admit(entry) {
      entries += 1;
      if (entries > limits.entries)
        throw new UploadRefusal(
          "too-many-entries",
          `The archive holds more than ${limits.entries} files and folders, the most this exercise takes; leave out what the exercise does not ask for, such as node_modules or .git.`,
        );
      const cleaned = cleanEntryPath(entry.name);
      if (cleaned.outcome === "refused")
        throw new UploadRefusal(cleaned.code, `${showName(entry.name)} ${cleaned.rule}.`);
      refuseSpecialKinds(entry);
      if (cleaned.path === "") return null;
      const segments = cleaned.path.split("/");
      for (let depth = 1; depth < segments.length; depth += 1)
        remember(segments.slice(0, depth).join("/"), "folder");
      remember(cleaned.path, entry.kind === "folder" ? "folder" : "file");
      if (entry.kind !== "file" || isSystemClutter(cleaned.path)) return null;
      if (total + entry.claimedBytes > limits.unpackedBytes) throw tooLarge(limits);
      return cleaned.path;
    },
    unpacked(bytes) {
      total += bytes;
      if (total > limits.unpackedBytes) throw tooLarge(limits);
      refuseBomb(total);
    },
    streamed(bytes) {
      passed += bytes;
      if (passed > total + entries * headerBytesPerEntry + freeHeaderBytes)
        throw new UploadRefusal(
          "headers-too-large",
          `The archive holds more than ${sizeInWords(freeHeaderBytes)} of headers, names or padding beside its files, which no ordinary archiver writes; pack the files again as zip or tar.gz.`,
        );
      refuseBomb(passed);
    },
  };
}

const tooLarge = (limits: SubmissionLimits) =>
  new UploadRefusal(
    "too-large-unpacked",
    `The archive unpacks to more than ${sizeInWords(limits.unpackedBytes)}, the most this exercise takes; leave out large files.`,
  );

function refuseSpecialKinds(entry: RawEntry): void {
  if (entry.kind === "folder" && entry.claimedBytes > 0)
    throw new UploadRefusal(
      "archive-damaged",
      `${showName(entry.name)} is a folder by its name and yet holds ${sizeInWords(entry.claimedBytes)}, which no ordinary archiver writes; pack the files again.`,
    );
  if (entry.kind === "link")
    throw new UploadRefusal(
      "entry-link",
      `${showName(entry.name)} is a symbolic or hard link, which a submission must not hold; put the file itself there.`,
    );
  if (entry.kind === "device")
    throw new UploadRefusal(
      "entry-device",
      `${showName(entry.name)} is a device, pipe or other special file; a submission holds ordinary files and folders only; leave it out.`,
    );
  if (entry.kind === "own-form")
    throw new UploadRefusal(
      "entry-own-form",
      `${showName(entry.name)} is packed in a form that only some archivers read, such as a sparse file of tar -S; pack again without such options, as with tar czf, or as zip.`,
    );
  if (entry.kind === "file" && entry.setId)
    throw new UploadRefusal(
      "entry-device",
      `${showName(entry.name)} carries the set-user-ID or set-group-ID bit; remove it with chmod ug-s and pack again.`,
    );
}
