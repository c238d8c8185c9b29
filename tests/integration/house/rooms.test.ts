import { execFile } from "node:child_process";
import { readdir } from "node:fs/promises";
import path from "node:path";
import { promisify } from "node:util";
import { expect, test } from "vitest";

const run = promisify(execFile);
const isTest = (file: string) => /\.test\.tsx?$/.test(file);
type Edge = readonly [from: string, to: string];

/** Folders that import each other, directly or by others; dependency-cruiser takes an inner folder for its outer one's part. */
function findLoops(edges: readonly Edge[]): string[][] {
  const next = new Map<string, Set<string>>();
  for (const [from, to] of edges) next.set(from, (next.get(from) ?? new Set()).add(to));
  const reachedFrom = (start: string) => {
    const reached = new Set<string>();
    const rest = [start];
    for (let at = rest.pop(); at !== undefined; at = rest.pop())
      for (const to of next.get(at) ?? []) {
        if (!reached.has(to)) rest.push(to);
        reached.add(to);
      }
    return reached;
  };
  const reach = new Map([...next.keys()].map((folder) => [folder, reachedFrom(folder)]));
  const loops = [...reach].filter(([folder, reached]) => reached.has(folder));
  return [
    ...new Map(
      loops.map(([folder, reached]) => {
        const members = [folder, ...[...reached].filter((other) => reach.get(other)?.has(folder))];
        const names = [...new Set(members)].sort();
        return [names.join(), names] as const;
      }),
    ).values(),
  ];
}

test("folders that import each other are found, an inner one and its outer one too", () => {
  expect(
    findLoops([
      ["a", "b"],
      ["b", "c"],
      ["c", "d"],
    ]),
  ).toEqual([]);
  expect(
    findLoops([
      ["a", "b"],
      ["b", "c"],
      ["c", "b"],
    ]),
  ).toEqual([["b", "c"]]);
  expect(
    findLoops([
      ["a", "a/in"],
      ["a/in", "b"],
      ["b", "a"],
    ]),
  ).toEqual([["a", "a/in", "b"]]);
});

test("no room of course and grading imports upward", async () => {
  const cruiser = "node_modules/dependency-cruiser/bin/dependency-cruise.mjs";
  const args = [cruiser, "--config", ".dependency-cruiser.cjs", "--output-type", "json", "course", "grading"];
  const { stdout } = await run(process.execPath, args, { maxBuffer: 2 ** 28 });
  const { modules } = JSON.parse(stdout) as {
    modules: { source: string; dependencies: { resolved: string }[] }[];
  };
  const edges = modules
    .filter(({ source }) => !isTest(source))
    .flatMap(({ source, dependencies }) =>
      dependencies.map(({ resolved }) => [path.posix.dirname(source), path.posix.dirname(resolved)] as const),
    )
    .filter(([from, to]) => from !== to && /^(course|grading)(\/|$)/.test(to));
  expect(edges.length).toBeGreaterThan(100);
  expect(findLoops(edges)).toEqual([]);
});

test("no folder holds more than 25 source files beside each other", async () => {
  const { stdout } = await run("git", ["ls-files", "--cached", "--others", "--exclude-standard"]);
  const folders = [
    ...new Set(
      stdout
        .split("\n")
        .filter((file) => /\.(tsx?|mjs)$/.test(file))
        .map(path.dirname),
    ),
  ];
  expect(folders.length).toBeGreaterThan(50);
  const full: string[] = [];
  for (const folder of folders) {
    const entries = await readdir(folder, { withFileTypes: true }).catch(() => []);
    const sources = entries.filter((entry) => entry.isFile() && /\.(tsx?|mjs)$/.test(entry.name));
    if (sources.length > 25) full.push(`${folder}: ${sources.length}`);
  }
  expect(full).toEqual([]);
});
