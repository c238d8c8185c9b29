import type { SubmissionLimits } from "#grading/exercises/spec/spec.ts";
import { checkRequiredFiles } from "#grading/submissions/archive/check-required-files.ts";
import { isSystemClutter } from "#grading/submissions/archive/entry-path.ts";
import { formatOfBytes, headBytes } from "#grading/submissions/archive/format-of-bytes.ts";
import { notAnArchive } from "#grading/submissions/archive/not-an-archive.ts";
import { tooLargePacked } from "#grading/submissions/archive/too-large-packed.ts";
import { wrappingFolder } from "#grading/submissions/archive/wrapping-folder.ts";
import { isArchiveAlone } from "#grading/submissions/file-name.ts";
import { formatBytes } from "../format.ts";
import { type ListedFile, listZip } from "./zip-listing.ts";

/** One file with its path inside what was chosen. */
export interface ChosenFile {
  path: string;
  file: File;
}

/** What the reader dropped or chose, looked at before it is sent. */
export interface DroppedWork {
  /** One archive, or loose files. */
  kind: "archive" | "loose";
  files: ChosenFile[];
  /** What will be graded; null when only the server can look inside (tar), and of what is no archive at all. */
  listing: ListedFile[] | null;
  /** The one folder around everything, which the server leaves out; null when there is none. */
  strippedFolder: string | null;
  packedBytes: number;
  /** Why it is no archive although its name says so; null: it is one, or none was meant. */
  notArchive: string | null;
  /** Sent with the upload: sending this drop twice makes one submission. */
  key: string;
}

/** A name for this drop that nobody else has; works on plain http too, where crypto.randomUUID does not exist. */
export function newDropKey(): string {
  return [...crypto.getRandomValues(new Uint8Array(16))]
    .map((byte) => byte.toString(16).padStart(2, "0"))
    .join("");
}

/** Files with where each sits in its folder: browsers say it in different places, some with ./ in front. */
export function withPaths(files: readonly (File & { path?: string })[]): ChosenFile[] {
  return files.map((file) => {
    const path = file.webkitRelativePath || file.path || file.name;
    return { path: path.replace(/^(\.?\/)+/, ""), file };
  });
}

/** Throws what the browser throws when a file cannot be read any more. */
export async function lookAtWork(
  chosen: readonly ChosenFile[],
  requiredFiles: readonly string[],
  key = newDropKey(),
): Promise<DroppedWork> {
  const files = chosen.filter(({ path }) => !isSystemClutter(path));
  const packedBytes = files.reduce((sum, { file }) => sum + file.size, 0);
  const [first] = files;
  if (files.length === 1 && first) {
    const head = new Uint8Array(await first.file.slice(0, headBytes).arrayBuffer());
    const format = formatOfBytes(head);
    if (isArchiveAlone(first.path, requiredFiles, format)) {
      const listed = format === "zip" ? await listZip(first.file) : null;
      const listing = listed?.filter(({ path }) => !isSystemClutter(path)) ?? null;
      const notArchive = format === null ? notAnArchive(first.path, head) : null;
      return {
        ...{ kind: "archive", files, packedBytes, notArchive, key },
        ...stripFolder(listing, requiredFiles),
      };
    }
  }
  const listing = files.map(({ path, file }) => ({ path, bytes: file.size }));
  return {
    ...{ kind: "loose", files, packedBytes, notArchive: null, key },
    ...stripFolder(listing, requiredFiles),
  };
}

/** Without the one folder that holds everything, as the server reads it. */
export function stripFolder(
  listing: ListedFile[] | null,
  requiredFiles: readonly string[],
): Pick<DroppedWork, "listing" | "strippedFolder"> {
  const folder = listing && wrappingFolder(listing, requiredFiles);
  if (!listing || folder === null) return { listing, strippedFolder: null };
  return {
    listing: listing.map((file) => ({ ...file, path: file.path.slice(folder.length + 1) })),
    strippedFolder: folder,
  };
}

/** Whether a required path is among the files: a folder has a trailing slash and needs one file in it. */
export function isThere(listing: readonly ListedFile[], required: string): boolean {
  return listing.some((file) =>
    required.endsWith("/") ? file.path.startsWith(required) : file.path === required,
  );
}

/** sure: whatever the server finds inside, it refuses this too, so there is no use in sending it. */
export interface ForeseenRefusal {
  /** One sentence. */
  message: string;
  sure: boolean;
}

/** Why the server would refuse it; null when nothing is wrong that can be seen from here. */
export function foreseeRefusal(
  { files, listing, packedBytes, notArchive }: DroppedWork,
  requiredFiles: readonly string[],
  limits: SubmissionLimits,
): ForeseenRefusal | null {
  const sure = (message: string) => ({ message, sure: true });
  const [first] = files;
  if (!first) return sure("There is no file in what you chose; choose the files to hand in.");
  if (packedBytes > limits.packedBytes) {
    return sure(tooLargePacked(files.length === 1 ? first.path : null, packedBytes, limits.packedBytes));
  }
  if (notArchive !== null) return sure(notArchive);
  if (listing === null) return null;
  const unpacked = listing.reduce((sum, file) => sum + file.bytes, 0);
  if (unpacked > limits.unpackedBytes) {
    return sure(
      `Unpacked it has ${formatBytes(unpacked)}, the limit is ${formatBytes(limits.unpackedBytes)}; leave out what is not needed.`,
    );
  }
  if (listing.length > limits.entries) {
    return sure(
      `It has ${listing.length} files, the limit is ${limits.entries}; leave out what is not needed, such as node_modules.`,
    );
  }
  const required = checkRequiredFiles(listing, requiredFiles);
  return required.outcome === "ok" ? null : { message: required.message, sure: false };
}
