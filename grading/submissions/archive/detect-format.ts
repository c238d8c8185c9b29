import { open } from "node:fs/promises";

export type ArchiveFormat = "zip" | "tar" | "tar.gz";

/** The format by the file's first bytes, whatever its name says; null when it is none that is taken. */
export async function detectFormat(path: string): Promise<ArchiveFormat | null> {
  const head = Buffer.alloc(512);
  const handle = await open(path, "r");
  try {
    const { bytesRead } = await handle.read(head, 0, head.length, 0);
    return formatOf(head.subarray(0, bytesRead));
  } finally {
    await handle.close();
  }
}

function formatOf(head: Buffer): ArchiveFormat | null {
  const magic = head.length >= 4 ? head.readUInt32BE(0) : 0;
  // PK 03 04 is a first entry, PK 05 06 the end of an archive with none.
  if (magic === 0x504b0304 || magic === 0x504b0506) return "zip";
  if (magic >>> 16 === 0x1f8b) return "tar.gz";
  return head.length === 512 && isTarHeader(head) ? "tar" : null;
}

/** By checksum, because tars from before 1988's ustar carry no magic; a block of zeros is an empty tar. */
function isTarHeader(block: Buffer): boolean {
  if (block.every((byte) => byte === 0)) return true;
  const stated = Number.parseInt(
    block
      .toString("latin1", 148, 156)
      .replace(/[\0 ]+/g, " ")
      .trim(),
    8,
  );
  let sum = 0;
  for (const [index, byte] of block.entries()) sum += index >= 148 && index < 156 ? 32 : byte;
  return stated === sum;
}
