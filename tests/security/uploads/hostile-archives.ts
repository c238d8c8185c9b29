import { Readable } from "node:stream";
import { createGzip } from "node:zlib";
import { ZipFile } from "yazl";
import { zipOf } from "#tests/support/submit.ts";

/** A zip whose maker's own checks are gone around: the name is changed in the finished bytes. */
export async function patchedZip(placeholder: string, hostile: string): Promise<Buffer> {
  if (placeholder.length !== hostile.length) throw new Error("Both names must have one length.");
  const zip = await zipOf({ Dockerfile: "FROM busybox\n", [placeholder]: "x" });
  const text = zip.toString("latin1").replaceAll(placeholder, hostile);
  return Buffer.from(text, "latin1");
}

/** A zip with one file of so many zeros. */
export async function zipBomb(bytes: number): Promise<Buffer> {
  const zip = new ZipFile();
  zip.addBuffer(Buffer.alloc(bytes), "Dockerfile", { compress: true });
  zip.end();
  const chunks: Buffer[] = [];
  for await (const chunk of zip.outputStream as Readable) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}

const block = 512;
const batch = 10_000;

/** A tar.gz with so many empty files. */
export function manyEntries(count: number): Readable {
  const headers = function* () {
    for (let from = 0; from < count; from += batch) {
      const size = Math.min(batch, count - from);
      const bytes = Buffer.alloc(size * block);
      for (let i = 0; i < size; i++) writeHeader(bytes.subarray(i * block, (i + 1) * block), `f${from + i}`);
      yield bytes;
    }
    yield Buffer.alloc(2 * block);
  };
  return Readable.from(headers()).pipe(createGzip({ level: 1 }));
}

function writeHeader(header: Buffer, name: string) {
  header.write(name, 0);
  header.write("0000644\0", 100);
  header.write("0000000\0", 108);
  header.write("0000000\0", 116);
  header.write("00000000000\0", 124);
  header.write("00000000000\0", 136);
  header.write("        ", 148);
  header.write("0ustar\u000000", 156);
  const sum = header.reduce((total, byte) => total + byte, 0);
  header.write(`${sum.toString(8).padStart(6, "0")}\0 `, 148);
}
