import { readdir, readFile } from "node:fs/promises";
import path from "node:path";
import { expect, it } from "vitest";
import { exerciseWith } from "#tests/support/files/exercise-with.ts";
import { folderWith } from "#tests/support/files/folder-with.ts";
import { createProgram } from "../program.ts";

const solutions = {
  "right/expect.yaml": "score: 1\n",
  "right/files/a": "right",
  "right/files/notes.txt": "",
  "right/files/src/main.py": "",
  "no-notes/expect.yaml": "score: 1\nbase: right\nwithout: [notes.txt]\n",
  "wrong/expect.yaml": "score: 1\nbase: no-notes\nwithout: [src/main.py]\n",
  "wrong/files/a": "wrong",
};

/** What `drydock exercise show` of it prints. */
async function show(...args: string[]): Promise<string> {
  const printed: string[] = [];
  const output = { write: (text: string) => void printed.push(text), colour: false };
  const dir = await exerciseWith(solutions);
  await createProgram({ out: output, err: output }).parseAsync([
    "node",
    "drydock",
    "exercise",
    "show",
    dir,
    ...args,
  ]);
  return printed.join("");
}

it("says of each file whether it is the solution's own or of which base, and what is left out by whom", async () => {
  expect((await show("wrong")).split("\n")).toEqual([
    "file         from",
    "a            own",
    "notes.txt    left out of base right by base no-notes",
    "src/main.py  left out of base right",
    "",
  ]);
  expect(await show("no-notes")).toMatch(/^src\/main\.py +base right$/m);
});

it("writes the files into a folder that is new or empty", async () => {
  const into = await folderWith({});
  expect(await show("no-notes", "--into", into)).toBe(`Wrote 2 files of no-notes into ${into}.\n`);
  expect((await readdir(into, { recursive: true })).sort()).toEqual(["a", "src", "src/main.py"]);
  await show("wrong", "--into", path.join(into, "deep/er"));
  expect(await readFile(path.join(into, "deep/er/a"), "utf8")).toBe("wrong");
});

it("never writes into a folder that holds something, nor over a file, and says what to do", async () => {
  const into = await folderWith({ mine: "mine" });
  for (const taken of [into, path.join(into, "mine")])
    await expect(show("right", "--into", taken)).rejects.toMatchObject({
      exitCode: 2,
      message: `${taken} exists and is not empty; name a folder that is new or empty.`,
    });
  expect(await readdir(into)).toEqual(["mine"]);
});

it("names the solutions there are when there is none of that name", async () => {
  await expect(show("rihgt")).rejects.toMatchObject({
    exitCode: 2,
    message: "There is no solution rihgt; the exercise has no-notes, right, wrong.",
  });
});
