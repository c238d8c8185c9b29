import { withSolutionFolder } from "#grading/exercises/lay-out-solution.ts";
import type { ExerciseSolution } from "#grading/exercises/load-exercise.ts";
import { kindFor } from "#grading/machines/machine-kind.ts";
import { type ExitCode, exitCode } from "../exit.ts";
import { type GradedLocally, gradeWith } from "../grade-locally.ts";
import { untilInterrupted } from "../interrupt.ts";
import { formatEvent } from "../live-log.ts";
import { openLocalMachines } from "../local-machines.ts";
import { pickSolution, refuseNone } from "../pick-solution.ts";
import { formatSeconds, formatTable } from "../table.ts";
import { paint, type Terminal } from "../terminal.ts";
import { readExercise } from "./exercise-check.ts";
import { compareSolution, type SolutionReport } from "./exercise-test/compare-solution.ts";

export interface ExerciseTestOptions {
  repeat: number;
  only: string[];
  json: boolean;
  installEngine: boolean;
}

/** `drydock exercise test`: grades every solution, each in a machine of its own, and compares with expect.yaml. */
export async function exerciseTest(
  terminal: Terminal,
  dir: string,
  options: ExerciseTestOptions,
): Promise<ExitCode> {
  const exercise = await readExercise(dir);
  const solutions = choose(exercise.solutions, options.only, dir);
  return untilInterrupted(terminal, async (signal) => {
    const { installEngine } = options;
    const machines = await openLocalMachines({ installEngine, machineKind: kindFor(exercise.spec) });
    const reports: SolutionReport[] = [];
    try {
      for (const solution of solutions) {
        const grades: GradedLocally[] = [];
        for (let time = 1; time <= options.repeat; time++) {
          const again = options.repeat > 1 ? ` (${time} of ${options.repeat})` : "";
          terminal.err.write(`${paint(terminal.err, "bold", `── ${solution.name}${again}`)}\n`);
          const onEvent = (event: Parameters<typeof formatEvent>[1]) => {
            const line = formatEvent(terminal.err, event);
            if (line !== null) terminal.err.write(`${line}\n`);
          };
          const grade = (submission: string) =>
            gradeWith(machines, { exercise, submission, onEvent, signal });
          grades.push(await withSolutionFolder(solution, grade));
        }
        reports.push(compareSolution(solution, grades));
      }
    } finally {
      await machines.close();
    }
    if (options.json)
      terminal.out.write(`${JSON.stringify({ exercise: exercise.spec.slug, solutions: reports })}\n`);
    else printReports(terminal, reports);
    return statusOf(reports);
  });
}

function choose(solutions: ExerciseSolution[], only: string[], dir: string): ExerciseSolution[] {
  refuseNone(solutions, dir);
  const chosen = only.map((name) => pickSolution(solutions, name, dir));
  return only.length === 0 ? solutions : solutions.filter((solution) => chosen.includes(solution));
}

/** A machine that failed says nothing about the exercise, so it outweighs solutions that do not score as stated. */
function statusOf(reports: SolutionReport[]): ExitCode {
  if (reports.some((report) => report.platformFault)) return exitCode.platformFault;
  return reports.every((report) => report.problems.length === 0) ? exitCode.ok : exitCode.no;
}

function printReports(terminal: Terminal, reports: SolutionReport[]): void {
  const { out } = terminal;
  const rows = reports.map((report) => {
    const good = report.problems.length === 0;
    const style = good ? ("green" as const) : ("red" as const);
    return [
      { text: good ? "✓" : "✗", style },
      report.name,
      String(report.expectedScore),
      report.scores.map((score) => score ?? "none").join(", "),
      formatSeconds(report.seconds * 1000),
      { text: good ? "as stated" : "not as stated", style },
    ];
  });
  const lines = formatTable(
    out,
    [
      { title: "" },
      { title: "solution" },
      { title: "states", align: "right" },
      { title: "scored", align: "right" },
      { title: "time", align: "right" },
      { title: "" },
    ],
    rows,
  );
  for (const report of reports) {
    if (report.problems.length === 0) continue;
    lines.push("", paint(out, "bold", report.name), ...report.problems.map((problem) => `  ${problem}`));
  }
  const wrong = reports.filter((report) => report.problems.length > 0).length;
  const summary =
    wrong === 0
      ? paint(
          out,
          "green",
          reports.length === 1
            ? "The solution scores as stated."
            : `All ${reports.length} solutions score as stated.`,
        )
      : paint(out, "red", `${wrong} of ${reports.length} solutions do not score as stated.`);
  out.write(`${[...lines, "", summary].join("\n")}\n`);
}
