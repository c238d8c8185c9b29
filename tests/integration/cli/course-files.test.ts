import { cp, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { root, runCli } from "./run-cli.ts";

let contentDir: string;
const slug = "tcss562-f2024";

beforeEach(async () => {
  contentDir = await mkdtemp(path.join(tmpdir(), "drydock-content-"));
  await cp(path.join(root, "content", slug), path.join(contentDir, slug), { recursive: true });
});
afterEach(() => rm(contentDir, { recursive: true, force: true }));

const course = (...args: string[]) =>
  runCli(["course", ...args], { env: { DRYDOCK_CONTENT_DIR: contentDir } });
const read = (folder: string, file: string) => readFile(path.join(contentDir, folder, file), "utf8");

it("course check names each mistake with file and line, and counts what is there when there is none", async () => {
  expect(await course("check", slug)).toMatchObject({
    code: 0,
    stdout: expect.stringMatching(/^tcss562-f2024: \d+ assignments, .*20 classes, .*\. No mistakes\.\n$/),
  });
  const file = path.join(contentDir, slug, "schedule.yaml");
  const before = await readFile(file, "utf8");
  await writeFile(file, before.replace("date: 2024-11-21", "date: 2024-11-31"));
  const line = before.split("\n").findIndex((text) => text.includes("date: 2024-11-21")) + 1;
  const checked = await course("check", slug);
  expect(checked.code).toBe(2);
  expect(checked.stderr).toContain(`${slug}/schedule.yaml:${line}: `);
});

it("course copy moves every date by the same number of days and keeps all else, and refuses what would not fit", async () => {
  const copied = await course("copy", slug, "--start", "2026-09-24");
  expect(copied).toMatchObject({ code: 0, stderr: "" });
  expect(copied.stdout).toContain("every date 728 days later");
  const [before, after] = [await read(slug, "course.yaml"), await read("tcss562-f2026", "course.yaml")];
  expect(after.split("\n").length).toBe(before.split("\n").length);
  expect(after).toContain("slug: tcss562-f2026\n");
  expect(after).toContain("term: Fall 2026\n");
  expect(after.match(/"2024-/g)).toBeNull();
  for (const comment of before.match(/^ *#.*$/gm) ?? []) expect(after).toContain(comment);
  expect((await read("tcss562-f2026", "schedule.yaml")).match(/number: 17\n {4}date: (.*)/)?.[1]).toBe(
    "2026-11-19",
  );
  expect(await course("check", "tcss562-f2026")).toMatchObject({ code: 0 });
  const again = await course("copy", slug, "--start", "2026-09-24");
  expect(again.code).not.toBe(0);
  expect(again.stderr).toContain("is there already");
  const wednesday = await course("copy", slug, "--start", "2026-09-23", "--slug", "other");
  expect(wednesday.stderr).toContain("is a Wednesday, but the first class of tcss562-f2024 is on a Thursday");
  expect((await course("copy", slug, "--start", "2024-09-26")).stderr).toContain("--slug");
  expect((await course("copy", slug, "--start", "2026-02-30")).stderr).toContain("is not a day");
});
