import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { Readable } from "node:stream";
import { afterEach, beforeEach, expect, it } from "vitest";
import type { SweptFileStore } from "#grading/submissions/ports.ts";
import { createDiskStore } from "./disk.ts";

let root: string;
let store: SweptFileStore;
beforeEach(async () => {
  root = await mkdtemp(path.join(tmpdir(), "drydock-disk-"));
  store = createDiskStore(root);
});
afterEach(async () => {
  await rm(root, { recursive: true, force: true });
});

it("all files are emptied out of the trash at once, however many lie in one folder", async () => {
  for (let i = 0; i < 40; i++) {
    await store.put(`submissions/sub_${i}`, Readable.from([]));
    await store.trash(`submissions/sub_${i}`, new Date(0));
  }
  expect(await store.emptyTrash(new Date())).toBe(40);
  const left = await readdir(root, { recursive: true, withFileTypes: true });
  expect(left.filter((entry) => !entry.isDirectory())).toEqual([]);
});

it("a folder of files is no file itself", async () => {
  await store.put("submissions/a/b", Readable.from([]));
  expect(await store.find("submissions/a")).toBeNull();
  await expect(store.get("submissions/a")).rejects.toMatchObject({ name: "FileMissing" });
  await expect(store.trash("submissions/a", new Date())).rejects.toMatchObject({ name: "FileMissing" });
});
