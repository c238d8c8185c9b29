import { type ExitCode, exitCode } from "../exit.ts";
import { type GradedLocally, gradeLocally } from "../grade-locally.ts";
import { untilInterrupted } from "../interrupt.ts";
import { formatEvent } from "../live-log.ts";
import { printResult } from "../result-table.ts";
import type { Terminal } from "../terminal.ts";

export interface GradeOptions {
  json: boolean;
  installEngine: boolean;
}

/** `drydock grade`: one submission in a machine of its own; live log on err, the result on out. */
export async function grade(
  terminal: Terminal,
  exerciseDir: string,
  submission: string,
  options: GradeOptions,
): Promise<ExitCode> {
  return untilInterrupted(terminal, async (signal) => {
    const result = await gradeLocally({
      exerciseDir,
      submission,
      installEngine: options.installEngine,
      signal,
      onEvent: (event) => {
        const line = formatEvent(terminal.err, event);
        if (line !== null) terminal.err.write(`${line}\n`);
      },
    });
    if (options.json) terminal.out.write(`${JSON.stringify(gradeJson(result))}\n`);
    else printResult(terminal.out, result);
    if (result.state === "graded") return exitCode.ok;
    terminal.err.write(`Not gradable: ${result.reason}\n`);
    return result.fault === "exercise" ? exitCode.badInput : exitCode.platformFault;
  });
}

/** The one line of JSON that scripts read. */
function gradeJson(result: GradedLocally) {
  return {
    state: result.state,
    score: result.score,
    maxScore: result.maxScore,
    checks: result.checks.map(({ id, kind, verdict, fault, points, maxPoints, message }) => ({
      id,
      kind,
      verdict,
      fault,
      points,
      maxPoints,
      message,
    })),
    machine: { seconds: result.machine.seconds },
  };
}
