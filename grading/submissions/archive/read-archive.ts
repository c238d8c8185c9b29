import { stat } from "node:fs/promises";
import { Readable } from "node:stream";
import { finished } from "node:stream/promises";
import type { SubmissionLimits } from "../../exercises/spec/spec.ts";
import { type RefusalCode, UploadRefusal } from "../refusals/upload-refusal.ts";
import type { VisitEntry } from "./archive-entry.ts";
import { readHead } from "./detect-format.ts";
import { showName } from "./entry-path.ts";
import { createEntryRules, type EntryRules } from "./entry-rules.ts";
import { type ArchiveFormat, formatOfBytes } from "./format-of-bytes.ts";
import { notAnArchive } from "./not-an-archive.ts";
import { tooLargePacked } from "./too-large-packed.ts";
import { walkTar } from "./walk-tar.ts";
import { walkZip } from "./walk-zip.ts";
import { wrappingFolder } from "./wrapping-folder.ts";

export interface ArchiveFile {
  /** Relative to the submission's root, cleaned: safe to join to a folder. */
  path: string;
  bytes: number;
  executable: boolean;
}

/** Receives each file of an archive that passed every rule. What it leaves unread of the stream is skipped. */
export type OnArchiveFile = (file: ArchiveFile, stream: Readable) => Promise<void>;

export type ReadArchiveOutcome =
  | {
      outcome: "ok";
      format: ArchiveFormat;
      /** In the archive's order; at least one. */
      files: ArchiveFile[];
      /** The single top folder that wrapped everything and was taken off every path; null when there was none. */
      strippedFolder: string | null;
    }
  /** message: one sentence that names the entry, the rule and the fix. */
  | { outcome: "refused"; code: RefusalCode; message: string };

/**
 * The one reader of uploaded archives, for the upload and for the machine: zip, tar and tar.gz, told by their
 * bytes. Streams; never holds a file in memory; stops at the first rule broken. Every byte is unpacked and
 * checked before onFile sees the first, so a refused archive has no effect. fileName is used in messages only.
 * keepTopFolder leaves a folder that wraps everything where it is: for archives that Drydock made itself. So do
 * requiredFiles that lie in that very folder.
 * Throws for trouble with the disk and what onFile throws, never for anything in the archive.
 */
export async function readArchive(
  path: string,
  fileName: string,
  limits: SubmissionLimits,
  onFile?: OnArchiveFile,
  options: { keepTopFolder?: boolean; requiredFiles?: readonly string[] } = {},
): Promise<ReadArchiveOutcome> {
  try {
    const { size } = await stat(path);
    const format = await admitArchive(path, fileName, size, limits);
    const listed = await listFiles(path, format, size, limits);
    if (listed.length === 0)
      throw new UploadRefusal(
        "empty-archive",
        `${showName(fileName)} holds no files; pack the files that the exercise asks for.`,
      );
    const strippedFolder = options.keepTopFolder ? null : wrappingFolder(listed, options.requiredFiles ?? []);
    const files = listed.map((file) => ({ ...file, path: strip(file.path, strippedFolder) }));
    if (onFile) await handOut(path, format, size, limits, files, onFile);
    return { outcome: "ok", format, files, strippedFolder };
  } catch (error) {
    if (error instanceof UploadRefusal)
      return { outcome: "refused", code: error.code, message: error.message };
    throw error;
  }
}

async function admitArchive(path: string, fileName: string, size: number, limits: SubmissionLimits) {
  if (size > limits.packedBytes)
    throw new UploadRefusal("too-large-packed", tooLargePacked(fileName, size, limits.packedBytes));
  const head = await readHead(path);
  const format = formatOfBytes(head);
  if (format === null) throw new UploadRefusal("not-an-archive", notAnArchive(fileName, head));
  return format;
}

async function listFiles(path: string, format: ArchiveFormat, size: number, limits: SubmissionLimits) {
  const rules = createEntryRules(limits, size);
  const files: ArchiveFile[] = [];
  await walk(path, format, rules, async (entry, body) => {
    const admitted = rules.admit(entry);
    let bytes = 0;
    if (body !== null)
      for await (const chunk of body as AsyncIterable<Buffer>) {
        bytes += chunk.length;
        rules.unpacked(chunk.length);
      }
    if (admitted !== null) files.push({ path: admitted, bytes, executable: entry.executable });
  });
  return files;
}

/** The second reading: same walk, same order, so the files wanted are met one after the other. */
async function handOut(
  path: string,
  format: ArchiveFormat,
  size: number,
  limits: SubmissionLimits,
  files: ArchiveFile[],
  onFile: OnArchiveFile,
): Promise<void> {
  const rules = createEntryRules(limits, size);
  const waiting = files.values();
  await walk(path, format, rules, async (entry, body) => {
    if (body === null) return void rules.admit(entry);
    const file = rules.admit(entry) === null ? undefined : waiting.next().value;
    const counted = Readable.from(count(body, rules.unpacked), { objectMode: false });
    if (file) {
      try {
        await onFile(file, counted);
      } catch (cause) {
        throw cause instanceof UploadRefusal ? cause : new VisitorFailed(cause);
      }
    }
    if (!counted.readableEnded && !counted.destroyed) await finished(counted.resume());
  });
}

async function* count(body: Readable, seen: (bytes: number) => void) {
  for await (const chunk of body as AsyncIterable<Buffer>) {
    seen(chunk.length);
    yield chunk;
  }
}

/** Tells what onFile threw from damage in the archive. */
class VisitorFailed extends Error {
  constructor(readonly original: unknown) {
    super("onFile failed");
  }
}

async function walk(
  path: string,
  format: ArchiveFormat,
  rules: EntryRules,
  visit: VisitEntry,
): Promise<void> {
  try {
    if (format === "zip") await walkZip(path, visit);
    else await walkTar(path, format === "tar.gz", visit, rules.streamed);
  } catch (error) {
    if (error instanceof UploadRefusal) throw error;
    if (error instanceof VisitorFailed) throw error.original;
    if (!(error instanceof Error) || "syscall" in error) throw error;
    const detail = withoutFullStop(error.message.slice(0, 200));
    throw new UploadRefusal(
      "archive-damaged",
      `The archive is damaged or cut off (${showName(detail).slice(1, -1)}); pack and upload it again.`,
    );
  }
}

const withoutFullStop = (text: string) => (text.trimEnd().endsWith(".") ? text.trimEnd().slice(0, -1) : text);

const strip = (path: string, folder: string | null) =>
  folder === null ? path : path.slice(folder.length + 1);
