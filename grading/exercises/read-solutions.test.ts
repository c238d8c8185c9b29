import { mkdir } from "node:fs/promises";
import path from "node:path";
import { describe, expect, test } from "vitest";
import { exerciseWith } from "#tests/support/files/exercise-with.ts";
import type { FileToMake } from "#tests/support/files/folder-with.ts";
import { loadExercise } from "./load-exercise.ts";

async function worksOf(solutions: Record<string, FileToMake>) {
  const loaded = await loadExercise(await exerciseWith(solutions));
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
    const dir = await exerciseWith({ ...right, "less/expect.yaml": `${overRight}without: [a]\n` });
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

  test("may have a file where it leaves a folder out, or the other way round", async () => {
    const works = await worksOf({
      ...right,
      "other/expect.yaml": `${overRight}without: [a, k8s/web.yaml]\n`,
      "other/files/k8s": { linkTo: "/etc" },
      "other/files/a/b": "",
    });
    expect(works.get("other")?.files).toEqual(["a/b from other", "k8s from other"]);
  });
});
