import { createHash } from "node:crypto";
import { access, readFile } from "node:fs/promises";
import path from "node:path";
import { type CourseSpec, courseSpec } from "#course/catalogue/course-spec.ts";
import { loadExercise } from "#grading/exercises/load-exercise.ts";
import type { ExerciseSpec } from "#grading/exercises/spec/spec.ts";
import { parseYaml } from "#grading/exercises/yaml/parse-yaml.ts";
import type { CourseProblem, LineOf } from "./course-problem.ts";
import { type FolderFile, listFolder } from "./exercise-files.ts";
import { type BesideCourse, readBeside } from "./read-beside.ts";

export interface CourseExercise {
  spec: ExerciseSpec;
  /** sha256 (hex) over all that decides how a submission is graded and what a student starts from. */
  hash: string;
  hidden: FolderFile[];
  starter: FolderFile[];
}

export interface CourseFiles extends BesideCourse {
  spec: CourseSpec;
  /** By folder name. */
  exercises: Map<string, CourseExercise>;
  /** Of course.yaml. */
  lineOf: LineOf;
}

export type ReadCourseOutcome =
  | { outcome: "ok"; course: CourseFiles }
  | { outcome: "invalid"; problems: CourseProblem[] };

/** Reads and checks content/<slug>: course.yaml, what lies beside it, and the pages and exercises that it names. */
export async function readCourse(contentDir: string, slug: string): Promise<ReadCourseOutcome> {
  const file = `${slug}/course.yaml`;
  const source = await readFile(path.join(contentDir, file), "utf8").catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return null;
    throw error;
  });
  const inCourse = (line: number, message: string): CourseProblem => ({ file, line, message });
  if (source === null) return { outcome: "invalid", problems: [inCourse(1, "is missing; make it")] };
  const parsed = parseYaml(source, courseSpec);
  if (parsed.outcome === "invalid") {
    return {
      outcome: "invalid",
      problems: parsed.problems.map(({ line, message }) => inCourse(line, message)),
    };
  }
  const { value: spec, lineOf } = parsed;
  const problems: CourseProblem[] = [];
  if (spec.slug !== slug) {
    problems.push(inCourse(lineOf(["slug"]), `slug: must be ${slug}, the name of the course's folder`));
  }
  const folder = path.join(contentDir, slug);
  const exercises = new Map<string, CourseExercise>();
  for (const [index, assignment] of spec.assignments.entries()) {
    const { page } = assignment;
    if (page !== undefined && !(await exists(path.join(folder, page)))) {
      const line = lineOf(["assignments", index, "page"]);
      problems.push(
        inCourse(line, `${page} is not a file below ${slug}/; write the page or correct the path`),
      );
    }
    for (const [at, name] of assignment.exercises.entries()) {
      if (exercises.has(name)) continue;
      if (!(await exists(path.join(folder, "exercises", name)))) {
        const line = lineOf(["assignments", index, "exercises", at]);
        problems.push(
          inCourse(line, `${name} is not a folder of ${slug}/exercises/; make it or correct the name`),
        );
        continue;
      }
      const read = await readExercise(contentDir, `${slug}/exercises/${name}`);
      if (read.outcome === "ok") exercises.set(name, read.exercise);
      else problems.push(...read.problems);
    }
  }
  const { beside, problems: besides } = await readBeside({ contentDir, slug, timeZone: spec.timeZone });
  problems.push(...besides);
  if (problems.length > 0) return { outcome: "invalid", problems };
  return { outcome: "ok", course: { spec, ...beside, exercises, lineOf } };
}

async function readExercise(
  contentDir: string,
  folder: string,
): Promise<{ outcome: "ok"; exercise: CourseExercise } | { outcome: "invalid"; problems: CourseProblem[] }> {
  const loaded = await loadExercise(path.join(contentDir, folder), { isNamed: true });
  if (loaded.outcome === "invalid") {
    const problems = loaded.problems.map((problem) => ({ ...problem, file: `${folder}/${problem.file}` }));
    return { outcome: "invalid", problems };
  }
  const { spec, hiddenDir, starterDir } = loaded.exercise;
  const problem = (file: string, message: string) => ({
    outcome: "invalid" as const,
    problems: [{ file: `${folder}/${file}`, line: 1, message }],
  });
  const hidden = await listFolder(hiddenDir);
  if (hidden.outcome === "invalid") return problem(`hidden/${hidden.path}`, onlyFiles);
  const starter = await listFolder(starterDir);
  if (starter.outcome === "invalid") return problem(`starter/${starter.path}`, onlyFiles);
  const hash = hashExercise(spec, hidden.files, starter.files);
  return { outcome: "ok", exercise: { spec, hash, hidden: hidden.files, starter: starter.files } };
}

const onlyFiles = "is a link or special file; put the file itself there";

/** Comments in exercise.yaml and reference solutions are left out: they grade nobody. */
function hashExercise(spec: ExerciseSpec, hidden: FolderFile[], starter: FolderFile[]): string {
  const facts = (files: FolderFile[]) =>
    files.map(({ path: name, executable, sha256 }) => [name, executable, sha256]);
  const text = JSON.stringify([spec, facts(hidden), facts(starter)]);
  return createHash("sha256").update(text).digest("hex");
}

function exists(file: string): Promise<boolean> {
  return access(file).then(
    () => true,
    () => false,
  );
}
