import { Readable } from "node:stream";
import { expect, test } from "vitest";
import { SentTooSlowly } from "#grading/submissions/sending-pace.ts";
import { openMultipart } from "./multipart.ts";

const boundary = "xxxx";
const head = (disposition: string) =>
  `--${boundary}\r\nContent-Disposition: form-data; ${disposition}\r\n\r\n`;
const end = `\r\n--${boundary}--\r\n`;
const chunk = Buffer.alloc(64 * 1024, "a");

/** Says how much of it was asked for. */
function endless(before: string) {
  const sent = { bytes: 0 };
  const stream = Readable.from(
    (async function* () {
      yield Buffer.from(before);
      for (;;) {
        // Would otherwise be read for ever.
        if (sent.bytes > 64 * 1024 * 1024) throw new Error("It was read on and on.");
        sent.bytes += chunk.length;
        yield chunk;
      }
    })(),
    { objectMode: false },
  );
  return { stream, sent };
}

async function readAll(stream: Readable): Promise<{ name: string; bytes: number }[]> {
  const { files } = await openMultipart(stream, `multipart/form-data; boundary=${boundary}`);
  const read: { name: string; bytes: number }[] = [];
  for await (const file of files) {
    let bytes = 0;
    for await (const part of file.stream as AsyncIterable<Buffer>) bytes += part.length;
    read.push({ name: file.name, bytes });
  }
  return read;
}

test.each([
  ["an endless preamble", ""],
  ["an endless field", head('name="note"')],
  ["an endless file without a name", head('name="files"; filename=""')],
  ["an endless part that is no form data", `--${boundary}\r\nContent-Type: text/plain\r\n\r\n`],
  [
    "an endless part after a good file",
    `${head('name="files"; filename="a.txt"')}hello\r\n${head('name="files"; filename=""')}`,
  ],
])("%s is refused before much of it was read", async (_what, before) => {
  const { stream, sent } = endless(before);
  await expect(readAll(stream)).rejects.toMatchObject({ code: "body-too-large" });
  expect(sent.bytes).toBeLessThan(3 * 1024 * 1024);
});

test("slow upload: a form that is given up says so, before its first file and in it", async () => {
  for (const before of [`--${boundary}`, `${head('name="files"; filename="a.txt"')}hello`]) {
    const stream = Readable.from(
      (async function* () {
        yield Buffer.from(before);
        throw new SentTooSlowly("given up");
      })(),
      { objectMode: false },
    );
    await expect(readAll(stream)).rejects.toBeInstanceOf(SentTooSlowly);
  }
});

test("many fields without end are refused", async () => {
  const field = Buffer.from(`${head('name="n"')}v\r\n`.repeat(500));
  const stream = Readable.from(
    (async function* () {
      for (let i = 0; i < 1000; i += 1) yield field;
    })(),
    { objectMode: false },
  );
  await expect(readAll(stream)).rejects.toMatchObject({ code: "body-too-large" });
});

test("files are whoever reads them's to count: a large one and a thousand small ones are read whole", async () => {
  const large = Readable.from(
    (async function* () {
      yield Buffer.from(head('name="files"; filename="large.bin"'));
      for (let i = 0; i < 160; i += 1) yield chunk;
      yield Buffer.from(end);
    })(),
    { objectMode: false },
  );
  expect(await readAll(large)).toEqual([{ name: "large.bin", bytes: 160 * chunk.length }]);
  const parts = Array.from(
    { length: 1000 },
    (_, i) => `${head(`name="files"; filename="src/${"d".repeat(80)}/${i}.txt"`)}text ${i}\r\n`,
  );
  const small = Readable.from([Buffer.from(`${parts.join("")}--${boundary}--\r\n`)], { objectMode: false });
  expect(await readAll(small)).toHaveLength(1000);
});

test("small files that are stored slowly hold the sender up, not the memory", async () => {
  const sent = { bytes: 0, most: 0 };
  let stored = 0;
  const part = Buffer.from(`${head('name="files"; filename="a.txt"')}${"x".repeat(16_000)}\r\n`);
  const stream = Readable.from(
    (async function* () {
      for (let i = 0; i < 600; i += 1) {
        sent.bytes += part.length;
        sent.most = Math.max(sent.most, sent.bytes - stored);
        yield part;
      }
      yield Buffer.from(`--${boundary}--\r\n`);
    })(),
    { objectMode: false },
  );
  const { files } = await openMultipart(stream, `multipart/form-data; boundary=${boundary}`);
  let count = 0;
  for await (const file of files) {
    // The parser may run as far ahead as it will.
    await new Promise((resolve) => setImmediate(resolve));
    for await (const bytes of file.stream as AsyncIterable<Buffer>) stored += bytes.length;
    count += 1;
  }
  expect(count).toBe(600);
  expect(sent.most).toBeLessThan(2 * 1024 * 1024);
});
