import { showName } from "./entry-path.ts";
import { otherKindOfBytes } from "./format-of-bytes.ts";

/** Why a file that should be an archive is not taken, by its first bytes: one sentence, the same from browser and server. */
export function notAnArchive(fileName: string, head: Uint8Array): string {
  const name = showName(fileName);
  if (head.length === 0) {
    return `${name} is empty (0 bytes); pack the files that the exercise asks for as a zip, tar or tar.gz archive.`;
  }
  const kind = otherKindOfBytes(head);
  return `${name} is ${kind === null ? "not a" : `${kind}, not a`} zip, tar or tar.gz archive; pack your files as one of these.`;
}
