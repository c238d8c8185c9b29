const startsWith = (bytes: Uint8Array, signature: readonly number[], at = 0) =>
  signature.every((byte, index) => bytes[at + index] === byte);
const ascii = (text: string) => [...text].map((character) => character.charCodeAt(0));

export type ImageType = "image/png" | "image/jpeg" | "image/gif" | "image/webp";

/**
 * The type of an image that browsers may show from its bytes alone; null for all else. By its first bytes, whatever
 * its name says. SVG is none of them: it is a document with scripts.
 */
export function imageTypeOf(head: Uint8Array): ImageType | null {
  if (startsWith(head, [0x89, ...ascii("PNG\r\n"), 0x1a, 0x0a])) return "image/png";
  if (startsWith(head, [0xff, 0xd8, 0xff])) return "image/jpeg";
  if (startsWith(head, ascii("GIF87a")) || startsWith(head, ascii("GIF89a"))) return "image/gif";
  if (startsWith(head, ascii("RIFF")) && startsWith(head, ascii("WEBP"), 8)) return "image/webp";
  return null;
}
