import { randomBytes } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { Readable } from "node:stream";
import { buffer } from "node:stream/consumers";
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from "vitest";
import type { SweptFileStore } from "#grading/submissions/ports.ts";
import type { BucketSettings } from "#infra/config/bucket.ts";
import { copyFiles } from "#infra/storage/copy-files.ts";
import { createDiskStore } from "#infra/storage/disk.ts";
import { startTestBuckets, type TestBuckets } from "./support/test-buckets.ts";

let buckets: TestBuckets;
beforeAll(async () => {
  buckets = await startTestBuckets();
}, 45 * 60_000);
afterAll(() => buckets.close());

let root: string;
let disk: SweptFileStore;
let settings: BucketSettings;
let s3: SweptFileStore;
const files = new Map([
  ["exercises/e/hidden.tar", randomBytes(10)],
  ["submissions/sub_1", randomBytes(6 * 1024 ** 2)],
  ["submissions/sub_2", Buffer.alloc(0)],
]);
beforeEach(async () => {
  root = await mkdtemp(path.join(tmpdir(), "drydock-copy-"));
  disk = createDiskStore(root);
  settings = await buckets.newSettings();
  s3 = buckets.open(settings);
  await disk.own("ins_1");
  for (const [key, bytes] of files) await disk.put(key, Readable.from([bytes]));
});
afterEach(() => rm(root, { recursive: true, force: true }));

const copy = async (from = disk, to = s3, dryRun = false) => {
  const outcomes: Record<string, string> = {};
  for await (const { key, outcome } of copyFiles(from, to, { dryRun })) outcomes[key] = outcome;
  return outcomes;
};
const each = (outcome: string) => Object.fromEntries([...files.keys()].map((key) => [key, outcome]));

it("every file comes over whole, with whose it is, and back again", async () => {
  expect(await copy(disk, s3, true)).toEqual(each("would-be-copied"));
  expect(await buckets.namesLeft(settings)).toEqual([]);
  expect(await copy()).toEqual(each("copied"));
  expect(await buckets.namesLeft(settings)).toEqual([".installation", ...files.keys()]);
  expect(await s3.owner()).toBe("ins_1");
  const back = createDiskStore(path.join(root, "back"));
  expect(await copy(s3, back)).toEqual(each("copied"));
  for (const [key, bytes] of files)
    expect((await buffer((await back.get(key)).stream)).equals(bytes)).toBe(true);
});

it("a copy that was cut off goes on, and never replaces what is different there", async () => {
  for await (const { outcome } of copyFiles(disk, s3, { dryRun: false })) {
    expect(outcome).toBe("copied");
    break;
  }
  await s3.put("submissions/sub_2", Readable.from([Buffer.from("newer")]));
  const outcomes = Object.values(await copy()).sort();
  expect(outcomes).toEqual(["copied", "differs", "was-there"]);
  expect((await buffer((await s3.get("submissions/sub_2")).stream)).toString()).toBe("newer");
});

it("nothing is copied into the files of another installation", async () => {
  await s3.own("ins_other");
  await expect(copy()).rejects.toMatchObject({ code: "storage-foreign" });
  await expect(copy(disk, s3, true)).rejects.toMatchObject({ code: "storage-foreign" });
  expect(await buckets.namesLeft(settings)).toEqual([".installation"]);
});
