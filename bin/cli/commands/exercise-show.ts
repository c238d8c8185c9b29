import path from "node:path";
import { layOutSolution } from "#grading/exercises/lay-out-solution.ts";
import type { ExerciseSolution } from "#grading/exercises/load-exercise.ts";
import { CommandFailure, type ExitCode, exitCode } from "../exit.ts";
import { holdsSomething } from "../holds-something.ts";
import { pickSolution } from "../pick-solution.ts";
import { count, formatTable } from "../table.ts";
import type { Terminal } from "../terminal.ts";
import { readExercise } from "./exercise-check.ts";

/** `drydock exercise show`: what a solution hands in, file by file, or those files themselves in a folder. */
export async function exerciseShow(
  terminal: Terminal,
  dir: string,
  name: string,
  { into }: { into?: string },
): Promise<ExitCode> {
  const { solutions } = await readExercise(dir);
  const solution = pickSolution(solutions, name, dir);
  if (into === undefined) {
    const columns = [{ title: "file" }, { title: "from" }];
    terminal.out.write(`${formatTable(terminal.out, columns, rowsOf(solution)).join("\n")}\n`);
    return exitCode.ok;
  }
  if (await holdsSomething(path.resolve(into))) {
    throw new CommandFailure(
      exitCode.badInput,
      `${into} exists and is not empty; name a folder that is new or empty.`,
    );
  }
  await layOutSolution(solution, path.resolve(into));
  terminal.out.write(`Wrote ${count(solution.files.length, "file")} of ${name} into ${into}.\n`);
  return exitCode.ok;
}

function rowsOf({ name, files, leftOut }: ExerciseSolution): string[][] {
  return [
    ...files.map((file) => [file.path, file.from === name ? "own" : `base ${file.from}`]),
    ...leftOut.map(({ path: file, from, by }) => [
      file,
      `left out of base ${from}${by === name ? "" : ` by base ${by}`}`,
    ]),
  ];
}
