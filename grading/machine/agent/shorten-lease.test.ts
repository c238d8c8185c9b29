import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { createLeaseShortener } from "./shorten-lease.ts";

let folder: string;
let wall: number;
let passed: number;
const time = { clock: () => new Date(wall), monotonic: () => passed };
const at = (ms: number) => new Date(ms).toISOString();
beforeEach(async () => {
  wall = 0;
  passed = 5_000_000;
  folder = await mkdtemp(path.join(tmpdir(), "drydock-lease-"));
});
afterEach(() => rm(folder, { recursive: true }));

test("a lease is only ever made shorter, in whole seconds, however many say so at once", async () => {
  const file = path.join(folder, "lease");
  const shorten = createLeaseShortener(file, at(100_000), time);
  await shorten(at(100_000));
  expect(await readdir(folder)).toEqual([]);
  const said = [60_900, 50_400, 70_000, 50_400].map((ms) => shorten(at(ms)));
  await Promise.all(said);
  expect(await readFile(file, "utf8")).toBe("50\n");
  await shorten(at(99_000));
  expect(await readFile(file, "utf8")).toBe("50\n");
});

test("a lease that could not be written is said, and tried again with the next word", async () => {
  const shorten = createLeaseShortener(path.join(folder, "gone/lease"), at(100_000), time);
  await expect(shorten(at(1000))).rejects.toThrow("ENOENT");
  await expect(shorten(at(1000))).rejects.toThrow("ENOENT");
});

test("sooner is meant by the time that passes: a run's lease is shorter though the clock was set ahead by more", async () => {
  const file = path.join(folder, "lease");
  const shorten = createLeaseShortener(file, at(100_000), time);
  wall += 3_600_000;
  await shorten(at(3_600_000 + 50_000));
  expect(await readFile(file, "utf8")).toBe("3650\n");
});

test("neither the lease of before nor the one that moved along makes it shorter when the clock was set", async () => {
  const file = path.join(folder, "lease");
  const shorten = createLeaseShortener(file, at(100_000), time);
  await shorten(at(90_000));
  wall += 3_600_000;
  await shorten(at(100_000));
  await shorten(at(90_000));
  await shorten(at(3_600_000 + 89_900));
  expect(await readFile(file, "utf8")).toBe("90\n");
});
