import { type ExerciseSpec, exerciseSpec } from "#grading/exercises/spec/spec.ts";
import { kindFor, type MachineKind } from "#grading/machines/machine-kind.ts";
import { readCourse } from "#infra/course-loader/read-course.ts";
import type { Random } from "./random.ts";

/** An assignment that machines grade. */
export interface Work {
  slug: string;
  title: string;
  spec: ExerciseSpec;
  kind: MachineKind;
  releasedAt: Date;
  dueAt: Date;
}

export interface Arrival {
  id: string;
  work: Work;
  student: string;
  /** 1 for the student's first to this work. */
  number: number;
  at: Date;
  /** The student's own. */
  dueAt: Date;
}

export interface Semester {
  works: Work[];
  arrivals: Arrival[];
  /** Students due at each instant, by work and then instant. */
  due: { work: Work; dueAt: Date; students: Set<string> }[];
}

/** The course's tutorials and labs. One that has no exercise yet is taken for one that a plain machine grades in ten minutes. */
export async function readWorks(contentDir: string, slug: string): Promise<Work[]> {
  const read = await readCourse(contentDir, slug);
  if (read.outcome === "invalid") throw new Error(`The course ${slug} cannot be read.`);
  const { spec, exercises } = read.course;
  const works: Work[] = [];
  for (const { kind, slug: name, title, releasedAt, dueAt, exercises: names } of spec.assignments) {
    if ((kind !== "tutorial" && kind !== "lab") || dueAt === null || releasedAt === null) continue;
    const own = exercises.get(names[0] ?? "")?.spec ?? unwritten(name, title);
    works.push({ slug: name, title, spec: own, kind: kindFor(own), releasedAt, dueAt });
  }
  return works.sort((a, b) => a.dueAt.getTime() - b.dueAt.getTime());
}

function unwritten(slug: string, title: string): ExerciseSpec {
  const check = { id: "works", kind: "files/exist", title: "It works", points: 20, timeoutSeconds: 60 };
  return exerciseSpec.parse({ slug, title: title.slice(0, 120), checks: [check] });
}

const hour = 3600;

/** Seconds before the own deadline: 40% in the last hour and the more the nearer, 22% more than a day before. */
const leadOf = (random: Random) =>
  random.pick([
    [0.4, () => hour * random.next() ** 1.3],
    [0.2, () => random.between(hour, 6 * hour)],
    [0.18, () => random.between(6 * hour, 24 * hour)],
    [0.22, () => random.between(24 * hour, 120 * hour)],
  ])();

const nobody = 0.08;
const extended = 0.04;
const tries = [
  [0.35, 1],
  [0.35, 2],
  [0.2, 3],
  [0.1, 4],
] as const;

/** Who hands in what and when: some never do, some have two more days, most try more than once. */
export function drawSemester(works: Work[], students: number, random: Random): Semester {
  const arrivals: Arrival[] = [];
  const due: Semester["due"] = [];
  for (const work of works) {
    const later = new Date(work.dueAt.getTime() + 48 * hour * 1000);
    const groups = [work.dueAt, later].map((dueAt) => ({ work, dueAt, students: new Set<string>() }));
    for (let index = 0; index < students; index += 1) {
      const student = `student-${index}`;
      const group = groups[random.chance(extended) ? 1 : 0] as Semester["due"][number];
      group.students.add(student);
      if (random.chance(nobody)) continue;
      const leads = Array.from({ length: random.pick(tries) }, () => leadOf(random)).sort((a, b) => b - a);
      leads.forEach((lead, place) => {
        const at = new Date(
          Math.max(work.releasedAt.getTime(), Math.round(group.dueAt.getTime() - lead * 1000) - 1),
        );
        const number = place + 1;
        const id = `${work.slug}/${student}/${number}`;
        arrivals.push({ id, work, student, number, at, dueAt: group.dueAt });
      });
    }
    due.push(...groups);
  }
  return { works, arrivals, due };
}
