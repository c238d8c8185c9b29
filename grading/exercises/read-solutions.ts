import { readdir } from "node:fs/promises";
import path from "node:path";
import { expectFile, type SolutionExpectation } from "./exercise-file.ts";
import { checkSolution, type ExerciseProblem } from "./exercise-rules.ts";
import { folderOrNull } from "./folder-or-null.ts";
import { byPath, overlaySolution, type SolutionFile, type SolutionWork } from "./overlay-solution.ts";
import { readYaml } from "./read-yaml.ts";
import type { ExerciseSpec } from "./spec/spec.ts";

export interface ExerciseSolution extends SolutionWork {
  name: string;
  expect: SolutionExpectation;
}

interface Reading {
  name: string;
  expectation: Awaited<ReturnType<typeof readYaml<typeof expectFile>>>;
  /** null: there is no folder files/. */
  files: SolutionFile[] | null;
  problems: ExerciseProblem[];
}

/** The solutions of the exercise in `dir` in order of their names, each laid over its base; adds to `problems`. */
export async function readSolutions(
  dir: string,
  spec: ExerciseSpec | null,
  problems: ExerciseProblem[],
): Promise<ExerciseSolution[]> {
  const root = path.join(dir, "solutions");
  if ((await folderOrNull(root)) === null) return [];
  const entries = (await readdir(root, { withFileTypes: true })).filter((entry) => entry.isDirectory());
  const readings = new Map<string, Reading>();
  for (const name of entries.map((entry) => entry.name).sort())
    readings.set(name, await readSolution(dir, name, spec));
  const works = new Map<string, SolutionWork | null>();
  const solutions: ExerciseSolution[] = [];
  for (const { name, expectation } of readings.values()) {
    const work = await layOver(name, readings, works);
    if (work === null || expectation === null) continue;
    const { base, without, ...expect } = expectation.value;
    solutions.push({ name, ...work, expect });
  }
  problems.push(...[...readings.values()].flatMap((reading) => reading.problems));
  return solutions;
}

async function readSolution(dir: string, name: string, spec: ExerciseSpec | null): Promise<Reading> {
  const problems: ExerciseProblem[] = [];
  const file = `solutions/${name}/expect.yaml`;
  const expectation = await readYaml(dir, file, expectFile, problems);
  if (spec && expectation)
    problems.push(...checkSolution(spec, file, expectation.value, (keys) => expectation.lineOf(keys)));
  const folder = await folderOrNull(path.join(dir, "solutions", name, "files"));
  const files = folder === null ? null : await listFiles(name, folder, problems);
  return { name, expectation, files, problems };
}

async function listFiles(from: string, folder: string, problems: ExerciseProblem[]): Promise<SolutionFile[]> {
  const files: SolutionFile[] = [];
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
    const source = path.join(entry.parentPath, entry.name);
    const inside = path.relative(folder, source).split(path.sep).join("/");
    if (entry.isFile() || entry.isSymbolicLink()) files.push({ path: inside, source, from });
    else if (!entry.isDirectory())
      problems.push({
        file: `solutions/${from}/files/${inside}`,
        line: 1,
        message: "is neither a file nor a link, and nothing else can be handed in; remove it",
      });
  }
  return files.sort(byPath);
}

/** What the solution hands in; null when it, or a base that it stands on, cannot be laid out. */
async function layOver(
  name: string,
  readings: ReadonlyMap<string, Reading>,
  works: Map<string, SolutionWork | null>,
): Promise<SolutionWork | null> {
  const known = works.get(name);
  if (known !== undefined) return known;
  // Whoever comes back here in a circle of bases finds that there is nothing to stand on.
  works.set(name, null);
  const reading = readings.get(name);
  if (!reading?.expectation) return null;
  const { value, lineOf } = reading.expectation;
  const say = (file: string, line: number, message: string) =>
    void reading.problems.push({ file: `solutions/${name}${file}`, line, message });
  let work: SolutionWork | null = null;
  if (value.base === undefined) {
    if (reading.files) work = { files: reading.files, leftOut: [] };
    else say("", 1, "has no folder files/ with what a student would hand in; make it, or name a base");
  } else {
    const problem = baseProblem(name, value.base, readings);
    if (problem !== null) say("/expect.yaml", lineOf(["base"]), problem);
    const base = await layOver(value.base, readings, works);
    if (base !== null) {
      const own = { name, files: reading.files ?? [], without: value.without ?? [] };
      const laid = await overlaySolution(own, { name: value.base, ...base }, lineOf);
      reading.problems.push(...laid.problems);
      work = laid.work;
    }
  }
  works.set(name, work);
  return work;
}

function baseProblem(name: string, base: string, readings: ReadonlyMap<string, Reading>): string | null {
  if (!readings.has(base))
    return `there is no solution ${base} to be the base; the exercise has ${[...readings.keys()].join(", ")}`;
  const chain = [name];
  for (let at: string | undefined = base; at !== undefined; at = readings.get(at)?.expectation?.value.base) {
    if (at === name)
      return `its bases lead back to itself (${[...chain, name].join(" → ")}); let one of them have no base`;
    if (chain.includes(at)) return null;
    chain.push(at);
  }
  return null;
}
