import { readdir, readFile, stat } from "node:fs/promises";
import path from "node:path";
import type { z } from "zod";
import { exerciseFile, expectFile, type SolutionExpectation } from "./exercise-file.ts";
import { checkSolution, checkSpecRules, type ExerciseProblem } from "./exercise-rules.ts";
import { type Located, parseYaml } from "./parse-yaml.ts";
import { type ExerciseSpec, exerciseSpec } from "./spec/spec.ts";

export type { ExerciseProblem, SolutionExpectation };

export interface ExerciseSolution {
  name: string;
  /** Absolute folder with what a student would hand in. */
  dir: string;
  expect: SolutionExpectation;
}

export interface LoadedExercise {
  /** With defaults filled in and, for checks that use a built image, the build among their needs. */
  spec: ExerciseSpec;
  /** Absolute. */
  dir: string;
  hiddenDir: string | null;
  starterDir: string | null;
  /** In order of their names. */
  solutions: ExerciseSolution[];
}

export type LoadExerciseOutcome =
  | { outcome: "ok"; exercise: LoadedExercise }
  /** At least one, in the order of the files. */
  | { outcome: "invalid"; problems: ExerciseProblem[] };

/**
 * Reads and checks the exercise in a folder: exercise.yaml, hidden/, starter/ and solutions/<name>/ with
 * expect.yaml beside files/. Every mistake in the files is a problem with file and line; throws for trouble with
 * the disk only.
 */
export async function loadExercise(folder: string): Promise<LoadExerciseOutcome> {
  const dir = path.resolve(folder);
  const problems: ExerciseProblem[] = [];
  const hiddenDir = await folderOrNull(path.join(dir, "hidden"));
  const file = await readYaml(dir, "exercise.yaml", exerciseFile, problems);
  const spec = file === null ? null : exerciseSpec.parse(file.value);
  if (file !== null && spec !== null)
    problems.push(...(await checkSpecRules(spec, hiddenDir, (keys) => file.lineOf(keys))));
  const solutions = await readSolutions(dir, spec, problems);
  if (spec === null || problems.length > 0) return { outcome: "invalid", problems };
  const starterDir = await folderOrNull(path.join(dir, "starter"));
  return { outcome: "ok", exercise: { spec, dir, hiddenDir, starterDir, solutions } };
}

async function readSolutions(dir: string, spec: ExerciseSpec | null, problems: ExerciseProblem[]) {
  const root = path.join(dir, "solutions");
  const solutions: ExerciseSolution[] = [];
  if ((await folderOrNull(root)) === null) return solutions;
  const entries = (await readdir(root, { withFileTypes: true })).filter((entry) => entry.isDirectory());
  for (const name of entries.map((entry) => entry.name).sort()) {
    const file = `solutions/${name}/expect.yaml`;
    const files = path.join(root, name, "files");
    const expectation = await readYaml(dir, file, expectFile, problems);
    if ((await folderOrNull(files)) === null)
      problems.push({
        file: `solutions/${name}`,
        line: 1,
        message: "has no folder files/ with what a student would hand in; make it",
      });
    if (expectation === null) continue;
    if (spec)
      problems.push(...checkSolution(spec, file, expectation.value, (keys) => expectation.lineOf(keys)));
    solutions.push({ name, dir: files, expect: expectation.value });
  }
  return solutions;
}

async function readYaml<Schema extends z.ZodType>(
  dir: string,
  file: string,
  schema: Schema,
  problems: ExerciseProblem[],
): Promise<Located<z.output<Schema>> | null> {
  let source: string;
  try {
    source = await readFile(path.join(dir, file), "utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ENOENT") throw error;
    problems.push({ file, line: 1, message: "is missing; make it" });
    return null;
  }
  const parsed = parseYaml(source, schema);
  if (parsed.outcome === "ok") return parsed;
  problems.push(...parsed.problems.map((problem) => ({ file, ...problem })));
  return null;
}

/** The path if it is a folder, else null. */
async function folderOrNull(folder: string): Promise<string | null> {
  try {
    return (await stat(folder)).isDirectory() ? folder : null;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return null;
    throw error;
  }
}
