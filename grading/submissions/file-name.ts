import { cleanEntryPath } from "./archive/entry-path.ts";

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

/** Whether one file sent alone is meant as itself and not as an archive: it is what the exercise asks for. */
export function isMeantAsLoose(name: string, requiredFiles: readonly string[]): boolean {
  if (requiredFiles.length === 0) return !archiveEnding.test(name);
  const cleaned = cleanEntryPath(name);
  if (cleaned.outcome === "refused") return false;
  return requiredFiles.some((required) =>
    required.endsWith("/") ? cleaned.path.startsWith(required) : cleaned.path === required,
  );
}
