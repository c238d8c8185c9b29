import { copyFile, lstat, mkdir, mkdtemp, readlink, rm, symlink } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import type { ExerciseSolution } from "./read-solutions.ts";

/** Writes what a solution hands in into `folder`, which is made where it is missing; modes and links stay as they are. */
export async function layOutSolution(
  solution: Pick<ExerciseSolution, "files">,
  folder: string,
): Promise<void> {
  await mkdir(folder, { recursive: true });
  for (const { path: inside, source } of solution.files) {
    const target = path.join(folder, inside);
    await mkdir(path.dirname(target), { recursive: true });
    if ((await lstat(source)).isSymbolicLink()) await symlink(await readlink(source), target);
    else await copyFile(source, target);
  }
}

/** Lends a folder with what a solution hands in, named after it; it is gone afterwards, whatever happens. */
export async function withSolutionFolder<T>(
  solution: Pick<ExerciseSolution, "name" | "files">,
  work: (folder: string) => Promise<T>,
): Promise<T> {
  const dir = await mkdtemp(path.join(os.tmpdir(), "drydock-solution-"));
  try {
    const folder = path.join(dir, solution.name);
    await layOutSolution(solution, folder);
    return await work(folder);
  } finally {
    await rm(dir, { recursive: true, force: true });
  }
}
