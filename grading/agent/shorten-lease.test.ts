import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { createLeaseShortener } from "./shorten-lease.ts";

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), "drydock-lease-"));
});
afterEach(() => rm(folder, { recursive: true }));

test("a lease is only ever made shorter, in whole seconds, however many say so at once", async () => {
  const file = path.join(folder, "lease");
  const shorten = createLeaseShortener(file, new Date(100_000));
  await shorten(new Date(100_000).toISOString());
  expect(await readdir(folder)).toEqual([]);
  const said = [60_900, 50_400, 70_000, 50_400].map((ms) => shorten(new Date(ms).toISOString()));
  await Promise.all(said);
  expect(await readFile(file, "utf8")).toBe("50\n");
  await shorten(new Date(99_000).toISOString());
  expect(await readFile(file, "utf8")).toBe("50\n");
});

test("a lease that could not be written is said, and tried again with the next word", async () => {
  const shorten = createLeaseShortener(path.join(folder, "gone/lease"), new Date(100_000));
  await expect(shorten(new Date(1000).toISOString())).rejects.toThrow("ENOENT");
  await expect(shorten(new Date(1000).toISOString())).rejects.toThrow("ENOENT");
});
