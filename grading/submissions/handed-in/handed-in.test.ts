import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { text } from "node:stream/consumers";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { tarOf, zipOf } from "#tests/support/submit.ts";
import { imageTypeOf } from "../archive/image-type.ts";
import { compareFiles } from "./compare-files.ts";
import { compareLines } from "./compare-lines.ts";
import { pickFiles } from "./pick-files.ts";
import { readHeads } from "./read-heads.ts";
import { readText, shownBounds } from "./read-text.ts";

let dir: string;
beforeAll(async () => {
  dir = await mkdtemp(path.join(tmpdir(), "drydock-handed-in-"));
});
afterAll(() => rm(dir, { recursive: true, force: true }));

let written = 0;
async function archive(bytes: Buffer) {
  written += 1;
  const file = path.join(dir, `work-${written}`);
  await writeFile(file, bytes);
  return { file, fileName: "work.zip" };
}

async function picked(from: { file: string; fileName: string }, wanted: { place: number; path: string }[]) {
  const found: Record<string, string> = {};
  const outcome = await pickFiles(from, wanted, async (name, _bytes, stream) => {
    found[name] = await text(stream);
  });
  return { outcome, found };
}

describe("a file is picked out of an accepted archive", () => {
  it("by its place in the list, also where a folder was taken off all paths", async () => {
    // Without the place, "a/x" would be the first: its whole name is what the second is called after the folder.
    const work = await archive(await zipOf({ "a/x": "first", "a/a/x": "second" }));
    const { found } = await picked(work, [{ place: 1, path: "a/x" }]);
    expect(found).toEqual({ "a/x": "second" });
  });

  it("from a tar as from a zip, leaving clutter and folders out of the count", async () => {
    const work = await archive(
      await tarOf([
        { name: "__MACOSX/._x", text: "junk" },
        { name: "src/", type: "directory" },
        { name: "src/one.py", text: "1" },
        { name: "src/two.py", text: "2" },
      ]),
    );
    const { found } = await picked(work, [
      { place: 0, path: "one.py" },
      { place: 1, path: "two.py" },
    ]);
    expect(found).toEqual({ "one.py": "1", "two.py": "2" });
  });

  it("stops after the last that is wanted, and says what is wrong with bytes that are none", async () => {
    const work = await archive(await zipOf({ a: "1", b: "2", c: "3" }));
    const { found } = await picked(work, [{ place: 0, path: "a" }]);
    expect(found).toEqual({ a: "1" });
    const broken = await picked(await archive(Buffer.from("bytes")), [{ place: 0, path: "a" }]);
    expect(broken.outcome).toMatchObject({
      outcome: "unreadable",
      message: expect.stringContaining("not a zip"),
    });
  });

  it("is trouble of ours when the archive is not the one that was listed", async () => {
    const work = await archive(await zipOf({ a: "1" }));
    await expect(picked(work, [{ place: 0, path: "b" }])).rejects.toThrow('does not hold "b"');
    await expect(picked(work, [{ place: 7, path: "a" }])).rejects.toThrow('does not hold "a"');
  });

  it("keeps no more of files than the bounds, and the sum of all of it", async () => {
    const work = await archive(await zipOf({ a: "x".repeat(5000), b: "y".repeat(5000), c: "z" }));
    const places = ["a", "b", "c"].map((name, place) => ({ place, path: name }));
    const read = await readHeads(work, places, { each: 3000, all: 4000 });
    if (read.outcome !== "ok") throw new Error(read.message);
    expect(read.heads.map(({ bytes, head }) => [bytes, head.length])).toEqual([
      [5000, 3000],
      [5000, 1000],
      [1, 0],
    ]);
    expect(read.heads[2]?.sha256).toBe("594e519ae499312b29433b7dd8a97ff068defcba9755b6d5d00e84c524d67b06");
  });
});

describe("what a file is", () => {
  const bytes = (content: string | number[]) => Buffer.from(content as string);

  it("is text in lines, however they end, cut where a page can hold no more", () => {
    expect(readText(bytes("a\r\nb\rc\n"), 7)).toEqual({ kind: "text", lines: ["a", "b", "c"], cut: false });
    expect(readText(bytes(""), 0)).toEqual({ kind: "text", lines: [], cut: false });
    const many = "x\n".repeat(shownBounds.lines + 5);
    const read = readText(bytes(many), many.length);
    expect(read).toMatchObject({ cut: true });
    expect(read.kind === "text" && read.lines.length).toBe(shownBounds.lines);
  });

  it("has no half line and no half letter at the end of a beginning", () => {
    const whole = Buffer.from("one\ntwo €");
    expect(readText(whole.subarray(0, whole.length - 1), whole.length)).toEqual({
      kind: "text",
      lines: ["one"],
      cut: true,
    });
  });

  it("is not text where it has zero bytes or is no UTF-8, and old Windows texts are", () => {
    expect(readText(bytes([0x7f, 0x45, 0, 1]), 4)).toEqual({ kind: "binary" });
    expect(readText(bytes([0xff, 0xd8, 0xff, 0xe0, 0x80, 0x81]), 6)).toEqual({ kind: "binary" });
    expect(readText(bytes([0xff, 0xfe, 0x41, 0, 0x0a, 0]), 6)).toMatchObject({ lines: ["A"] });
  });

  it("is an image by its first bytes alone, and an SVG never", () => {
    expect(imageTypeOf(bytes([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 1]))).toBe("image/png");
    expect(imageTypeOf(bytes("GIF89a..."))).toBe("image/gif");
    expect(imageTypeOf(bytes("RIFF\0\0\0\0WEBPVP8 "))).toBe("image/webp");
    expect(imageTypeOf(bytes([0xff, 0xd8, 0xff, 0xe0]))).toBe("image/jpeg");
    for (const other of ["<svg xmlns='http://www.w3.org/2000/svg'>", "<html>", "", "RIFF\0\0\0\0WAVE"])
      expect(imageTypeOf(bytes(other)), other).toBeNull();
  });
});

describe("two submissions", () => {
  it("differ in files that came, went and changed, and in no others", () => {
    const file = (name: string, sha256: string) => ({ path: name, bytes: 1, sha256 });
    const changes = compareFiles(
      [file("same", "1"), file("gone", "2"), file("other", "3")],
      [file("same", "1"), file("other", "4"), file("new", "5")],
    );
    expect(changes.map(({ status, path: name }) => [status, name])).toEqual([
      ["removed", "gone"],
      ["added", "new"],
      ["changed", "other"],
    ]);
  });

  it("are told apart line by line: the runs give both texts again", () => {
    const lines = fc.array(fc.constantFrom("a", "b", "c", "", "}"), { maxLength: 30 });
    fc.assert(
      fc.property(lines, lines, (older, newer) => {
        const compared = compareLines(older, newer);
        if (compared.outcome !== "compared") throw new Error("too different");
        const take = (side: "old" | "new") =>
          compared.runs.flatMap((run) => {
            if (run.kind === (side === "old" ? "added" : "removed")) return [];
            const from = (side === "old" ? run.oldFrom : run.newFrom) - 1;
            return (side === "old" ? older : newer).slice(from, from + run.lines);
          });
        expect(take("old")).toEqual(older);
        expect(take("new")).toEqual(newer);
        expect(newer.length - older.length).toBe(compared.added - compared.removed);
      }),
    );
  });

  it("that share nothing are given up within the bounds", () => {
    const text = (name: string) => Array.from({ length: 20_000 }, (_, i) => `${name} ${i}`);
    const start = performance.now();
    expect(compareLines(text("a"), text("b"))).toEqual({ outcome: "too-different" });
    expect(performance.now() - start).toBeLessThan(15_000);
  });
});
