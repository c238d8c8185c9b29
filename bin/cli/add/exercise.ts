import { type Command, InvalidArgumentError } from "commander";
import type { ExitCode } from "../exit.ts";
import type { Terminal } from "../terminal.ts";

/** `drydock exercise` and what stands below it. */
export function addExercise(root: Command, terminal: Terminal, keep: (code: ExitCode) => void) {
  const exercise = root.command("exercise").description("write and test exercises");
  exercise
    .command("new")
    .description("make a small exercise that passes its own test")
    .argument("<dir>", "a folder that does not exist yet; its name becomes the slug")
    .action(async (dir: string) => {
      const { exerciseNew } = await import("../commands/exercise-new.ts");
      keep(await exerciseNew(terminal, dir));
    });
  exercise
    .command("check")
    .description("say what is wrong in an exercise, with file and line")
    .argument("<dir>", "folder with exercise.yaml")
    .action(async (dir: string) => {
      const { exerciseCheck } = await import("../commands/exercise-check.ts");
      keep(await exerciseCheck(terminal, dir));
    });
  exercise
    .command("test")
    .description("grade every solution and compare with what it states")
    .argument("<dir>", "folder with exercise.yaml")
    .option("--repeat <times>", "grade each solution this often and report flaky checks", wholeNumber, 1)
    .option("--only <name>", "this solution only; may be given again", collect, [])
    .option("--json", "print the outcome as one line of JSON", false)
    .option("--install-engine", "install Debian's Docker engine when none runs (as root)", false)
    .action(
      async (
        dir: string,
        options: { repeat: number; only: string[]; json: boolean; installEngine: boolean },
      ) => {
        const { exerciseTest } = await import("../commands/exercise-test.ts");
        keep(await exerciseTest(terminal, dir, options));
      },
    );
  exercise
    .command("show")
    .description(
      "list what a solution hands in and which file comes from which base, or write it into a folder",
    )
    .argument("<dir>", "folder with exercise.yaml")
    .argument("<solution>", "name of a folder below solutions/")
    .option("--into <folder>", "write the files there; a folder that is new or empty")
    .action(async (dir: string, solution: string, options: { into?: string }) => {
      const { exerciseShow } = await import("../commands/exercise-show.ts");
      keep(await exerciseShow(terminal, dir, solution, options));
    });
  exercise
    .command("schema")
    .description("print the JSON Schema of exercise.yaml, for editors")
    .action(async () => {
      const { exerciseSchema } = await import("../commands/exercise-schema.ts");
      keep(exerciseSchema(terminal));
    });
}

function wholeNumber(text: string): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 1 || value > 100) {
    throw new InvalidArgumentError("It must be a whole number from 1 to 100.");
  }
  return value;
}

function collect(name: string, names: string[]): string[] {
  return [...names, name];
}
