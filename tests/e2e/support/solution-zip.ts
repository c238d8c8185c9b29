import { readdir } from "node:fs/promises";
import path from "node:path";
import { buffer } from "node:stream/consumers";
import { ZipFile } from "yazl";
import { course } from "./start-live-site.ts";

const solutions = path.resolve(
  import.meta.dirname,
  `../../../content/${course}/exercises/docker-containers/solutions`,
);

/** The files of a reference solution of the Docker exercise as one zip; `without` leaves a file out. */
export async function solutionZip(name: string, without?: string): Promise<Buffer> {
  const folder = path.join(solutions, name, "files");
  const zip = new ZipFile();
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
    const file = path.join(entry.parentPath, entry.name);
    const inside = path.relative(folder, file);
    if (entry.isFile() && inside !== without) zip.addFile(file, inside);
  }
  zip.end();
  return buffer(zip.outputStream as NodeJS.ReadableStream);
}
