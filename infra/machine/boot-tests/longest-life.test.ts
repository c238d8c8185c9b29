import { execFile } from "node:child_process";
import { chmod, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { promisify } from "node:util";
import { afterEach, beforeEach, expect, it } from "vitest";

const boot = path.join(import.meta.dirname, "../boot");
let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), "drydock-life-"));
  await writeFile(path.join(folder, "busybox"), '#!/bin/sh\necho "busybox $*"\n');
  await chmod(path.join(folder, "busybox"), 0o755);
});
afterEach(() => rm(folder, { recursive: true }));

/** With a power-off that only says so: what was said, and after how many milliseconds. */
async function run(word: string | null) {
  const file = path.join(folder, "longest-life");
  if (word !== null) await writeFile(file, word);
  const began = performance.now();
  const { stdout } = await promisify(execFile)("bash", [path.join(boot, "longest-life.sh"), file], {
    env: { ...process.env, PATH: `${folder}:${process.env.PATH}` },
  });
  return { said: stdout, ms: performance.now() - began };
}

it("a machine is powered off after its longest life, and not before", async () => {
  const { said, ms } = await run("2\n");
  expect(said).toMatch(/no machine lives longer than 2 s, powering off\nbusybox poweroff -f\n$/);
  expect(ms).toBeGreaterThanOrEqual(2000);
});

it.each(["", "0", "-1", "never", "1e9", "99999999", null])(
  "a file that says %j ends it at once",
  async (word) => {
    const { said, ms } = await run(word);
    expect(said).toContain("busybox poweroff -f");
    expect(ms).toBeLessThan(2000);
  },
);

it("the longest life is longer than any lease, and not a day", async () => {
  const seconds = Number(await readFile(path.join(boot, "longest-life"), "utf8"));
  // The longest exercise, and an hour for its boot, its facilities and its report; the pool's own lease is an hour.
  expect(seconds).toBeGreaterThan(7200 + 3600);
  expect(seconds).toBeLessThan(86_400);
});
