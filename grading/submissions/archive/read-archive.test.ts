import { createWriteStream } from "node:fs";
import { mkdtemp, readFile, rm, truncate, writeFile } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { finished, pipeline } from "node:stream/promises";
import { crc32, deflateRawSync, gzipSync } from "node:zlib";
import fc from "fast-check";
import { type Header, pack } from "tar-stream";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { ZipFile } from "yazl";
import type { SubmissionLimits } from "../../exercises/spec/spec.ts";
import { readArchive } from "./read-archive.ts";

const limits: SubmissionLimits = { packedBytes: 8 * 2 ** 20, unpackedBytes: 16 * 2 ** 20, entries: 100 };
let dir: string;
let made = 0;
beforeAll(async () => {
  dir = await mkdtemp(path.join(os.tmpdir(), "drydock-archive-"));
});
afterAll(() => rm(dir, { recursive: true, force: true }));

type Item = { name: string; body?: Buffer | string } & Partial<Omit<Header, "name">>;

async function save(bytes: Buffer): Promise<string> {
  made += 1;
  const file = path.join(dir, `${made}`);
  await writeFile(file, bytes);
  return file;
}

async function tarBytes(items: Item[]): Promise<Buffer> {
  const tar = pack();
  for (const { body, ...header } of items) tar.entry(header, body ?? "");
  tar.finalize();
  const chunks: Buffer[] = [];
  for await (const chunk of tar as unknown as AsyncIterable<Buffer>) chunks.push(chunk);
  return Buffer.concat(chunks);
}
const tar = async (...items: Item[]) => save(await tarBytes(items));
const tarGz = async (...items: Item[]) => save(gzipSync(await tarBytes(items)));

async function zip(...items: { name: string; body?: Buffer | string; mode?: number }[]): Promise<string> {
  const archive = new ZipFile();
  for (const { name, body, mode } of items) {
    if (name.endsWith("/")) archive.addEmptyDirectory(name);
    else archive.addBuffer(Buffer.from(body ?? ""), name, { mode: mode ?? 0o100644 });
  }
  archive.end();
  made += 1;
  const file = path.join(dir, `${made}`);
  const sink = createWriteStream(file);
  await pipeline(archive.outputStream as NodeJS.ReadableStream, sink);
  return file;
}

/** A zip with one entry whose name and mode no honest writer would make. */
function rawZip(name: string, content = "x", method = 8): Promise<Buffer | string> {
  const nameBytes = Buffer.from(name);
  const data = Buffer.from(content);
  const packed = method === 8 ? deflateRawSync(data) : data;
  const common = Buffer.alloc(26);
  common.writeUInt16LE(20, 0);
  common.writeUInt16LE(0x800, 2);
  common.writeUInt16LE(method, 4);
  common.writeUInt32LE(crc32(data), 10);
  common.writeUInt32LE(packed.length, 14);
  common.writeUInt32LE(data.length, 18);
  common.writeUInt16LE(nameBytes.length, 22);
  const local = Buffer.concat([Buffer.from("PK\x03\x04", "latin1"), common, nameBytes, packed]);
  const central = Buffer.concat([
    Buffer.from("PK\x01\x02\x14\x03", "latin1"),
    common,
    Buffer.alloc(14),
    nameBytes,
  ]);
  const end = Buffer.alloc(22);
  end.write("PK\x05\x06", 0, "latin1");
  end.writeUInt16LE(1, 8);
  end.writeUInt16LE(1, 10);
  end.writeUInt32LE(central.length, 12);
  end.writeUInt32LE(local.length, 16);
  return save(Buffer.concat([local, central, end]));
}

async function refusal(file: string | Buffer, under: SubmissionLimits = limits) {
  const read = await readArchive(String(file), "work.zip", under, async () => {
    throw new Error("a refused archive must not hand out files");
  });
  if (read.outcome !== "refused") throw new Error(`accepted: ${JSON.stringify(read)}`);
  return read;
}

async function contents(file: string) {
  const seen = new Map<string, string>();
  const read = await readArchive(file, "work", limits, async (entry, stream) => {
    const chunks: Buffer[] = [];
    for await (const chunk of stream) chunks.push(chunk as Buffer);
    seen.set(entry.path, Buffer.concat(chunks).toString("latin1"));
  });
  return { read, seen };
}

const word = fc.stringMatching(/^[a-z][a-z0-9_.-]{0,10}[a-z0-9]$/);
const tree = fc
  .dictionary(
    fc.array(word, { minLength: 1, maxLength: 4 }).map((s) => s.join("/")),
    fc.uint8Array({ maxLength: 3000 }),
    {
      minKeys: 1,
      maxKeys: 12,
    },
  )
  .filter((files) => {
    const paths = Object.keys(files);
    return paths.every((a) => paths.every((b) => a === b || !b.startsWith(`${a}/`)));
  });

describe("what goes into an archive comes out", () => {
  const formats = {
    tar: (items: Item[]) => tar(...items),
    "tar.gz": (items: Item[]) => tarGz(...items),
    zip: (items: Item[]) => zip(...(items as { name: string; body: Buffer }[])),
  };
  for (const [format, make] of Object.entries(formats))
    test(`every tree survives ${format}, less the one folder that wraps it`, async () => {
      await fc.assert(
        fc.asyncProperty(tree, fc.boolean(), async (files, wrapped) => {
          const prefix = wrapped ? "my-work/" : "";
          const file = await make(
            Object.entries(files).map(([name, body]) => ({ name: prefix + name, body: Buffer.from(body) })),
          );
          const { read, seen } = await contents(file);
          if (read.outcome !== "ok") throw new Error(read.message);
          expect(read.format).toBe(format);
          const stripped = read.strippedFolder === null ? "" : `${read.strippedFolder}/`;
          expect(new Map([...seen].map(([p, body]) => [stripped + p, body]))).toEqual(
            new Map(
              Object.entries(files).map(([p, body]) => [prefix + p, Buffer.from(body).toString("latin1")]),
            ),
          );
          expect(read.files.map((f) => f.bytes)).toEqual([...seen.values()].map((body) => body.length));
          if (wrapped) expect(read.strippedFolder).toBe("my-work");
        }),
        { numRuns: 25 },
      );
    });

  test("the execute bit is told, clutter of macOS is left out, folders are no files", async () => {
    const file = await zip(
      { name: "src/" },
      { name: "run.sh", body: "#!/bin/sh", mode: 0o100755 },
      { name: "src/app.py", body: "1" },
      { name: "__MACOSX/._run.sh", body: "x" },
      { name: ".DS_Store", body: "x" },
    );
    const { read } = await contents(file);
    expect(read).toMatchObject({
      outcome: "ok",
      strippedFolder: null,
      files: [
        { path: "run.sh", executable: true },
        { path: "src/app.py", executable: false },
      ],
    });
  });

  test("a folder around everything stays when the exercise requires it, and goes when it does not", async () => {
    const file = await zip({ name: "k8s/web.yaml", body: "a: 1" });
    const pathFor = async (requiredFiles: string[]) => {
      const read = await readArchive(file, "work.zip", limits, undefined, { requiredFiles });
      return read.outcome === "ok" ? read.files.map((each) => each.path) : read.message;
    };
    expect(await pathFor(["k8s/"])).toEqual(["k8s/web.yaml"]);
    expect(await pathFor(["web.yaml"])).toEqual(["web.yaml"]);
  });

  test("backslashes of old Windows archivers mean folders", async () => {
    expect((await readArchive(String(await rawZip("src\\app.py")), "w.zip", limits)).outcome).toBe("ok");
  });

  test("what the receiver leaves unread is skipped, and what it throws comes through", async () => {
    const big = Buffer.alloc(700_000, "ab1");
    for (const file of [
      await tar({ name: "a", body: big }, { name: "b", body: "2" }),
      await zip({ name: "a", body: big }, { name: "b" }),
    ]) {
      const names: string[] = [];
      await readArchive(file, "w", limits, async (entry) => void names.push(entry.path));
      expect(names).toEqual(["a", "b"]);
      await expect(
        readArchive(file, "w", limits, async () => {
          throw new Error("disk is gone");
        }),
      ).rejects.toThrow("disk is gone");
    }
  });
});

describe("bad archives are refused by name", () => {
  const item = (name: string, more: Partial<Item> = {}): Item => ({ name, body: "x", ...more });
  const cases: [string, string, () => Promise<string | Buffer>][] = [
    ["a path with .. in a tar", "path-outside", () => tar(item("../evil"))],
    ["a path with .. in the middle", "path-outside", () => tar(item("a/../../evil"))],
    ["a path with .. in a zip", "path-outside", () => rawZip("../evil")],
    ["a path with ..\\ in a zip", "path-outside", () => rawZip("..\\evil")],
    ["an absolute path in a tar", "path-absolute", () => tar(item("/etc/passwd"))],
    ["an absolute path in a zip", "path-absolute", () => rawZip("/etc/passwd")],
    ["a drive letter", "path-absolute", () => rawZip("C:/x")],
    ["a newline in a name", "path-bad-name", () => tar(item("a\nb"))],
    ["an escape sequence in a name", "path-bad-name", () => rawZip("a\u001b[31m")],
    ["a direction mark in a name", "path-bad-name", () => rawZip("a\u202egnp.sh")],
    ["a symbolic link", "entry-link", () => tar(item("l", { type: "symlink", linkname: "/etc", body: "" }))],
    ["a hard link", "entry-link", () => tar(item("l", { type: "link", linkname: "a", body: "" }))],
    ["a symbolic link in a zip", "entry-link", () => zip({ name: "l", body: "/etc", mode: 0o120777 })],
    ["a device", "entry-device", () => tar(item("d", { type: "block-device", body: "" }))],
    ["a pipe", "entry-device", () => tar(item("p", { type: "fifo", body: "" }))],
    ["a set-user-ID file", "entry-device", () => tar(item("s", { mode: 0o4755 }))],
    ["one name twice", "entry-duplicate", () => tar(item("a"), item("./a"))],
    ["a file that is also a folder", "entry-duplicate", () => tar(item("a"), item("a/b"))],
    ["names equal but for case", "name-case-differs", () => tar(item("App.py"), item("app.py"))],
    ["folders equal but for case", "name-case-differs", () => zip({ name: "Src/a" }, { name: "src/b" })],
    ["names equal but for Unicode form", "name-case-differs", () => tar(item("ﬁle"), item("file"))],
    ["no entries", "empty-archive", () => tar()],
    ["no entries in a zip", "empty-archive", () => zip()],
    ["folders only", "empty-archive", () => zip({ name: "a/" })],
    ["zero bytes", "not-an-archive", () => save(Buffer.alloc(0))],
    ["a text file", "not-an-archive", () => save(Buffer.from("FROM debian\n".repeat(100)))],
    ["a gzip of no tar", "archive-damaged", () => save(gzipSync(Buffer.from("hello ".repeat(500))))],
    ["an unknown zip method", "archive-damaged", () => rawZip("a", "x", 14)],
  ];
  for (const [what, code, make] of cases)
    test(`${what}: ${code}`, async () => {
      const read = await refusal(await make());
      expect(read.code).toBe(code);
      expect(read.message).toMatch(/\.$/);
      expect(read.message).not.toMatch(/[\p{Cc}\u202e]/u);
    });

  test("a wrong checksum in a zip is damage", async () => {
    const file = String(await rawZip("a", "hello", 0));
    const bytes = await readFile(file);
    bytes[bytes.indexOf("hello")] = 0x78;
    await writeFile(file, bytes);
    expect((await refusal(file)).code).toBe("archive-damaged");
  });

  test("an archive cut off anywhere is refused, never accepted in part", async () => {
    const body = Buffer.from(Array.from({ length: 4000 }, (_, i) => (i * 7919) % 251));
    const bytes = {
      tar: await tarBytes([item("a", { body }), item("b", { body })]),
      gz: gzipSync(await tarBytes([item("a", { body }), item("b", { body })])),
      zip: await readFile(await zip({ name: "a", body }, { name: "b", body })),
    };
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom("tar", "gz", "zip" as const),
        fc.double({ min: 0, max: 0.99, noNaN: true }),
        async (kind, part) => {
          const whole = bytes[kind as keyof typeof bytes];
          const file = await save(whole);
          // A tar's last kilobyte is padding: cut before it.
          await truncate(file, Math.floor((whole.length - (kind === "tar" ? 1600 : 0)) * part));
          const read = await readArchive(file, "w", limits);
          // Cut between two entries, a plain tar is a whole smaller one: nothing in it could tell.
          if (read.outcome === "ok") expect(kind).toBe("tar");
        },
      ),
      { numRuns: 60 },
    );
  });

  test("any bytes at all end in an outcome, not in an exception", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom("PK\x03\x04", "PK\x05\x06", "\x1f\x8b\x08\x00", ""),
        fc.uint8Array({ maxLength: 2000 }),
        async (magic, tail) => {
          const file = await save(Buffer.concat([Buffer.from(magic, "latin1"), Buffer.from(tail)]));
          expect((await readArchive(file, "w", limits)).outcome).toBe("refused");
        },
      ),
      { numRuns: 100 },
    );
  });

  test("a byte flipped in a valid archive never changes what is handed out unseen in zip and tar.gz", async () => {
    const original = { a: "x".repeat(300), b: "hello" };
    const sources = [
      await readFile(await zip({ name: "a", body: original.a }, { name: "b", body: original.b })),
      gzipSync(await tarBytes([item("a", { body: original.a }), item("b", { body: original.b })])),
    ];
    await fc.assert(
      fc.asyncProperty(
        fc.nat({ max: 1 }),
        fc.nat(),
        fc.integer({ min: 1, max: 255 }),
        async (which, at, mask) => {
          const bytes = Buffer.from(sources[which] ?? "");
          const index = at % bytes.length;
          bytes[index] = (bytes[index] ?? 0) ^ mask;
          const { read, seen } = await contents(await save(bytes));
          if (read.outcome === "ok")
            expect([...seen.values()].every((v) => v === original.a || v === original.b)).toBe(true);
        },
      ),
      { numRuns: 150 },
    );
  });
});

describe("limits", () => {
  test("packed size", async () => {
    const read = await refusal(await tar({ name: "a", body: Buffer.alloc(5000) }), {
      ...limits,
      packedBytes: 4096,
    });
    expect(read.code).toBe("too-large-packed");
    expect(read.message).toContain("4 KB");
  });

  test("the entry after the last one allowed ends the reading", async () => {
    const items = Array.from({ length: 101 }, (_, i) => ({ name: `f${i}`, body: "" }));
    expect((await refusal(await tar(...items))).code).toBe("too-many-entries");
    expect((await refusal(await zip(...items))).code).toBe("too-many-entries");
    expect((await readArchive(await tar(...items.slice(1)), "w", limits)).outcome).toBe("ok");
  });

  test("a zip bomb is refused by its ratio, in zip and in tar.gz", async () => {
    const zeros = Buffer.alloc(12 * 2 ** 20);
    expect((await refusal(await zip({ name: "a", body: zeros }))).code).toBe("ratio-too-high");
    expect((await refusal(await tarGz({ name: "a", body: zeros }))).code).toBe("ratio-too-high");
  });

  test("unpacked size counts over all files", async () => {
    const noise = Buffer.from(Array.from({ length: 300_000 }, (_, i) => (i * i) % 253));
    const items = Array.from({ length: 10 }, (_, i) => ({ name: `f${i}`, body: noise }));
    const small = { ...limits, unpackedBytes: 2_000_000 };
    expect((await refusal(await tar(...items), small)).code).toBe("too-large-unpacked");
    expect((await refusal(await zip(...items), small)).code).toBe("too-large-unpacked");
  });

  test("gigabytes of padding behind a tar are not read", async () => {
    const bomb = path.join(dir, "padding.tgz");
    const sink = createWriteStream(bomb);
    const body = gzipSync(await tarBytes([{ name: "a", body: "x" }]));
    const padding = gzipSync(Buffer.alloc(8 * 2 ** 20));
    sink.write(body);
    for (let i = 0; i < 200; i += 1) sink.write(padding);
    sink.end();
    await finished(sink);
    expect((await refusal(bomb)).code).toBe("headers-too-large");
  });
});
