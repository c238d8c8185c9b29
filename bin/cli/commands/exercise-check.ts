import path from "node:path";
import { loadExercise } from "#grading/exercises/load-exercise.ts";
import { CommandFailure, type ExitCode, exitCode } from "../exit.ts";
import { count, formatPoints } from "../table.ts";
import type { Terminal } from "../terminal.ts";

/** Reads an exercise and says what is wrong in it, one `file:line: message` a line, or that it is right. */
export async function exerciseCheck(terminal: Terminal, dir: string): Promise<ExitCode> {
  const { spec, solutions } = await readExercise(dir, { isNamed: true });
  const points = spec.checks.reduce((sum, check) => sum + check.points, 0);
  terminal.out.write(
    `${spec.slug}: ${count(spec.checks.length, "check")}, ${formatPoints(points)} points, ${count(solutions.length, "solution")}. The exercise is valid.\n`,
  );
  return exitCode.ok;
}

/** The exercise in `dir`. Throws CommandFailure (bad input) with every problem as file:line: message. */
export async function readExercise(dir: string, options: { isNamed?: boolean } = {}) {
  const loaded = await loadExercise(path.resolve(dir), options);
  if (loaded.outcome === "ok") return loaded.exercise;
  throw new CommandFailure(exitCode.badInput, formatProblems(dir, loaded.problems).join("\n"));
}

/** Paths as the caller can open them: relative to the working directory where that is shorter. */
export function formatProblems(
  dir: string,
  problems: { file: string; line: number; message: string }[],
): string[] {
  return problems.map(({ file, line, message }) => {
    const absolute = path.resolve(dir, file);
    const relative = path.relative(process.cwd(), absolute);
    return `${relative.startsWith("..") ? absolute : relative}:${line}: ${message}`;
  });
}
