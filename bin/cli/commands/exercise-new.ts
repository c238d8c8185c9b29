import { cp, mkdir, readFile, writeFile } from "node:fs/promises";
import path from "node:path";
import { slug } from "#grading/exercises/spec/spec.ts";
import { CommandFailure, type ExitCode, exitCode } from "../exit.ts";
import { holdsSomething } from "../holds-something.ts";
import type { Terminal } from "../terminal.ts";

const skeleton = path.resolve(import.meta.dirname, "../skeleton");

/** Makes a small exercise that passes its own test, to be changed from there. Never writes over anything. */
export async function exerciseNew(terminal: Terminal, dir: string): Promise<ExitCode> {
  const target = path.resolve(dir);
  const name = path.basename(target);
  if (!slug.safeParse(name).success) {
    throw new CommandFailure(
      exitCode.badInput,
      `The folder's name becomes the exercise's slug, and "${name}" is none: use lower-case words joined by hyphens, such as docker-intro.`,
    );
  }
  if (await holdsSomething(target)) {
    throw new CommandFailure(exitCode.badInput, `${dir} exists and is not empty; name a folder that is new.`);
  }
  await mkdir(target, { recursive: true });
  await cp(skeleton, target, { recursive: true });
  const spec = path.join(target, "exercise.yaml");
  await writeFile(spec, (await readFile(spec, "utf8")).replace(/^slug: .*$/m, `slug: ${name}`));
  terminal.out.write(`Made ${dir}. Try it: drydock exercise test ${dir}\nHow to go on: docs/exercises.md\n`);
  return exitCode.ok;
}
