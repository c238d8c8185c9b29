import type { Readable } from "node:stream";

/** One entry as the archive states it; name is hostile text. */
export interface RawEntry {
  name: string;
  kind: "file" | "folder" | "link" | "device" | "own-form";
  /** Bytes after unpacking as the archive claims; the walker's stream fails when it holds other than that. */
  claimedBytes: number;
  executable: boolean;
  /** Set-user-ID or set-group-ID bit on a file. */
  setId: boolean;
}

/** Called for each entry in the archive's order; body is null for all but files. A throw ends the walk. */
export type VisitEntry = (entry: RawEntry, body: Readable | null) => Promise<void>;

const fileTypeMask = 0o170000;
const kinds = new Map<number, RawEntry["kind"]>([
  [0o040000, "folder"],
  [0o100000, "file"],
  [0o120000, "link"],
]);

/** What the file-type bits of a Unix mode say; null when they are not set, "device" for all that is no file. */
export function kindOfMode(mode: number): RawEntry["kind"] | null {
  const type = mode & fileTypeMask;
  return type === 0 ? null : (kinds.get(type) ?? "device");
}

export const isExecutable = (mode: number) => (mode & 0o100) !== 0;
export const hasSetId = (mode: number) => (mode & 0o6000) !== 0;
