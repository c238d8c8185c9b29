import { newId } from "#course/ids.ts";
import { storedSpec } from "#grading/exercises/spec/stored-spec.ts";
import type { Db } from "#infra/db/connection/client.ts";
import { seedUser } from "#tests/support/seed.ts";

export interface SeededClass {
  courseSlug: string;
  /** One of the students, with work handed in to every exercise. */
  student: { userId: string; email: string; submissionId: string; runId: string };
  instructor: { userId: string; email: string };
}

/** Each student's submissions to each exercise. */
const attempts = 3;
const logLines = 60;

/**
 * Fills a loaded course with so many students and an instructor. Each student handed in three times to every
 * exercise; all is graded, the last attempt with a failed check, and the runs of the first student have their logs.
 */
export async function seedClass(
  db: Db,
  options: { courseSlug: string; students: number; now: Date },
): Promise<SeededClass> {
  const { courseSlug, now } = options;
  const course = await db.course.findUniqueOrThrow({
    where: { slug: courseSlug },
    include: {
      sections: true,
      assignments: { include: { exercises: { include: { versions: { where: { current: true } } } } } },
    },
  });
  const enroll = (name: string, role: "student" | "instructor", sectionId: string | null) =>
    seedUser(db, { name, courseId: course.id, courseSlug, role, sectionId });
  const userIds: string[] = [];
  for (let index = 0; index < options.students; index += 1) {
    const section = course.sections[index % course.sections.length]?.id ?? null;
    userIds.push(await enroll(`Student Number ${index + 1}`, "student", section));
  }
  const instructorId = await enroll("Ivan Instructor", "instructor", null);
  const exercises = course.assignments.flatMap(({ exercises: those }) => those);
  const work = exercises.flatMap((exercise, which) =>
    userIds.flatMap((userId, who) =>
      Array.from({ length: attempts }, (_, index) => ({
        ...{ exercise, userId, number: index + 1, own: who === 0 },
        // Handed in over the weeks before, a minute apart.
        at: new Date(now.getTime() - (30 - which) * 86_400_000 + (index * userIds.length + who) * 60_000),
      })),
    ),
  );
  const rows = work.map((one) => ({
    ...one,
    submissionId: newId("sub", one.at),
    runId: newId("run", one.at),
    version: one.exercise.versions[0],
  }));
  const graded = rows.flatMap((row) => (row.version ? [{ ...row, version: row.version }] : []));
  await db.submission.createMany({ data: graded.map(submissionOf) });
  await db.run.createMany({ data: graded.map(runOf) });
  await db.checkResult.createMany({ data: graded.flatMap(checksOf) });
  await db.runEvent.createMany({ data: graded.filter((row) => row.own).flatMap(eventsOf) });
  await db.$executeRaw`ANALYZE`;
  const last = graded.filter((row) => row.own).at(-1);
  if (last === undefined) throw new Error(`Course ${courseSlug} has no exercise to hand in to.`);
  const emailOf = async (userId: string) =>
    (await db.user.findUniqueOrThrow({ where: { id: userId }, select: { email: true } })).email;
  return {
    courseSlug,
    student: {
      ...{ userId: last.userId, submissionId: last.submissionId, runId: last.runId },
      email: await emailOf(last.userId),
    },
    instructor: { userId: instructorId, email: await emailOf(instructorId) },
  };
}

interface GradedRow {
  exercise: { id: string };
  version: { id: string; spec: unknown };
  userId: string;
  number: number;
  at: Date;
  submissionId: string;
  runId: string;
}

function submissionOf({ exercise, userId, number, at, submissionId }: GradedRow) {
  return {
    ...{ id: submissionId, exerciseId: exercise.id, userId, number, fileName: `work-${number}.zip` },
    ...{ sha256: "a".repeat(64), bytes: 12_345, files: [{ path: "Dockerfile", bytes: 42 }] },
    ...{ storageKey: `submissions/${submissionId}`, receivedAt: at, late: false, receiptJws: "seeded" },
  };
}

function runOf(row: GradedRow) {
  const { at, submissionId, runId, version } = row;
  const after = (seconds: number) => new Date(at.getTime() + seconds * 1000);
  const checks = checksOf(row);
  return {
    ...{ id: runId, submissionId, exerciseVersionId: version.id, state: "graded" as const },
    ...{ queuedAt: at, claimedAt: after(1), runningAt: after(4), finishedAt: after(70) },
    score: checks.reduce((sum, check) => sum + check.points, 0),
    maxScore: checks.reduce((sum, check) => sum + check.maxPoints, 0),
  };
}

function checksOf({ version, number, at, runId }: GradedRow) {
  const spec = storedSpec.read(version.spec);
  if (spec.outcome !== "read") throw new Error("An exercise of the course cannot be read.");
  return spec.value.checks.map((check, position, all) => {
    const failed = number === attempts && position === all.length - 1;
    return {
      ...{ id: newId("chk", at), runId, attempt: 1, position, checkId: check.id, kind: check.kind },
      ...{ title: check.title, verdict: failed ? ("failed" as const) : ("passed" as const) },
      ...{ fault: failed ? ("student" as const) : null, durationMs: 4_000 },
      ...{ points: failed ? 0 : check.points, maxPoints: check.points },
      message: {
        expected: "Within 60 s of its start the container answers GET / with status 200.",
        happened: "Nothing answered on port 8080.",
        fix: "Let the program listen on 0.0.0.0:8080, and say EXPOSE 8080.",
      },
    };
  });
}

function eventsOf({ runId, at }: GradedRow) {
  return Array.from({ length: logLines }, (_, index) => ({
    ...{ runId, attempt: 1, seq: index + 1, type: "log", at: new Date(at.getTime() + 4_000 + index * 500) },
    payload: { type: "log", check: null, line: `Step ${index + 1}: what the engine said of it.` },
  }));
}
