import { open } from "node:fs/promises";
import { type ArchiveFormat, formatOfBytes, headBytes } from "./format-of-bytes.ts";

/** The format by the file's first bytes, whatever its name says; null when it is none that is taken. */
export async function detectFormat(path: string): Promise<ArchiveFormat | null> {
  return formatOfBytes(await readHead(path));
}

/** The file's first bytes, headBytes of them or all that it has. */
export async function readHead(path: string): Promise<Uint8Array> {
  const head = new Uint8Array(headBytes);
  const handle = await open(path, "r");
  try {
    const { bytesRead } = await handle.read(head, 0, head.length, 0);
    return head.subarray(0, bytesRead);
  } finally {
    await handle.close();
  }
}
