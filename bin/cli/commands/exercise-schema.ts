import { exerciseJsonSchema } from "#grading/exercises/exercise-file.ts";
import { type ExitCode, exitCode } from "../exit.ts";
import type { Terminal } from "../terminal.ts";

export function exerciseSchema(terminal: Terminal): ExitCode {
  terminal.out.write(`${JSON.stringify(exerciseJsonSchema(), null, 2)}\n`);
  return exitCode.ok;
}
