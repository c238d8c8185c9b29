import { createHash, randomBytes } from "node:crypto";
import { readFile } from "node:fs/promises";
import { Readable } from "node:stream";
import { buffer } from "node:stream/consumers";
import { setTimeout as sleep } from "node:timers/promises";
import fc from "fast-check";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { FileExists, FileMissing, FileTooLarge, type SweptFileStore } from "#grading/submissions/ports.ts";

/** What one kind of store must offer to be tested. */
export interface StoreHarness {
  /** An empty one that no other test uses. */
  newStore(): Promise<SweptFileStore>;
  /** Everything of the store that takes room, its own marks and what is half-written too. */
  namesLeft(store: SweptFileStore): Promise<string[]>;
  /** Begins an upload of two parts or so and dies; gives once the first has arrived. */
  dieHalfWay(store: SweptFileStore, key: string): Promise<void>;
  close(): Promise<void>;
}

/** The shortest part of an upload in parts that S3 takes. */
export const shortPart = 5 * 1024 ** 2;
/** Three parts of such an upload, the last one short. */
export const large = 11 * 1024 ** 2;

/** A first start may have to build the server. */
const startMs = 45 * 60_000;

/** What Drydock relies on, wherever the files lie. */
export function describeStore(name: string, start: () => Promise<StoreHarness>): void {
  describe(`file store ${name}`, () => {
    let harness: StoreHarness;
    let store: SweptFileStore;
    beforeAll(async () => {
      harness = await start();
    }, startMs);
    beforeEach(async () => {
      store = await harness.newStore();
    });
    afterAll(() => harness.close());

    const put = (key: string, text: string, rules = {}) =>
      store.put(key, Readable.from([Buffer.from(text)]), rules);
    const read = async (key: string) => (await buffer((await store.get(key)).stream)).toString();
    const keysIn = async (folder: string) => (await all(store.list(folder))).map(({ key }) => key).sort();

    describe("files", () => {
      it("come back as the bytes that were put, with their size and hash", async () => {
        await fc.assert(
          fc.asyncProperty(fc.array(fc.uint8Array({ minLength: 1 })), async (chunks) => {
            const whole = Buffer.concat(chunks);
            const given = await store.put(
              "submissions/sub_1",
              Readable.from(chunks.map((chunk) => Buffer.from(chunk))),
            );
            expect(given).toEqual(measureOf(whole));
            const { stream, bytes } = await store.get("submissions/sub_1");
            expect(bytes).toBe(whole.length);
            expect((await buffer(stream)).equals(whole)).toBe(true);
            const local = await store.withLocalFile("submissions/sub_1", (file) => readFile(file));
            expect(local.equals(whole)).toBe(true);
          }),
          { numRuns: 20 },
        );
      });

      it("may be large, and leave nothing beside them", async () => {
        const whole = randomBytes(large);
        expect(await store.put("submissions/large", pieces(whole))).toEqual(measureOf(whole));
        expect((await buffer((await store.get("submissions/large")).stream)).equals(whole)).toBe(true);
        expect(await harness.namesLeft(store)).toEqual(["submissions/large"]);
      });

      it.each([10, large])(
        "are not there, not even in part, when their stream broke after %i bytes",
        async (size) => {
          await put("submissions/sub_1", "old");
          await expect(store.put("submissions/sub_1", broken(size))).rejects.toThrow("gone");
          expect(await read("submissions/sub_1")).toBe("old");
          expect(await harness.namesLeft(store)).toEqual(["submissions/sub_1"]);
        },
      );

      it("can be replaced by what is made of them while it is read", async () => {
        await put("submissions/sub_1", "old");
        const { stream } = await store.get("submissions/sub_1");
        await store.put("submissions/sub_1", Readable.from(twice(stream)));
        expect(await read("submissions/sub_1")).toBe("oldold");
      });

      it.each([0, large])(
        "of more than the most bytes end at the first one more, from %i on",
        async (size) => {
          let sent = 0;
          const source = Readable.from(
            (async function* () {
              for (; sent < size + 1024 ** 2 * 4; sent += 1024) yield Buffer.alloc(1024);
            })(),
          );
          await expect(store.put("big", source, { mostBytes: size })).rejects.toThrow(FileTooLarge);
          // Read no further than buffers on the way hold.
          expect(sent).toBeLessThan(size + 1024 ** 2);
          expect(source.destroyed).toBe(true);
          expect(await harness.namesLeft(store)).toEqual([]);
          await put("big", "12345", { mostBytes: 5 });
          expect(await read("big")).toBe("12345");
        },
      );

      it.each([5, large])(
        "of %i bytes that are written once are never replaced, and the same again are success",
        async (size) => {
          const [first, other] = [randomBytes(size), randomBytes(size)];
          for (let times = 0; times < 2; times++) {
            expect(await store.put("once", pieces(first), { once: true })).toEqual(measureOf(first));
          }
          for (const refused of [other, first.subarray(1), Buffer.concat([first, other])]) {
            await expect(store.put("once", pieces(refused), { once: true })).rejects.toThrow(FileExists);
          }
          expect((await buffer((await store.get("once")).stream)).equals(first)).toBe(true);
          expect(await harness.namesLeft(store)).toEqual(["once"]);
        },
      );

      it("written once by many at the same moment are one of theirs", async () => {
        const texts = Array.from({ length: 8 }, (_, at) => `of ${at}`);
        const outcomes = await Promise.allSettled(texts.map((text) => put("once", text, { once: true })));
        const won = texts.filter((_, at) => outcomes[at]?.status === "fulfilled");
        expect(won).toEqual([await read("once")]);
        for (const outcome of outcomes) {
          if (outcome.status === "rejected") expect(outcome.reason).toBeInstanceOf(FileExists);
        }
      });

      it("are named when they are missing, and may be deleted twice", async () => {
        await expect(store.get("submissions/none")).rejects.toThrow(FileMissing);
        await expect(store.withLocalFile("submissions/none", async () => 1)).rejects.toThrow(FileMissing);
        await expect(store.trash("submissions/none", new Date())).rejects.toThrow(FileMissing);
        expect(await store.find("submissions/none")).toBeNull();
        await put("a", "");
        await store.delete("a");
        await store.delete("a");
        expect(await harness.namesLeft(store)).toEqual([]);
      });

      it("can be let go of before they are read", async () => {
        await store.put("submissions/large", pieces(randomBytes(large)));
        for (let times = 0; times < 60; times++) (await store.get("submissions/large")).stream.destroy();
        expect((await store.get("submissions/large")).bytes).toBe(large);
      });

      it.each(["../out", "/etc/passwd", "a/../b", "a//b", "", ".incoming/x", "a/.hidden", "a\0b", "a b"])(
        "never have the key %j",
        async (key) => {
          await expect(put(key, "")).rejects.toThrow(RangeError);
          await expect(store.get(key)).rejects.toThrow(RangeError);
          await expect(store.find(key)).rejects.toThrow(RangeError);
          await expect(store.delete(key)).rejects.toThrow(RangeError);
          await expect(store.trash(key, new Date())).rejects.toThrow(RangeError);
        },
      );
    });

    describe("what a sweep needs", () => {
      it("is the list of a folder, and when each file was written", async () => {
        const before = Date.now();
        for (const key of ["submissions/b", "submissions/a/c", "submissionsx", "exercises/e"])
          await put(key, "x");
        expect(await keysIn("submissions")).toEqual(["submissions/a/c", "submissions/b"]);
        expect(await keysIn("none")).toEqual([]);
        const [listed] = await all(store.list("exercises"));
        expect(listed).toEqual(await store.find("exercises/e"));
        // To the second, and with room for a clock of its own.
        expect(Math.abs((listed?.writtenAt.getTime() ?? 0) - before)).toBeLessThan(60_000);
        expect(await store.find("submissions/a")).toBeNull();
        await sleep(1_100);
        await put("exercises/e", "y");
        expect((await store.find("exercises/e"))?.writtenAt).not.toEqual(listed?.writtenAt);
      });

      it("is the owner, the first to say so, also when several do at once", async () => {
        expect(await store.owner()).toBeNull();
        const said = await Promise.all(["ins_1", "ins_2", "ins_3"].map((one) => store.own(one)));
        expect(new Set(said).size).toBe(1);
        expect(await store.owner()).toBe(said[0]);
        expect(await store.own("ins_4")).toBe(said[0]);
        expect(await keysIn("submissions")).toEqual([]);
      });

      it("is the trash: out of sight at once, gone by the instant at which it was put there", async () => {
        const at = (day: number) => new Date(Date.UTC(2024, 10, day, 20, 0, 0, 123));
        for (const day of [1, 2, 3]) {
          await put(`submissions/sub_${day}`, "x");
          await store.trash(`submissions/sub_${day}`, at(day));
        }
        expect(await keysIn("submissions")).toEqual([]);
        await expect(store.get("submissions/sub_1")).rejects.toThrow(FileMissing);
        expect(await harness.namesLeft(store)).toHaveLength(3);
        expect(await store.emptyTrash(at(1))).toBe(0);
        expect(await store.emptyTrash(at(3))).toBe(2);
        expect(await harness.namesLeft(store)).toHaveLength(1);
        expect(await store.emptyTrash(new Date())).toBe(1);
        expect(await harness.namesLeft(store)).toEqual([]);
      });

      it("is what died half-way: seen, with when it was last written to, and removed unless it was since", async () => {
        expect(await all(store.unfinished())).toEqual([]);
        await put("submissions/whole", "x");
        await harness.dieHalfWay(store, "submissions/half");
        const [part, ...more] = await all(store.unfinished());
        expect(more).toEqual([]);
        if (part === undefined) throw new Error("Nothing unfinished is seen.");
        expect(Math.abs(part.writtenAt.getTime() - Date.now())).toBeLessThan(60_000);
        expect(await store.removeUnfinished({ ...part, writtenAt: new Date(0) })).toBe(false);
        expect(await store.removeUnfinished(part)).toBe(true);
        expect(await store.removeUnfinished(part)).toBe(false);
        expect(await harness.namesLeft(store)).toEqual(["submissions/whole"]);
      });
    });
  });
}

export const measureOf = (whole: Buffer) => ({
  bytes: whole.length,
  sha256: createHash("sha256").update(whole).digest("hex"),
});

/** As an upload arrives: in chunks of 64 KiB. */
export function pieces(whole: Buffer): Readable {
  return Readable.from(
    (function* () {
      for (let at = 0; at < whole.length; at += 65_536) yield whole.subarray(at, at + 65_536);
    })(),
  );
}

function broken(after: number): Readable {
  return Readable.from(
    (async function* () {
      yield* pieces(Buffer.alloc(after));
      throw new Error("gone");
    })(),
  );
}

async function* twice(stream: Readable) {
  const whole = await buffer(stream);
  yield whole;
  yield whole;
}

async function all<Item>(items: AsyncIterable<Item>): Promise<Item[]> {
  const found: Item[] = [];
  for await (const item of items) found.push(item);
  return found;
}
