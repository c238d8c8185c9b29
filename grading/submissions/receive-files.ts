import { Readable } from "node:stream";
import { AppError } from "#course/errors.ts";
import type { SubmissionLimits } from "../exercises/spec/spec.ts";
import { detectFormat } from "./archive/detect-format.ts";
import { showName } from "./archive/entry-path.ts";
import { createEntryRules, type EntryRules } from "./archive/entry-rules.ts";
import type { ArchiveFormat } from "./archive/format-of-bytes.ts";
import { tooLargePacked } from "./archive/too-large-packed.ts";
import { isArchiveAlone, keptFileName } from "./file-name.ts";
import { besidesEachFileBytes, besidesFilesBytes } from "./form-overhead.ts";
import { type LooseFile, packLooseFiles } from "./pack-loose-files.ts";
import { partKey } from "./part-key.ts";
import type { FileStore } from "./ports.ts";
import { sizeInWords } from "./refusals/size-in-words.ts";
import { UploadRefusal } from "./refusals/upload-refusal.ts";
import { SentTooSlowly, sendingPace } from "./sending-pace.ts";
import type { IncomingFile } from "./submission-types.ts";
import { formatsInWords, type TakenWork } from "./taken-work.ts";

/** What is known of an upload while it arrives; for the refusal, should there be one. */
export interface UploadProgress {
  fileName: string;
  /** That have arrived. */
  bytes: number;
  /** Of the whole upload: as its sender announced, with what is around the files, until all of it is here; null: unknown. */
  wholeBytes: number | null;
}

export interface ReceivedFiles {
  fileName: string;
  /** As stored. */
  bytes: number;
  /** hex, of the bytes as stored. */
  sha256: string;
}

interface Measure {
  progress: UploadProgress;
  admitBytes: (bytes: number) => void;
}

interface Part {
  name: string;
  key: string;
  bytes: number;
  sha256: string;
}

/**
 * Streams an upload to `key`: an archive as it came, loose files as one tar. Throws UploadRefusal when the upload
 * breaks off, grows too large, does not pass `admitBytes` (called with how many have arrived) or names what no submission may hold. Nothing stays stored after a throw.
 */
export async function receiveFiles(
  store: FileStore,
  key: string,
  files: AsyncIterable<IncomingFile>,
  spec: TakenWork,
  progress: UploadProgress,
  admitBytes: (bytes: number) => void,
): Promise<ReceivedFiles> {
  const parts: Part[] = [];
  try {
    await storeParts(store, key, files, spec, { progress, admitBytes }, parts);
    const [first] = parts;
    if (first === undefined) {
      throw new UploadRefusal(
        "no-files",
        "The upload holds no file; choose an archive or the files to hand in.",
      );
    }
    const alone = parts.length === 1;
    if (spec.formats) await refuseOtherFormat(store, first, alone, spec.formats);
    if (alone && (await isArchive(store, first, spec))) {
      return { fileName: keptFileName(first.name), bytes: first.bytes, sha256: first.sha256 };
    }
    const stored = await packLooseFiles(store, key, admitAll(parts, spec.limits));
    for (const part of parts.slice(1)) await store.delete(part.key);
    return { fileName: "submission.tar", ...stored };
  } catch (error) {
    for (const part of parts) await store.delete(part.key);
    throw error;
  }
}

/** Fills `parts`, also with what was stored before a throw. */
async function storeParts(
  store: FileStore,
  key: string,
  files: AsyncIterable<IncomingFile>,
  spec: TakenWork,
  { progress, admitBytes }: Measure,
  parts: Part[],
) {
  const rules = looseRules(spec.limits);
  for await (const file of unbroken(files, progress)) {
    const [first] = parts;
    if (first === undefined) {
      progress.fileName = keptFileName(file.name);
      if ((progress.wholeBytes ?? 0) > mostSent(spec.limits)) throw tooLarge(spec.limits, progress);
    } else {
      // Now that there are several, names are paths: refused before their bytes are stored.
      if (parts.length === 1) admit(rules, first.name);
      admit(rules, file.name);
    }
    // The first lies under the key itself: as a rule it is an archive, and the only one.
    const lies = first === undefined ? key : partKey(key, parts.length);
    const stored = await store.put(
      lies,
      Readable.from(measured(file, spec.limits, { progress, admitBytes })),
      { once: true },
    );
    parts.push({ name: file.name, key: lies, ...stored });
  }
  progress.wholeBytes = progress.bytes;
}

/** The archive's rules for names and number hold for loose files as well. */
const looseRules = (limits: SubmissionLimits) => createEntryRules(limits, limits.packedBytes);

function admit(rules: EntryRules, name: string): string | null {
  return rules.admit({ name, kind: "file", claimedBytes: 0, executable: false, setId: false });
}

function admitAll(parts: Part[], limits: SubmissionLimits): LooseFile[] {
  const rules = looseRules(limits);
  return parts.flatMap(({ name, key, bytes }) => {
    const path = admit(rules, name);
    return path === null ? [] : [{ path, key, bytes }];
  });
}

async function isArchive(store: FileStore, part: Part, spec: TakenWork): Promise<boolean> {
  const byFormat = (format: ArchiveFormat | null) => isArchiveAlone(part.name, spec.requiredFiles, format);
  // Its bytes are only looked at where they decide.
  if (byFormat(null) === byFormat("zip")) return byFormat(null);
  return byFormat(await store.withLocalFile(part.key, detectFormat));
}

/** By its first bytes, whatever its name says. */
async function refuseOtherFormat(
  store: FileStore,
  first: Part,
  alone: boolean,
  formats: NonNullable<TakenWork["formats"]>,
) {
  const format = alone ? await store.withLocalFile(first.key, detectFormat) : null;
  if (format !== null && formats.includes(format)) return;
  const what = alone ? `${showName(first.name)} is none` : "these are loose files";
  throw new UploadRefusal(
    "format-not-taken",
    `This is handed in as ${formatsInWords(formats)}, and ${what}: pack your files into one, and submit that.`,
  );
}

/** The bytes of one file, counted; ends with a refusal at the first byte too much or when the sender is gone. */
async function* measured(file: IncomingFile, limits: SubmissionLimits, { progress, admitBytes }: Measure) {
  try {
    for await (const chunk of file.stream as AsyncIterable<Buffer>) {
      progress.bytes += chunk.length;
      if (progress.bytes > limits.packedBytes) throw tooLarge(limits, progress);
      admitBytes(progress.bytes);
      yield chunk;
    }
  } catch (error) {
    throw asRefusal(error, progress);
  }
}

async function* unbroken(files: AsyncIterable<IncomingFile>, progress: UploadProgress) {
  try {
    for await (const file of files) yield file;
  } catch (error) {
    throw asRefusal(error, progress);
  }
}

/** Of an upload that may still fit, with what a form has around its files. */
const mostSent = ({ packedBytes, entries }: SubmissionLimits) =>
  packedBytes + besidesFilesBytes + entries * besidesEachFileBytes;

function tooLarge(limits: SubmissionLimits, progress: UploadProgress) {
  const { fileName, bytes, wholeBytes } = progress;
  // Announced are at least as many as arrive, or it is no announcement.
  const known = wholeBytes !== null && wholeBytes >= bytes ? wholeBytes : null;
  return new UploadRefusal("too-large-packed", tooLargePacked(fileName, known, limits.packedBytes));
}

/** Whatever else ends the sender's stream early, the student sees the same: not everything arrived. */
function asRefusal(error: unknown, progress: UploadProgress) {
  if (error instanceof UploadRefusal || error instanceof AppError) return error;
  if (error instanceof SentTooSlowly) {
    return new UploadRefusal(
      "upload-too-slow",
      `${showName(progress.fileName)} was given up after ${sizeInWords(progress.bytes)} had arrived: an upload must be sent within ${sendingPace.wholeMs / 60_000} minutes, with no pause of ${sendingPace.pauseMs / 1000} seconds; leave out large files, or upload it again from a faster line.`,
    );
  }
  return new UploadRefusal(
    "upload-cut-off",
    `${showName(progress.fileName)} broke off after ${sizeInWords(progress.bytes)} had arrived; nothing was stored, so upload it again.`,
  );
}
