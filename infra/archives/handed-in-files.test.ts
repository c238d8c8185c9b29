import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { Readable } from "node:stream";
import { buffer } from "node:stream/consumers";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { FileStore } from "#grading/submissions/ports.ts";
import { createDiskStore } from "#infra/storage/disk.ts";
import { zipOf } from "#tests/support/submit.ts";
import { archiveThread } from "./archive-program.ts";
import { createHandedInFiles } from "./handed-in-files.ts";

let dir: string;
let store: FileStore;
/** How often the archive was opened. */
let opened = 0;
const large = "0123456789".repeat(100_000);

beforeAll(async () => {
  dir = await mkdtemp(path.join(tmpdir(), "drydock-looked-into-"));
  const disk = createDiskStore(dir);
  store = {
    ...disk,
    withLocalFile: (key, use) => {
      opened += 1;
      return disk.withLocalFile(key, use);
    },
  };
  const zip = await zipOf({ "a.txt": "one", "large.txt": large, "b.txt": "two" });
  await disk.put("submissions/sub_1", Readable.from([zip]));
});
afterAll(() => rm(dir, { recursive: true, force: true }));

const work = {
  submissionId: "sub_1",
  storageKey: "submissions/sub_1",
  fileName: "work.zip",
  files: [
    { path: "a.txt", bytes: 3 },
    { path: "large.txt", bytes: large.length },
    { path: "b.txt", bytes: 3 },
  ],
};
const missing: string[] = [];
const onMissing = (submissionId: string) => void missing.push(submissionId);
const bounds = {
  ...{ each: 10, all: 10, cacheBytes: 10, wholeBytes: 0, atOnce: 1 },
  ...{ headsMs: 200, sendMs: 200, stallMs: 200 },
};
/** Each look is a thread of its own, which a busy computer starts in seconds. */
const patient = { timeout: 60_000 };
const looking = () => createHandedInFiles(store, archiveThread(false), onMissing);

describe("looking into a submission", () => {
  it("reads the archive once for who goes from file to file", async () => {
    const files = looking();
    const before = opened;
    const first = await files.heads("usr_1", work, ["b.txt", "not there"]);
    const second = await files.heads("usr_2", work, ["a.txt", "large.txt"]);
    if (first.outcome !== "ok" || second.outcome !== "ok") throw new Error("unreadable");
    expect(first.heads.map(({ path: name, head }) => [name, Buffer.from(head).toString()])).toEqual([
      ["b.txt", "two"],
    ]);
    expect(second.heads.map(({ path: name, bytes, head }) => [name, bytes, head.length])).toEqual([
      ["a.txt", 3, 3],
      ["large.txt", large.length, 512 * 1024],
    ]);
    expect(opened - before).toBe(1);
  });

  it(
    "sends a whole file piece by piece, and lets go of one that nobody reads to its end",
    patient,
    async () => {
      const files = looking();
      const whole = await files.open("usr_1", work, "large.txt");
      if (whole?.outcome !== "ok") throw new Error("unreadable");
      expect(whole.bytes).toBe(large.length);
      expect((await buffer(whole.stream)).toString()).toBe(large);
      // As many as may be sent at once to one reader, given up: the next would wait for ever if they kept their places.
      for (let times = 0; times < 3; times += 1) {
        const left = await files.open("usr_1", work, "large.txt");
        if (left?.outcome !== "ok") throw new Error("unreadable");
        left.stream.destroy();
      }
      const next = await files.open("usr_1", work, "a.txt");
      expect(next?.outcome === "ok" && (await buffer(next.stream)).toString()).toBe("one");
      expect(await files.open("usr_1", work, "../a.txt")).toBeNull();
    },
  );

  it("gives up a file of which nothing is taken, for those who wait", patient, async () => {
    const bounded = { ...bounds, sendMs: 60_000, stallMs: 1000 };
    const files = createHandedInFiles(store, archiveThread(false), onMissing, bounded);
    const stalled: Error[] = [];
    for (let times = 0; times < 2; times += 1) {
      const left = await files.open("usr_1", work, "large.txt");
      if (left?.outcome !== "ok") throw new Error("unreadable");
      left.stream.on("error", (error) => void stalled.push(error));
    }
    const next = await files.open("usr_1", work, "a.txt");
    expect(next?.outcome === "ok" && (await buffer(next.stream)).toString()).toBe("one");
    expect(stalled[0]?.message).toContain("nothing of it was taken");
  });

  it("says of bytes that are no archive what the reader says", async () => {
    await store.put("submissions/sub_2", Readable.from([Buffer.from("bytes")]));
    const broken = { ...work, submissionId: "sub_2", storageKey: "submissions/sub_2" };
    expect(await looking().heads("usr_1", broken, ["a.txt"])).toMatchObject({ outcome: "unreadable" });
    expect(await looking().open("usr_1", broken, "a.txt")).toMatchObject({ outcome: "unreadable" });
  });

  it("says of an archive that is gone that it is, to its reader and to us", async () => {
    const gone = { ...work, submissionId: "sub_3", storageKey: "submissions/sub_3" };
    const said = { outcome: "unreadable", message: expect.stringContaining("tell staff") };
    expect(await looking().heads("usr_1", gone, ["a.txt"])).toEqual(said);
    expect(await looking().open("usr_1", gone, "a.txt")).toEqual(said);
    expect(missing).toEqual(["sub_3", "sub_3"]);
  });

  it("ends a reading that never ends", async () => {
    const { writeFile } = await import("node:fs/promises");
    const endless = path.join(dir, "endless.mjs");
    await writeFile(endless, 'import { parentPort } from "node:worker_threads"; parentPort.ref(); for (;;);');
    const files = createHandedInFiles(store, endless, onMissing, bounds);
    await expect(files.heads("usr_1", work, ["a.txt"])).rejects.toThrow("more than 0.2 s");
    await expect(files.open("usr_1", work, "a.txt")).rejects.toThrow("more than 0.2 s");
  });
});
