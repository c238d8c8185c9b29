import { gzipSync } from "node:zlib";
import { expect, test } from "vitest";
import { tarOf, zipOf } from "#tests/support/submit.ts";
import { formatOfBytes, headBytes, otherKindOfBytes } from "./format-of-bytes.ts";

const headOf = (bytes: Uint8Array) => bytes.subarray(0, headBytes);

test("zip, tar and tar.gz are told by their first bytes", async () => {
  expect(formatOfBytes(headOf(await zipOf({ a: "1" })))).toBe("zip");
  expect(formatOfBytes(headOf(await tarOf([{ name: "a", text: "1" }])))).toBe("tar");
  expect(formatOfBytes(headOf(gzipSync("x")))).toBe("tar.gz");
});

test("what is none of them says what it is where its bytes tell", () => {
  const bytes = (...values: number[]) => new Uint8Array(values);
  const cases: [Uint8Array, string | null][] = [
    [new TextEncoder().encode("FROM debian\n".repeat(99)), "a text file"],
    // The head ends within a character.
    [headOf(new TextEncoder().encode(`${"x".repeat(headBytes - 1)}ü`)), "a text file"],
    [bytes(0x52, 0x61, 0x72, 0x21, 0x1a, 0x07), "a RAR archive"],
    [bytes(0x37, 0x7a, 0xbc, 0xaf, 0x27, 0x1c), "a 7z archive"],
    [bytes(0xff, 0xd8, 0xff, 0xe0), "a JPEG image"],
    [new TextEncoder().encode("GIF89a\u0001\u0000"), "a GIF image"],
    [bytes(0x00, 0x01, 0x02), null],
    [bytes(0xc3, 0x28, 0x41), null],
    [bytes(), null],
  ];
  for (const [head, kind] of cases) {
    expect(formatOfBytes(head)).toBeNull();
    expect(otherKindOfBytes(head)).toBe(kind);
  }
});
