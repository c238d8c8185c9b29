import path from "node:path";
import { buffer } from "node:stream/consumers";
import { ZipFile } from "yazl";
import { sourceCourse } from "#bin/demo/demo-course.ts";
import { referenceSolution } from "#tests/fixtures/reference-solution.ts";

const exercise = path.resolve(
  import.meta.dirname,
  `../../../content/${sourceCourse}/exercises/docker-containers`,
);

/** The files of a reference solution of the Docker exercise as one zip; `without` leaves a file out. */
export async function solutionZip(name: string, without?: string): Promise<Buffer> {
  const { files } = await referenceSolution(exercise, name);
  const zip = new ZipFile();
  for (const file of files) if (file.path !== without) zip.addFile(file.source, file.path);
  zip.end();
  return buffer(zip.outputStream as NodeJS.ReadableStream);
}
