import { readFile } from "node:fs/promises";
import path from "node:path";
import type { z } from "zod";
import type { ExerciseProblem } from "./exercise-rules.ts";
import { type Located, parseYaml } from "./yaml/parse-yaml.ts";

/** A file of the exercise in `dir` by its schema; null, with what is wrong added to `problems`, when it does not fit. */
export async function readYaml<Schema extends z.ZodType>(
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
