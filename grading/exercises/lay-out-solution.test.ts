import { access, lstat, readdir, readFile, readlink } from "node:fs/promises";
import path from "node:path";
import { expect, test } from "vitest";
import { folderWith } from "#tests/support/folder-with.ts";
import { referenceSolution } from "#tests/support/reference-solution.ts";
import { layOutSolution, withSolutionFolder } from "./lay-out-solution.ts";

async function solution() {
  const dir = await folderWith({
    "exercise.yaml":
      "slug: intro\ntitle: Intro\nchecks: [{ id: there, kind: files/required, title: There, points: 1, with: { files: [{ path: a }] } }]\n",
    "solutions/right/expect.yaml": "score: 1\n",
    "solutions/right/files/a": "a",
    "solutions/right/files/bin/run.sh": { text: "run", mode: 0o755 },
    "solutions/right/files/secret": { text: "s", mode: 0o400 },
    "solutions/wrong/expect.yaml": "score: 0\nbase: right\nwithout: [a]\n",
    "solutions/wrong/files/away": { linkTo: "../nowhere" },
  });
  return referenceSolution(dir, "wrong");
}

const modeOf = async (file: string) => (await lstat(file)).mode & 0o777;

test("a laid-out solution has its own and its base's files with their modes, and links as links", async () => {
  const folder = path.join(await folderWith({}), "new/work");
  await layOutSolution(await solution(), folder);
  expect((await readdir(folder, { recursive: true })).sort()).toEqual([
    "away",
    "bin",
    "bin/run.sh",
    "secret",
  ]);
  expect(await readFile(path.join(folder, "bin/run.sh"), "utf8")).toBe("run");
  expect(await modeOf(path.join(folder, "bin/run.sh"))).toBe(0o755);
  expect(await modeOf(path.join(folder, "secret"))).toBe(0o400);
  expect(await readlink(path.join(folder, "away"))).toBe("../nowhere");
});

test("the folder that is lent is named after the solution and gone afterwards, also when the work fails", async () => {
  let lent = "";
  const work = async (folder: string) => {
    lent = folder;
    await access(path.join(folder, "secret"));
    throw new Error("mine");
  };
  await expect(withSolutionFolder(await solution(), work)).rejects.toThrow("mine");
  expect(path.basename(lent)).toBe("wrong");
  await expect(access(path.dirname(lent))).rejects.toThrow("ENOENT");
});
