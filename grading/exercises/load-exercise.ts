import path from "node:path";
import { exerciseFile } from "./exercise-file.ts";
import { checkSpecRules, type ExerciseProblem } from "./exercise-rules.ts";
import { folderOrNull } from "./folder-or-null.ts";
import { type ExerciseSolution, readSolutions } from "./read-solutions.ts";
import { readYaml } from "./read-yaml.ts";
import { type ExerciseSpec, exerciseSpec } from "./spec/spec.ts";

export type { ExerciseProblem, ExerciseSolution };

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
 * expect.yaml beside files/, laid over its base. Every mistake in the files is a problem with file and line; throws for trouble with
 * the disk only. isNamed: the folder's name is the exercise's, as in a course; a copy elsewhere may be called anything.
 */
export async function loadExercise(
  folder: string,
  { isNamed = false }: { isNamed?: boolean } = {},
): Promise<LoadExerciseOutcome> {
  const dir = path.resolve(folder);
  const problems: ExerciseProblem[] = [];
  const hiddenDir = await folderOrNull(path.join(dir, "hidden"));
  const file = await readYaml(dir, "exercise.yaml", exerciseFile, problems);
  const spec = file === null ? null : exerciseSpec.parse(file.value);
  const name = path.basename(dir);
  if (isNamed && file !== null && file.value.slug !== name)
    problems.push({
      file: "exercise.yaml",
      line: file.lineOf(["slug"]),
      message: `slug: must be ${name}, the name of the folder, and is ${file.value.slug}; change the one or the other`,
    });
  if (file !== null && spec !== null)
    problems.push(...(await checkSpecRules(spec, hiddenDir, (keys) => file.lineOf(keys))));
  const solutions = await readSolutions(dir, spec, problems);
  if (spec === null || problems.length > 0) return { outcome: "invalid", problems };
  const starterDir = await folderOrNull(path.join(dir, "starter"));
  return { outcome: "ok", exercise: { spec, dir, hiddenDir, starterDir, solutions } };
}
