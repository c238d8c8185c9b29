import { cleanEntryPath } from "./archive/entry-path.ts";
import type { ArchiveFormat } from "./archive/format-of-bytes.ts";

const maxLength = 200;

/**
 * A sender's file name as it is kept and shown: the last part of its path, with characters that no name should
 * have replaced, cut to a length that fits a line. It never names a file of ours.
 */
export function keptFileName(name: string): string {
  const last = name.split(/[\\/]/).findLast((part) => part !== "") ?? "";
  const printable = last
    .replace(/[\p{Cc}\p{Cf}\p{Cs}\p{Default_Ignorable_Code_Point}\u2028\u2029]/gu, "_")
    .trim();
  return printable === "" ? "submission" : [...printable].slice(0, maxLength).join("");
}

const archiveEnding = /\.(zip|tar|t?gz|tgz|bz2|xz|7z|rar|zst)$/i;

/** Whether what is called so is meant as an archive, unless the exercise asks for a file of that name. */
export const hasArchiveEnding = (name: string) => archiveEnding.test(name);

/**
 * Whether one file sent alone is an archive to be opened, and not the work itself: by what the exercise asks for, then
 * by its name, then by its first bytes (format: null when they are no archive's).
 */
export function isArchiveAlone(
  name: string,
  requiredFiles: readonly string[],
  format: ArchiveFormat | null,
): boolean {
  return !isRequired(name, requiredFiles) && (hasArchiveEnding(name) || format !== null);
}

function isRequired(name: string, requiredFiles: readonly string[]): boolean {
  const cleaned = cleanEntryPath(name);
  if (cleaned.outcome === "refused") return false;
  return requiredFiles.some((required) =>
    required.endsWith("/") ? cleaned.path.startsWith(required) : cleaned.path === required,
  );
}
