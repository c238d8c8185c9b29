import { cp, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { CourseInvalid, syncCourse } from "#infra/course-loader/sync-course.ts";
import { createDiskStore } from "#infra/storage/disk.ts";
import type { TestDatabase } from "#tests/support/database.ts";

export const slug = "tcss562-f2024";
export const now = new Date("2024-11-14T20:00:00Z");

/** A copy of the seed course to be edited, with its one Docker exercise. */
export interface CourseFiles {
  contentDir: string;
  storeDir: string;
  sync(dryRun?: boolean): ReturnType<typeof syncCourse>;
  /** Throws when the change changes nothing. */
  edit(file: string, change: (text: string) => string): Promise<void>;
  /** From 1. */
  lineOf(file: string, text: string): Promise<number>;
  /** What a sync that must be refused says. */
  problems(): Promise<CourseInvalid["problems"]>;
  remove(): Promise<void>;
}

export async function copyCourseFiles(database: () => TestDatabase): Promise<CourseFiles> {
  const contentDir = await mkdtemp(path.join(tmpdir(), "drydock-content-"));
  const storeDir = await mkdtemp(path.join(tmpdir(), "drydock-store-"));
  const source = path.resolve(import.meta.dirname, "../../../content", slug);
  await cp(source, path.join(contentDir, slug), { recursive: true });
  const read = (file: string) => readFile(path.join(contentDir, slug, file), "utf8");
  const files: CourseFiles = {
    contentDir,
    storeDir,
    sync: (dryRun = false) =>
      syncCourse({
        ...{ db: database().db, files: createDiskStore(storeDir), contentDir, slug, dryRun },
        clock: () => now,
      }),
    async edit(file, change) {
      const before = await read(file);
      const after = change(before);
      if (after === before) throw new Error(`The change of ${file} changes nothing.`);
      await writeFile(path.join(contentDir, slug, file), after);
    },
    async lineOf(file, text) {
      return (await read(file)).split("\n").findIndex((line) => line.includes(text)) + 1;
    },
    async problems() {
      const error = await files.sync().then(
        () => null,
        (thrown: unknown) => thrown,
      );
      if (!(error instanceof CourseInvalid)) throw new Error(`not refused: ${error}`);
      return error.problems;
    },
    async remove() {
      await rm(contentDir, { recursive: true, force: true });
      await rm(storeDir, { recursive: true, force: true });
    },
  };
  // One exercise is enough for what is told here.
  await files.edit("course.yaml", (text) => text.replace(/^ +exercises: \[kubernetes-\d\]\n/gm, ""));
  return files;
}
