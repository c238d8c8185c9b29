import { mkdtemp, rm, stat, writeFile } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { crc32, deflateRawSync, gzipSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { SubmissionLimits } from "../../exercises/spec/spec.ts";
import { readArchive } from "./read-archive.ts";

/** An exercise's limits when its author states none. */
const limits: SubmissionLimits = { packedBytes: 20 * 2 ** 20, unpackedBytes: 100 * 2 ** 20, entries: 2000 };
const MiB = 2 ** 20;
let dir: string;
let made = 0;
beforeAll(async () => {
  dir = await mkdtemp(path.join(os.tmpdir(), "drydock-hostile-"));
});
afterAll(() => rm(dir, { recursive: true, force: true }));

/** What readArchive says, how many bytes were handed out, and the archive's size. */
async function read(bytes: Buffer, under: SubmissionLimits = limits) {
  made += 1;
  const file = path.join(dir, `${made}`);
  await writeFile(file, bytes);
  let handedOut = 0;
  const outcome = await readArchive(file, "work", under, async (_entry, stream) => {
    for await (const chunk of stream) handedOut += (chunk as Buffer).length;
  });
  const code = outcome.outcome === "ok" ? "ok" : outcome.code;
  const message = outcome.outcome === "ok" ? "" : outcome.message;
  return { code, message, handedOut, packed: (await stat(file)).size };
}

/** One block of a tar that no honest archiver writes; size is the field's twelve bytes. */
function block(name: string, typeflag: string, size: number | Buffer, mode = "0000644"): Buffer {
  const header = Buffer.alloc(512);
  header.write(name, 0, 100);
  header.write(mode, 100);
  header.write("0000000", 108);
  header.write("0000000", 116);
  if (typeof size === "number") header.write(size.toString(8).padStart(11, "0"), 124);
  else size.copy(header, 124);
  header.write("00000000000", 136);
  header.write("        ", 148);
  header.write(typeflag, 156);
  header.write("ustar\x0000", 257);
  const sum = header.reduce((total, byte) => total + byte, 0);
  header.write(`${sum.toString(8).padStart(6, "0")}\0 `, 148);
  return header;
}

function padded(body: Buffer): Buffer {
  return Buffer.concat([body, Buffer.alloc((512 - (body.length % 512)) % 512)]);
}
const entry = (name: string, body: Buffer | string, typeflag = "0", mode?: string) => {
  const bytes = Buffer.from(body);
  return Buffer.concat([block(name, typeflag, bytes.length, mode), padded(bytes)]);
};
const end = Buffer.alloc(1024);
const honest = entry("app.py", "print(1)\n");

function paxRecord(key: string, value: string): string {
  const rest = ` ${key}=${value}\n`;
  let length = rest.length + 1;
  while (`${length}${rest}`.length !== length) length += 1;
  return `${length}${rest}`;
}

describe("a tar's headers have a budget of their own", () => {
  test("pax flood: 300 headers of 160,000 records, 0.4 MiB packed", async () => {
    const flood = gzipSync(entry("PaxHeader", "6 a=b\n".repeat(160_000), "x"));
    const parts = Array.from({ length: 300 }, (_, i) => [flood, gzipSync(entry(`f${i}`, "x"))]).flat();
    const result = await read(Buffer.concat([...parts, gzipSync(end)]));
    expect(result).toMatchObject({ code: "headers-too-large", handedOut: 0 });
    expect(result.packed).toBeLessThan(MiB);
  });

  test("one pax header of 2 MB", async () => {
    const flood = entry("PaxHeader", "6 a=b\n".repeat(350_000), "x");
    expect(await read(gzipSync(Buffer.concat([flood, honest, end])))).toMatchObject({
      code: "headers-too-large",
    });
  });

  test("long names, one after the other, before the file that has the last", async () => {
    const long = entry("././@LongLink", "n".repeat(200_000), "L");
    const parts = Array.from({ length: 10 }, () => long);
    expect((await read(gzipSync(Buffer.concat([...parts, honest, end])))).code).toBe("headers-too-large");
  });

  test("global pax headers without an entry between them", async () => {
    const global = entry("pax_global_header", "6 a=b\n".repeat(1000), "g");
    const parts = Array.from({ length: 400 }, () => global);
    expect((await read(gzipSync(Buffer.concat([...parts, honest, end])))).code).toBe("headers-too-large");
  });

  test("padding behind the end, and padding that comes with a second archive after it", async () => {
    const zeros = Buffer.alloc(8 * MiB);
    expect((await read(gzipSync(Buffer.concat([honest, end, zeros])))).code).toBe("headers-too-large");
    expect((await read(gzipSync(Buffer.concat([honest, zeros, honest, end])))).code).toBe(
      "headers-too-large",
    );
  });

  test("what honest archivers write beside each of 2,000 files is taken", async () => {
    const record =
      paxRecord("mtime", "1732780800.123456789") + paxRecord("LIBARCHIVE.xattr.note", "a".repeat(300));
    const parts = Array.from({ length: 1990 }, (_, i) => [
      entry("PaxHeader", record, "x"),
      entry(`src/f${i}.py`, `print(${i})\n`),
    ]).flat();
    // tar -b 1024 rounds the archive up to half a megabyte.
    const whole = gzipSync(Buffer.concat([...parts, Buffer.alloc(512 * 1024)]));
    expect((await read(whole)).code).toBe("ok");
  });
});

describe("every byte of a tar counts, whatever its entry is called", () => {
  const body = Buffer.alloc(4_900_000);

  test("d/ with typeflag 7 and 4.9 MB each, 500 times", async () => {
    // One after the other, each packed alone: 2.3 GiB at once is what the attack is about.
    const members = Array.from({ length: 500 }, (_, i) => gzipSync(block(`d${i}/`, "7", body.length)));
    const packedBody = gzipSync(padded(body));
    const bomb = [gzipSync(honest), ...members.flatMap((member) => [member, packedBody]), gzipSync(end)];
    const result = await read(Buffer.concat(bomb));
    expect(result).toMatchObject({ code: "archive-damaged", handedOut: 0 });
    expect(result.message).toContain('"d0/" is a folder by its name and yet holds 4.7 MB');
  });

  test("a file whose mode says folder", async () => {
    const result = await read(Buffer.concat([honest, entry("d", body, "7", "0040755"), end]));
    expect(result.code).toBe("archive-damaged");
  });

  test("an old tar's folder, a file of no bytes whose name ends in /, is one still", async () => {
    expect((await read(Buffer.concat([entry("src/", "", "0"), honest, end]))).code).toBe("ok");
  });

  test("ratio: the bytes of clutter that is left out count too", async () => {
    const parts = Array.from({ length: 4 }, (_, i) => entry(`._f${i}`, body));
    const result = await read(gzipSync(Buffer.concat([honest, ...parts, end])));
    expect(result).toMatchObject({ code: "ratio-too-high", handedOut: 0 });
  });
});

describe("a tar's sizes that no file has", () => {
  const base256 = (...bytes: number[]) => Buffer.from([...bytes, ...Array(12 - bytes.length).fill(0xff)]);
  const sizes: [string, Buffer][] = [
    ["negative in base 256", base256(0xff)],
    ["2^95 in base 256", base256(0x80, 0x7f)],
    ["not a number", Buffer.from("NaN not oct ")],
    ["negative in octal", Buffer.from("-0000001000\0")],
  ];
  for (const [what, size] of sizes)
    test(what, async () => {
      const result = await read(Buffer.concat([honest, block("a", "0", size), Buffer.alloc(512), end]));
      // What counts: no file of another size than its bytes, no exception, and not for ever.
      expect(["archive-damaged", "too-large-unpacked", "entry-duplicate", "ok"]).toContain(result.code);
      expect(result.handedOut).toBeLessThanOrEqual(1024);
    });
  for (const value of ["-1", "NaN", "1e30", "99999999999999999999", "0x10", " 5", "-9223372036854775808"])
    test(`size=${value} by pax`, async () => {
      const pax = entry("PaxHeader", paxRecord("size", value), "x");
      const result = await read(Buffer.concat([honest, pax, entry("a", "hello"), end]));
      expect(["archive-damaged", "too-large-unpacked", "ok"]).toContain(result.code);
      expect(result.handedOut).toBeLessThanOrEqual(1024);
    });
});

describe("a sparse file, whose bytes are not what follows its header,", () => {
  const pax10 = { major: "1", minor: "0", name: "data.bin", realsize: "1048576" };
  const records = Object.entries(pax10).map(([key, value]) => paxRecord(`GNU.sparse.${key}`, value));
  const map = padded(Buffer.from("1\n1048570\n6\n"));
  const forms: [string, Buffer][] = [
    [
      "by tar -S --format=pax",
      Buffer.concat([
        entry("PaxHeader", records.join(""), "x"),
        entry("GNUSparseFile.0/data.bin", Buffer.concat([map, Buffer.from("hello\n")])),
      ]),
    ],
    [
      "of the first pax form",
      Buffer.concat([
        entry("PaxHeader", paxRecord("GNU.sparse.map", "1048570,6"), "x"),
        entry("data.bin", "hello\n"),
      ]),
    ],
    ["by tar -S", entry("data.bin", "hello\n", "S")],
  ];
  for (const [form, bytes] of forms)
    test(`${form} is refused with what to do`, async () => {
      const result = await read(Buffer.concat([honest, bytes, end]));
      expect(result).toMatchObject({ code: "entry-own-form", handedOut: 0 });
      expect(result.message).toMatch(/^"data\.bin" .*sparse file of tar -S; pack again without/);
    });
});

interface ZipItem {
  name: string;
  body: Buffer;
  /** Offset of the local header that the directory names, instead of its own. */
  at?: number;
  /** Bytes unpacked and packed that the directory claims, instead of the true ones. */
  claims?: { unpacked?: number; packed?: number };
  /** Sizes by a zip64 field, in 64 bits. */
  zip64?: { unpacked: bigint; packed: bigint };
  comment?: Buffer;
}

/** A zip written by hand, so that its directory can lie. */
function zip(items: ZipItem[], claimedEntries = items.length): Buffer {
  const locals: Buffer[] = [];
  const directory: Buffer[] = [];
  let at = 0;
  for (const item of items) {
    const name = Buffer.from(item.name);
    const packed = deflateRawSync(item.body);
    const common = Buffer.alloc(26);
    common.writeUInt16LE(45, 0);
    common.writeUInt16LE(0x800, 2);
    common.writeUInt16LE(8, 4);
    common.writeUInt32LE(crc32(item.body), 10);
    common.writeUInt32LE(packed.length, 14);
    common.writeUInt32LE(item.body.length, 18);
    common.writeUInt16LE(name.length, 22);
    const local = Buffer.concat([Buffer.from("PK\x03\x04", "latin1"), common, name, packed]);
    const extra = item.zip64 ? zip64Field(item.zip64) : Buffer.alloc(0);
    common.writeUInt32LE(item.zip64 ? 0xffffffff : (item.claims?.packed ?? packed.length), 14);
    common.writeUInt32LE(item.zip64 ? 0xffffffff : (item.claims?.unpacked ?? item.body.length), 18);
    common.writeUInt16LE(extra.length, 24);
    const tail = Buffer.alloc(14);
    tail.writeUInt16LE(item.comment?.length ?? 0, 0);
    tail.writeUInt32LE(item.at ?? at, 10);
    const head = Buffer.from("PK\x01\x02\x2d\x03", "latin1");
    directory.push(head, common, tail, name, extra, item.comment ?? Buffer.alloc(0));
    if (item.at === undefined) {
      locals.push(local);
      at += local.length;
    }
  }
  const central = Buffer.concat(directory);
  const last = Buffer.alloc(22);
  last.write("PK\x05\x06", 0, "latin1");
  last.writeUInt16LE(claimedEntries, 8);
  last.writeUInt16LE(claimedEntries, 10);
  last.writeUInt32LE(central.length, 12);
  last.writeUInt32LE(at, 16);
  return Buffer.concat([...locals, central, last]);
}

function zip64Field({ unpacked, packed }: { unpacked: bigint; packed: bigint }): Buffer {
  const field = Buffer.alloc(20);
  field.writeUInt16LE(1, 0);
  field.writeUInt16LE(16, 2);
  field.writeBigUInt64LE(unpacked, 4);
  field.writeBigUInt64LE(packed, 12);
  return field;
}

describe("a zip's directory that lies", () => {
  const body = Buffer.from("hello ".repeat(200));
  const packed = deflateRawSync(body).length;

  test("entries that share their bytes: one bomb named many times", async () => {
    const bomb = Buffer.alloc(900_000);
    const items = Array.from({ length: 100 }, (_, i) => ({
      name: `f${i}`,
      body: bomb,
      ...(i > 0 ? { at: 0 } : {}),
    }));
    expect(await read(zip(items))).toMatchObject({ code: "entries-overlap", handedOut: 0 });
  });

  test("an entry that begins inside another's bytes", async () => {
    const items = [
      { name: "a", body },
      { name: "b", body, at: 10 },
    ];
    expect((await read(zip(items))).code).toBe("entries-overlap");
  });

  for (const [what, claims] of [
    ["fewer bytes than it unpacks to", { unpacked: 5 }],
    ["more bytes than it unpacks to", { unpacked: 100_000 }],
    ["fewer packed bytes than there are", { packed: packed - 3 }],
  ] as const)
    test(`a claim of ${what}`, async () => {
      expect((await read(zip([{ name: "a", body, claims }]))).code).toBe("archive-damaged");
    });

  test("zip64 that claims exabytes, nothing, and more than the file has", async () => {
    const sized = (unpacked: bigint, size: bigint) =>
      read(zip([{ name: "a", body, zip64: { unpacked, packed: size } }]));
    expect((await sized(2n ** 62n, BigInt(packed))).code).not.toBe("ok");
    expect((await sized(2n ** 64n - 1n, 2n ** 64n - 1n)).code).not.toBe("ok");
    expect((await sized(0n, BigInt(packed))).code).toBe("archive-damaged");
    expect((await sized(BigInt(body.length), 2n ** 40n)).code).toBe("archive-damaged");
    expect((await sized(BigInt(body.length), BigInt(packed))).code).toBe("ok");
  });

  test("more entries claimed than are there, and fewer", async () => {
    expect((await read(zip([{ name: "a", body }], 60_000))).code).toBe("archive-damaged");
    const items = Array.from({ length: 3 }, (_, i) => ({ name: `f${i}`, body }));
    // The one named by the directory's count is all that anybody sees, here and in the machine.
    expect((await read(zip(items, 1))).handedOut).toBeLessThanOrEqual(body.length);
  });

  test("a directory of 64 KB comments is bounded by the packed size, and read", async () => {
    const comment = Buffer.alloc(60_000, "c");
    const items = Array.from({ length: 100 }, (_, i) => ({ name: `f${i}`, body, comment }));
    expect((await read(zip(items))).code).toBe("ok");
  });

  test("a folder by its name that holds bytes", async () => {
    expect(
      (
        await read(
          zip([
            { name: "d/", body },
            { name: "a", body },
          ]),
        )
      ).code,
    ).toBe("archive-damaged");
  });
});
