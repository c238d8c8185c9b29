import { foldPath, showName } from "./entry-path.ts";

export type RequiredFilesOutcome =
  | { outcome: "ok" }
  /** missing: as the exercise names them; message: one sentence for the student. */
  | {
      outcome: "refused";
      code: "missing-required" | "name-case-differs";
      missing: string[];
      message: string;
    };

/**
 * Are the files there that the exercise requires? A required path with a trailing slash is a folder with at
 * least one file. Names must match exactly: the machine's disk tells upper from lower case.
 */
export function checkRequiredFiles(
  files: readonly { path: string }[],
  requiredFiles: readonly string[],
): RequiredFilesOutcome {
  const missing = requiredFiles.filter((required) => !files.some((file) => matches(file.path, required)));
  if (missing.length === 0) return { outcome: "ok" };
  const near = missing.flatMap((required) => {
    const found = files.find((file) => matches(foldPath(file.path), foldPath(required)));
    return found ? [{ required, found: found.path }] : [];
  });
  const absent = missing.filter((required) => !near.some((one) => one.required === required));
  if (near.length === 0) {
    return { outcome: "refused", code: "missing-required", missing, message: sayAbsent(files, absent) };
  }
  const also = absent.length === 0 ? "" : `; ${listed(absent)} ${isOrAre(absent)} missing as well`;
  return {
    outcome: "refused",
    code: "name-case-differs",
    missing,
    message: `${sayCase(near)}${also}.`,
  };
}

function sayCase(near: { required: string; found: string }[]): string {
  const required = near.map((one) => one.required);
  const found = near.map((one) => one.found);
  return near.length === 1
    ? `${listed(required)} is required, but the submission has ${listed(found)}, which differs by upper and lower case; rename it`
    : `${listed(required)} are required, but the submission has ${listed(found)}, which differ by upper and lower case; rename them`;
}

function sayAbsent(files: readonly { path: string }[], absent: string[]): string {
  return `${listed(absent)} ${isOrAre(absent)} required and not in the submission; ${hint(files, absent)}.`;
}

function hint(files: readonly { path: string }[], absent: string[]): string {
  const nested = absent.length === 1 ? findDeeper(files, absent[0] ?? "") : undefined;
  if (nested) return `${showName(nested)} was found deeper; put it at the submission's root`;
  // All that lies at the root is there, and no folder is: their files were chosen instead of them.
  const inFolders = absent.every((required) => required.includes("/"));
  if (inFolders && files.length > 0 && files.every((file) => !file.path.includes("/"))) {
    const names = listed([...new Set(absent.map((one) => one.slice(0, one.lastIndexOf("/") + 1)))]);
    return `the submission has ${listNames(files)} and no folder ${names}; choose the folder instead of its files, or pack it with its name`;
  }
  return `the submission has ${listNames(files)}; add what is missing`;
}

const matches = (path: string, required: string) =>
  required.endsWith("/") ? path.startsWith(required) : path === required;

const findDeeper = (files: readonly { path: string }[], required: string) =>
  required.endsWith("/") ? undefined : files.find((file) => file.path.endsWith(`/${required}`))?.path;

const listed = (paths: readonly string[]) => paths.map(showName).join(", ");
const isOrAre = (paths: readonly string[]) => (paths.length === 1 ? "is" : "are");

function listNames(files: readonly { path: string }[]): string {
  const shown = files.slice(0, 8).map((file) => showName(file.path));
  const rest = files.length - shown.length;
  return rest > 0 ? `${shown.join(", ")} and ${rest} more` : shown.join(", ") || "no files";
}
