import { access, lstat, readdir, readFile, readlink } from "node:fs/promises";
import path from "node:path";
import { expect, test } from "vitest";
import { exerciseWith } from "#tests/support/files/exercise-with.ts";
import { folderWith } from "#tests/support/files/folder-with.ts";
import { layOutSolution, withSolutionFolder } from "./lay-out-solution.ts";
import { loadExercise } from "./load-exercise.ts";

async function solution() {
  const loaded = await loadExercise(
    await exerciseWith({
      "right/expect.yaml": "score: 10\n",
      "right/files/a": "a",
      "right/files/bin/run.sh": { text: "run", mode: 0o755 },
      "right/files/secret": { text: "s", mode: 0o400 },
      "wrong/expect.yaml": "score: 0\nbase: right\nwithout: [a]\n",
      "wrong/files/away": { linkTo: "../nowhere" },
    }),
  );
  const wrong = loaded.outcome === "ok" ? loaded.exercise.solutions[1] : undefined;
  if (!wrong) throw new Error(JSON.stringify(loaded));
  return wrong;
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
