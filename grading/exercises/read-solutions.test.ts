import { mkdir } from "node:fs/promises";
import path from "node:path";
import { describe, expect, test } from "vitest";
import { type FileToMake, folderWith } from "#tests/support/folder-with.ts";
import { loadExercise } from "./load-exercise.ts";

const spec = `slug: intro
title: Intro
checks:
  - { id: there, kind: files/required, title: There, points: 10, with: { files: [{ path: a }] } }
`;

async function load(solutions: Record<string, FileToMake>) {
  const named = Object.entries(solutions).map(([name, file]) => [`solutions/${name}`, file]);
  const dir = await folderWith({ "exercise.yaml": spec, ...Object.fromEntries(named) });
  return loadExercise(dir);
}

async function worksOf(solutions: Record<string, FileToMake>) {
  const loaded = await load(solutions);
  if (loaded.outcome === "invalid") throw new Error(JSON.stringify(loaded.problems));
  return new Map(
    loaded.exercise.solutions.map(({ name, files, leftOut }) => [
      name,
      {
        files: files.map(({ path: inside, from }) => `${inside} from ${from}`),
        leftOut: leftOut.map((file) => `${file.path} of ${file.from} by ${file.by}`),
      },
    ]),
  );
}

async function problemsOf(solutions: Record<string, FileToMake>) {
  const loaded = await load(solutions);
  if (loaded.outcome === "ok") throw new Error("accepted");
  return loaded.problems.map((problem) => `${problem.file}:${problem.line} ${problem.message}`);
}

const right = {
  "right/expect.yaml": "score: 10\n",
  "right/files/a": "a",
  "right/files/k8s/web.yaml": "web",
};
const overRight = "score: 0\nbase: right\n";

describe("a solution with a base", () => {
  test("hands in the base's files, its own in their place, and those it adds", async () => {
    const works = await worksOf({
      ...right,
      "wrong/expect.yaml": overRight,
      "wrong/files/a": "b",
      "wrong/files/z": "",
    });
    expect(works.get("wrong")).toEqual({
      files: ["a from wrong", "k8s/web.yaml from right", "z from wrong"],
      leftOut: [],
    });
    expect(works.get("right")?.files).toEqual(["a from right", "k8s/web.yaml from right"]);
  });

  test("may stand on one that has a base, whatever their names' order", async () => {
    const works = await worksOf({
      ...right,
      "second/expect.yaml": overRight,
      "second/files/a": "2",
      "first/expect.yaml": "score: 0\nbase: second\n",
      "first/files/b": "b",
    });
    expect(works.get("first")?.files).toEqual(["a from second", "b from first", "k8s/web.yaml from right"]);
  });

  test("leaves out what it lists, and needs no folder for that", async () => {
    const works = await worksOf({ ...right, "less/expect.yaml": `${overRight}without: [k8s/web.yaml]\n` });
    expect(works.get("less")).toEqual({
      files: ["a from right"],
      leftOut: ["k8s/web.yaml of right by less"],
    });
  });

  test("may keep its folder without a file in it", async () => {
    const dir = await folderWith({
      "exercise.yaml": spec,
      "solutions/right/expect.yaml": "score: 10\n",
      "solutions/right/files/a": "a",
      "solutions/less/expect.yaml": `${overRight}without: [a]\n`,
    });
    await mkdir(path.join(dir, "solutions/less/files"));
    expect(await loadExercise(dir)).toMatchObject({ outcome: "ok" });
  });

  test("leaves out what its base does, until it has that file itself", async () => {
    const less = {
      ...right,
      "less/expect.yaml": `${overRight}without: [a, k8s/web.yaml]\n`,
      "less/files/b": "",
    };
    const works = await worksOf({
      ...less,
      "again/expect.yaml": "score: 0\nbase: less\n",
      "again/files/a": "a",
    });
    expect(works.get("again")).toEqual({
      files: ["a from again", "b from less"],
      leftOut: ["k8s/web.yaml of right by less"],
    });
  });

  test("may differ from it by the execute bit alone, or by being a link", async () => {
    const works = await worksOf({
      ...right,
      "mode/expect.yaml": overRight,
      "mode/files/a": { text: "a", mode: 0o755 },
      "link/expect.yaml": overRight,
      "link/files/a": { linkTo: "a" },
    });
    expect(works.get("mode")?.files).toContain("a from mode");
    expect(works.get("link")?.files).toContain("a from link");
  });
});

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

  test("a file where the base has a folder, or the other way round, unless that is left out", async () => {
    const wrong = { "wrong/files/k8s": { linkTo: "/etc" }, "wrong/files/a/b": "" };
    expect(await problemsOf({ ...right, ...wrong, "wrong/expect.yaml": overRight })).toEqual([
      "solutions/wrong/files/a/b:1 cannot be there together with solutions/right/files/a of its base, for one is a folder where the other is a file; list a under without",
      "solutions/wrong/files/k8s:1 cannot be there together with solutions/right/files/k8s/web.yaml of its base, for one is a folder where the other is a file; list k8s/web.yaml under without",
    ]);
    const without = `${overRight}without: [a, k8s/web.yaml]\n`;
    const works = await worksOf({ ...right, ...wrong, "wrong/expect.yaml": without });
    expect(works.get("wrong")?.files).toEqual(["a/b from wrong", "k8s from wrong"]);
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
