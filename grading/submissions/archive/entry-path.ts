import type { RefusalCode } from "../refusals/upload-refusal.ts";

const maxPathBytes = 1000;
const maxNameBytes = 255;
const maxDepth = 32;

/**
 * Control characters, all that is invisible or turns the direction of writing, and the mark of undecodable bytes:
 * nothing a shell or page should meet, and two names that differ by such a character look alike. The joiners inside
 * some emoji are among them.
 */
const forbidden = /[\p{Cc}\p{Cf}\p{Cs}\p{Default_Ignorable_Code_Point}\u2028\u2029\ufffd]/u;

export type CleanedPath =
  | { outcome: "ok"; path: string }
  /** rule: the rest of a sentence that begins with the entry's name. */
  | { outcome: "refused"; code: RefusalCode; rule: string };

/** A hostile name for a sentence: quoted, control and invisible characters escaped, cut at 120 characters. */
export function showName(name: string): string {
  const escaped = name.replace(
    /[\p{Cc}\p{Cf}\p{Cs}\p{Default_Ignorable_Code_Point}\u2028\u2029"\\]/gu,
    (c) => (c === '"' || c === "\\" ? `\\${c}` : `\\u{${(c.codePointAt(0) ?? 0).toString(16)}}`),
  );
  return `"${escaped.length > 120 ? `${escaped.slice(0, 117)}...` : escaped}"`;
}

/** Two paths with one key would be one file on a disk that ignores case or Unicode form. */
export function foldPath(path: string): string {
  return path.normalize("NFKC").toUpperCase().toLowerCase().normalize("NFKC");
}

/**
 * The path of an archive's entry, relative to the submission's root: no leading or doubled slash, no `.` or `..`,
 * Unicode in composed form (NFC), "" for the root itself. Refuses every name that could leave the root or
 * mean something else on another disk.
 */
export function cleanEntryPath(raw: string): CleanedPath {
  const refused = (code: RefusalCode, rule: string): CleanedPath => ({ outcome: "refused", code, rule });
  if (forbidden.test(raw))
    return refused(
      "path-bad-name",
      "has control, invisible or undecodable characters in its name; rename it with plain letters",
    );
  if (raw.includes("\\"))
    return refused("path-bad-name", "has a backslash in its name; use / between folders and rename the file");
  const segments = raw.normalize("NFC").split("/");
  if (segments.includes(".."))
    return refused(
      "path-outside",
      "leads outside the submission with ..; pack the files from inside your project's folder",
    );
  const kept = segments.filter((segment) => segment !== "" && segment !== ".");
  const path = kept.join("/");
  if (raw.startsWith("/") || /^[A-Za-z]:/.test(path))
    return refused(
      "path-absolute",
      "has an absolute path; pack the files by a path relative to your project's folder",
    );
  if (
    kept.some((segment) => Buffer.byteLength(segment) > maxNameBytes) ||
    Buffer.byteLength(path) > maxPathBytes
  )
    return refused(
      "path-bad-name",
      `has a name longer than ${maxNameBytes} bytes or a path longer than ${maxPathBytes}; shorten it`,
    );
  if (kept.length > maxDepth)
    return refused("path-bad-name", `lies more than ${maxDepth} folders deep; move it further up`);
  return { outcome: "ok", path };
}

/** What macOS and its archivers add beside the files; never part of a submission. */
export function isSystemClutter(path: string): boolean {
  const segments = path.split("/");
  const name = segments.at(-1) ?? "";
  return segments.includes("__MACOSX") || name === ".DS_Store" || name.startsWith("._");
}
