import { createHash } from "node:crypto";
import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { Readable } from "node:stream";
import { buffer } from "node:stream/consumers";
import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { FileMissing, type FileStore } from "#grading/submissions/ports.ts";
import { createDiskStore } from "./disk.ts";

let root: string;
let store: FileStore;
beforeEach(async () => {
  root = await mkdtemp(path.join(tmpdir(), "drydock-disk-"));
  store = createDiskStore(root);
});
afterEach(async () => {
  await rm(root, { recursive: true, force: true });
});

const filesLeft = async () =>
  (await readdir(root, { recursive: true, withFileTypes: true })).filter((entry) => !entry.isDirectory());

describe("files on disk", () => {
  it("come back as the bytes that were put, with their size and hash", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.uint8Array({ minLength: 1 })), async (chunks) => {
        const whole = Buffer.concat(chunks);
        const put = await store.put(
          "submissions/sub_1",
          Readable.from(chunks.map((chunk) => Buffer.from(chunk))),
        );
        expect(put).toEqual({
          bytes: whole.length,
          sha256: createHash("sha256").update(whole).digest("hex"),
        });
        const { stream, bytes } = await store.get("submissions/sub_1");
        expect(bytes).toBe(whole.length);
        expect((await buffer(stream)).equals(whole)).toBe(true);
        const local = await store.withLocalFile("submissions/sub_1", (file) => readFile(file));
        expect(local.equals(whole)).toBe(true);
      }),
      { numRuns: 30 },
    );
  });

  it("are not there, not even in part, when their stream broke", async () => {
    await store.put("submissions/sub_1", Readable.from([Buffer.from("old")]));
    const broken = Readable.from(
      (async function* () {
        yield Buffer.from("new, but not all");
        throw new Error("gone");
      })(),
    );
    await expect(store.put("submissions/sub_1", broken)).rejects.toThrow("gone");
    expect((await buffer((await store.get("submissions/sub_1")).stream)).toString()).toBe("old");
    expect(await filesLeft()).toHaveLength(1);
  });

  it("are named when they are missing, and may be deleted twice", async () => {
    await expect(store.get("submissions/none")).rejects.toThrow(FileMissing);
    await expect(store.withLocalFile("submissions/none", async () => 1)).rejects.toThrow(FileMissing);
    await store.put("a", Readable.from([]));
    await store.delete("a");
    await store.delete("a");
    expect(await filesLeft()).toEqual([]);
  });

  it("are all emptied out of the trash at once, however many lie in one folder", async () => {
    const swept = createDiskStore(root);
    for (let i = 0; i < 40; i++) {
      await store.put(`submissions/sub_${i}`, Readable.from([]));
      await swept.trash(`submissions/sub_${i}`, new Date(0));
    }
    expect(await swept.emptyTrash(new Date())).toBe(40);
    expect(await filesLeft()).toEqual([]);
  });

  it.each(["../out", "/etc/passwd", "a/../b", "a//b", "", ".incoming/x", "a/.hidden", "a\0b", "a b"])(
    "never have the key %j",
    async (key) => {
      await expect(store.put(key, Readable.from([]))).rejects.toThrow(RangeError);
      await expect(store.get(key)).rejects.toThrow(RangeError);
      expect(() => store.delete(key)).toThrow(RangeError);
    },
  );
});
