import type { SubmissionLimits } from "#grading/exercises/spec/spec.ts";
import { checkRequiredFiles } from "#grading/submissions/archive/check-required-files.ts";
import { wrappingFolder } from "#grading/submissions/archive/wrapping-folder.ts";
import { formatBytes } from "../format.ts";
import { type ListedFile, listZip } from "./zip-listing.ts";

/** What the reader dropped or chose, looked at before it is sent. */
export interface DroppedWork {
  /** One archive, or loose files. */
  kind: "archive" | "loose";
  files: { path: string; file: File }[];
  /** What will be graded; null when only the server can look inside (tar). */
  listing: ListedFile[] | null;
  /** The one folder around everything, which the server leaves out; null when there is none. */
  strippedFolder: string | null;
  packedBytes: number;
  /** Sent with the upload: sending this drop twice makes one submission. */
  key: string;
}

const archiveName = /\.(zip|tar|tar\.gz|tgz)$/i;
const ignored = (path: string) => path.startsWith("__MACOSX/") || /(^|\/)\.DS_Store$/.test(path);

/** A name for this drop that nobody else has; works on plain http too, where crypto.randomUUID does not exist. */
export function newDropKey(): string {
  return [...crypto.getRandomValues(new Uint8Array(16))]
    .map((byte) => byte.toString(16).padStart(2, "0"))
    .join("");
}

/** Where a dropped file sits in its folder: browsers say it in different places, some with ./ in front. */
export function pathOf(file: File & { path?: string }): string {
  const path = file.webkitRelativePath || file.path || file.name;
  return path.replace(/^(\.?\/)+/, "");
}

export async function lookAtWork(
  files: readonly File[],
  requiredFiles: readonly string[],
): Promise<DroppedWork> {
  const key = newDropKey();
  const packedBytes = files.reduce((sum, file) => sum + file.size, 0);
  const [first] = files;
  if (files.length === 1 && first && archiveName.test(first.name)) {
    const listing = await listZip(first);
    return {
      kind: "archive",
      files: [{ path: first.name, file: first }],
      ...stripFolder(listing?.filter((file) => !ignored(file.path)) ?? null, requiredFiles),
      packedBytes,
      key,
    };
  }
  const loose = files.map((file) => ({ path: pathOf(file), file })).filter(({ path }) => !ignored(path));
  const listing = loose.map(({ path, file }) => ({ path, bytes: file.size }));
  return { kind: "loose", files: loose, ...stripFolder(listing, requiredFiles), packedBytes, key };
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

/** Why the server would refuse it, in one sentence; null when nothing is wrong that can be seen from here. */
export function foreseeRefusal(
  work: DroppedWork,
  requiredFiles: readonly string[],
  limits: SubmissionLimits,
): string | null {
  if (work.files.length === 0) return "There is no file in what you chose; choose the files to hand in.";
  if (work.packedBytes > limits.packedBytes) {
    return `The upload has ${formatBytes(work.packedBytes)}, the limit is ${formatBytes(limits.packedBytes)}; leave out what is not needed.`;
  }
  if (work.listing === null) return null;
  const unpacked = work.listing.reduce((sum, file) => sum + file.bytes, 0);
  if (unpacked > limits.unpackedBytes) {
    return `Unpacked it has ${formatBytes(unpacked)}, the limit is ${formatBytes(limits.unpackedBytes)}; leave out what is not needed.`;
  }
  if (work.listing.length > limits.entries) {
    return `It has ${work.listing.length} files, the limit is ${limits.entries}; leave out what is not needed, such as node_modules.`;
  }
  const required = checkRequiredFiles(work.listing, requiredFiles);
  return required.outcome === "ok" ? null : required.message;
}
