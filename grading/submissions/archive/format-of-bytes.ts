import { type ImageType, imageTypeOf } from "./image-type.ts";

export type ArchiveFormat = "zip" | "tar" | "tar.gz";

/** So many of a file's first bytes decide what it is. */
export const headBytes = 512;

/** The format by a file's first bytes, whatever its name says; null when it is none that is taken. Runs in the browser too. */
export function formatOfBytes(head: Uint8Array): ArchiveFormat | null {
  // PK 03 04 is a first entry, PK 05 06 the end of an archive with none.
  if (begins(head, 0x50, 0x4b, 0x03, 0x04) || begins(head, 0x50, 0x4b, 0x05, 0x06)) return "zip";
  if (head.length >= 4 && begins(head, 0x1f, 0x8b)) return "tar.gz";
  return head.length >= headBytes && isTarHeader(head.subarray(0, headBytes)) ? "tar" : null;
}

const others: [words: string, ...magic: number[]][] = [
  ["a RAR archive", 0x52, 0x61, 0x72, 0x21],
  ["a 7z archive", 0x37, 0x7a, 0xbc, 0xaf],
  ["an xz file", 0xfd, 0x37, 0x7a, 0x58],
  ["a bzip2 file", 0x42, 0x5a, 0x68],
  ["a Zstandard file", 0x28, 0xb5, 0x2f, 0xfd],
  ["a PDF", 0x25, 0x50, 0x44, 0x46],
];

const images: Record<ImageType, string> = {
  "image/png": "a PNG image",
  "image/jpeg": "a JPEG image",
  "image/gif": "a GIF image",
  "image/webp": "a WebP image",
};

/** What else a file is by its first bytes, such as "a text file"; null when they do not tell. */
export function otherKindOfBytes(head: Uint8Array): string | null {
  const other = others.find(([, ...magic]) => begins(head, ...magic));
  if (other) return other[0];
  const image = imageTypeOf(head);
  if (image !== null) return images[image];
  return isText(head.subarray(0, headBytes)) ? "a text file" : null;
}

const begins = (head: Uint8Array, ...magic: number[]) => magic.every((byte, at) => head[at] === byte);

/** UTF-8 without the control characters that no editor writes; a character may be cut at the end. */
function isText(head: Uint8Array): boolean {
  if (head.some((byte) => byte < 0x20 && !textControls.has(byte))) return false;
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(head, { stream: true }) !== "";
  } catch {
    // Not UTF-8, which is an answer.
    return false;
  }
}

/** Tab, line feed, form feed, carriage return. */
const textControls = new Set([0x09, 0x0a, 0x0c, 0x0d]);

/** By checksum, because tars from before 1988's ustar carry no magic; a block of zeros is an empty tar. */
function isTarHeader(block: Uint8Array): boolean {
  if (block.every((byte) => byte === 0)) return true;
  const written = String.fromCharCode(...block.subarray(148, 156));
  const stated = Number.parseInt(written.replace(/[\0 ]+/g, " ").trim(), 8);
  let sum = 0;
  for (const [index, byte] of block.entries()) sum += index >= 148 && index < 156 ? 32 : byte;
  return stated === sum;
}
