/**
 * Lists a zip in the browser by its central directory alone, so that missing files show before anything is sent.
 * The server reads the archive again and decides; this only saves a round trip.
 */

export interface ListedFile {
  path: string;
  /** After unpacking, as the archive says. */
  bytes: number;
}

const endSize = 22;
const maxComment = 65_535;
/** A central directory larger than this is left to the server. */
const maxDirectory = 16 * 1024 * 1024;

/** The files of the zip, or null when it is not a plain zip or its end cannot be found (then only the server can say). */
export async function listZip(file: Blob): Promise<ListedFile[] | null> {
  const tailStart = Math.max(0, file.size - endSize - maxComment);
  const tail = await view(file, tailStart, file.size);
  const end = findEnd(tail);
  if (end === null) return null;
  const count = tail.getUint16(end + 10, true);
  const size = tail.getUint32(end + 12, true);
  const start = tail.getUint32(end + 16, true);
  // 0xffff… means zip64: larger than any exercise takes.
  if (count === 0xffff || start === 0xffffffff || size > maxDirectory || start + size > file.size)
    return null;
  return readDirectory(await view(file, start, start + size), count);
}

const view = async (file: Blob, from: number, to: number) =>
  new DataView(await file.slice(from, to).arrayBuffer());

function findEnd(tail: DataView): number | null {
  for (let at = tail.byteLength - endSize; at >= 0; at--) {
    if (tail.getUint32(at, true) === 0x06054b50) return at;
  }
  return null;
}

function readDirectory(directory: DataView, count: number): ListedFile[] | null {
  const files: ListedFile[] = [];
  let at = 0;
  for (let entry = 0; entry < count; entry++) {
    if (at + 46 > directory.byteLength || directory.getUint32(at, true) !== 0x02014b50) return null;
    const nameLength = directory.getUint16(at + 28, true);
    const rest = directory.getUint16(at + 30, true) + directory.getUint16(at + 32, true);
    if (at + 46 + nameLength > directory.byteLength) return null;
    const name = new Uint8Array(directory.buffer, directory.byteOffset + at + 46, nameLength);
    const path = new TextDecoder().decode(name);
    if (!path.endsWith("/")) files.push({ path, bytes: directory.getUint32(at + 24, true) });
    at += 46 + nameLength + rest;
  }
  return files;
}
