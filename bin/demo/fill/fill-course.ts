import { newId } from "#course/ids.ts";
import { systemClock } from "#infra/clock/clock.ts";
import type { Config } from "#infra/config/config.ts";
import { createDb, type Db } from "#infra/db/connection/client.ts";
import { createSolver, solverThread } from "#infra/solver/solver.ts";
import { surveyKeyFiles } from "#infra/surveys/key-files.ts";
import type { ClassBySection } from "./class-by-section.ts";
import { classNames } from "./class-names.ts";
import { fillSurveys } from "./fill-surveys.ts";
import { fillTalks } from "./fill-talks.ts";

/** How many of the course's sections there are in all: 42 and 20. */
const sizes: Record<string, number> = { "462": 42, "562": 20 };

/**
 * Fills a loaded course with a class in its ninth week: 62 students, nine presentations with their plan, and what was
 * answered after each class. What is there already stays, so that a second start adds nothing.
 */
export async function fillCourse(options: {
  databaseUrl: string;
  config: Pick<Config, "dataDir" | "built">;
  courseSlug: string;
  onStep: (what: string) => void;
}): Promise<void> {
  const { config, courseSlug, onStep } = options;
  const db = createDb(options.databaseUrl);
  try {
    const course = await db.course.findUniqueOrThrow({ where: { slug: courseSlug } });
    onStep("A class of 62");
    const students = await fillClass(db, course.id);
    onStep("Teams and their presentations");
    const solve = createSolver(solverThread(config.built));
    await fillTalks({ db, clock: systemClock, solve, courseId: course.id, students });
    onStep("A term of surveys");
    await fillSurveys(
      { db, clock: systemClock, surveyKeys: surveyKeyFiles(config.dataDir) },
      { courseId: course.id, students },
    );
  } finally {
    await db.$disconnect();
  }
}

/** They have no password: only the demo's own people sign in. */
async function fillClass(db: Db, courseId: string): Promise<ClassBySection> {
  const now = systemClock();
  const sections = await db.section.findMany({ where: { courseId }, orderBy: { code: "asc" } });
  const names = [...classNames];
  for (const section of sections) {
    const there = await db.enrollment.count({ where: { sectionId: section.id, role: "student" } });
    const missing = Math.max(0, (sizes[section.code] ?? 0) - there);
    const people = names.splice(0, missing).map((name, index) => ({
      ...{ id: newId("usr", now), name },
      email: `student.${section.code}.${index + 1}@example.edu`,
    }));
    await db.user.createMany({ data: people.map((person) => ({ ...person, emailVerified: true })) });
    await db.enrollment.createMany({
      data: people.map(({ id: userId }) => ({
        ...{ id: newId("enr", now), courseId, sectionId: section.id, userId, role: "student" as const },
      })),
    });
  }
  const students = await db.enrollment.findMany({
    where: { courseId, role: "student" },
    orderBy: [{ createdAt: "asc" }, { user: { email: "asc" } }],
    select: { userId: true, section: { select: { code: true } } },
  });
  const bySection = new Map<string, string[]>();
  for (const { userId, section } of students) {
    const code = section?.code ?? "";
    bySection.set(code, [...(bySection.get(code) ?? []), userId]);
  }
  return bySection;
}
