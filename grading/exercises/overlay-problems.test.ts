import { execFileSync } from "node:child_process";
import path from "node:path";
import { describe, expect, test } from "vitest";
import { exerciseWith } from "#tests/support/files/exercise-with.ts";
import type { FileToMake } from "#tests/support/files/folder-with.ts";
import { loadExercise } from "./load-exercise.ts";

async function problemsOf(solutions: Record<string, FileToMake>) {
  const loaded = await loadExercise(await exerciseWith(solutions));
  if (loaded.outcome === "ok") throw new Error("accepted");
  return loaded.problems.map((problem) => `${problem.file}:${problem.line} ${problem.message}`);
}

const right = {
  "right/expect.yaml": "score: 10\n",
  "right/files/a": "a",
  "right/files/k8s/web.yaml": "web",
};
const overRight = "score: 0\nbase: right\n";

describe("a problem, with file and line, is", () => {
  test("a base that there is not", async () => {
    expect(await problemsOf({ ...right, "wrong/expect.yaml": "score: 0\nbase: rihgt\n" })).toEqual([
      "solutions/wrong/expect.yaml:2 there is no solution rihgt to be the base; the exercise has right, wrong",
    ]);
  });

  test("a circle of bases, at each solution in it and at no other", async () => {
    const over = (base: string) => `base: ${base}\nscore: 0\n`;
    expect(
      await problemsOf({
        "a/expect.yaml": over("b"),
        "b/expect.yaml": over("a"),
        "c/expect.yaml": over("a"),
        "self/expect.yaml": over("self"),
      }),
    ).toEqual([
      "solutions/a/expect.yaml:1 its bases lead back to itself (a → b → a); let one of them have no base",
      "solutions/b/expect.yaml:1 its bases lead back to itself (b → a → b); let one of them have no base",
      "solutions/self/expect.yaml:1 its bases lead back to itself (self → self); let one of them have no base",
    ]);
  });

  test("a file left out that is not in the base", async () => {
    expect(
      await problemsOf({ ...right, "less/expect.yaml": `${overRight}without:\n  - a\n  - k8s\n` }),
    ).toEqual(["solutions/less/expect.yaml:5 k8s is no file of the base right; it has a, k8s/web.yaml"]);
  });

  test("a file that is left out and there all the same", async () => {
    expect(
      await problemsOf({ ...right, "less/expect.yaml": `${overRight}without: [a]\n`, "less/files/a": "b" }),
    ).toEqual([
      "solutions/less/expect.yaml:3 a is left out and is in solutions/less/files too; a file there takes the base's place by itself: take it out of without",
    ]);
  });

  test("files left out of no base", async () => {
    expect(await problemsOf({ ...right, "right/expect.yaml": "score: 10\nwithout: [a]\n" })).toEqual([
      "solutions/right/expect.yaml:2 without: leaves files out of a base, and there is none; name a base, or remove without",
    ]);
  });

  test("a copy of the base's file, by both names", async () => {
    expect(
      await problemsOf({
        ...right,
        "middle/expect.yaml": overRight,
        "middle/files/b": "",
        "wrong/expect.yaml": "score: 0\nbase: middle\n",
        "wrong/files/a": "a",
      }),
    ).toEqual([
      "solutions/wrong/files/a:1 is the same as solutions/right/files/a, which the solution has from its base; remove this copy",
    ]);
  });

  test("a copy of the base's link", async () => {
    const link = { linkTo: "a" };
    const files = { ...right, "right/files/l": link, "wrong/expect.yaml": overRight, "wrong/files/l": link };
    expect(await problemsOf(files)).toEqual([
      expect.stringContaining("solutions/wrong/files/l:1 is the same as solutions/right/files/l"),
    ]);
  });

  test("a solution that changes nothing of its base", async () => {
    expect(await problemsOf({ ...right, "same/expect.yaml": overRight })).toEqual([
      "solutions/same/expect.yaml:2 hands in exactly what right does; change a file, or remove the solution",
    ]);
  });

  test("a file where the base has a folder, or the other way round", async () => {
    const wrong = { "wrong/files/k8s": { linkTo: "/etc" }, "wrong/files/a/b": "" };
    expect(await problemsOf({ ...right, ...wrong, "wrong/expect.yaml": overRight })).toEqual([
      "solutions/wrong/files/a/b:1 cannot be there together with solutions/right/files/a of its base, for one is a folder where the other is a file; list a under without",
      "solutions/wrong/files/k8s:1 cannot be there together with solutions/right/files/k8s/web.yaml of its base, for one is a folder where the other is a file; list k8s/web.yaml under without",
    ]);
  });

  test("what is neither a file nor a link", async () => {
    const dir = await exerciseWith(right);
    execFileSync("mkfifo", [path.join(dir, "solutions/right/files/pipe")]);
    expect(await loadExercise(dir)).toMatchObject({
      problems: [
        {
          file: "solutions/right/files/pipe",
          message: "is neither a file nor a link, and nothing else can be handed in; remove it",
        },
      ],
    });
  });

  test("no folder with files and no base", async () => {
    expect(await problemsOf({ "none/expect.yaml": "score: 0\n" })).toEqual([
      "solutions/none:1 has no folder files/ with what a student would hand in; make it, or name a base",
    ]);
  });

  test("trouble of the base, said of the base alone", async () => {
    expect(
      await problemsOf({ "none/expect.yaml": "score: 0\n", "wrong/expect.yaml": "score: 0\nbase: none\n" }),
    ).toEqual([expect.stringContaining("solutions/none:1 has no folder files/")]);
  });
});
