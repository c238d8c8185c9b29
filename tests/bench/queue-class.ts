import { createDb } from "#infra/db/connection/client.ts";
import { seedCourse, seedSubmission } from "../support/seed.ts";
import { sessionToken } from "../support/session-token.ts";

/** A class whose every student is signed in and waits for one run; two runs are under way, and some are past. */
export async function waitingClass(
  databaseUrl: string,
  students: number,
  secret: string,
): Promise<{ runId: string; token: string }[]> {
  const db = createDb(databaseUrl);
  try {
    const course = await seedCourse(db, { dueAt: null });
    const at = new Date();
    const after = (seconds: number) => new Date(at.getTime() + seconds * 1000);
    for (let number = 1; number <= 20; number++) {
      const { runId } = await seedSubmission(db, course, { number, at });
      const past = { claimedAt: at, runningAt: at, finishedAt: after(600), score: 20, maxScore: 20 };
      await db.run.update({ where: { id: runId }, data: { state: "graded", ...past } });
    }
    const readers = Array.from({ length: students + 2 }, (_, i) => `reader_${i}`);
    await db.user.createMany({
      data: readers.map((id) => ({
        id,
        name: `Student ${id}`,
        email: `${id}@bench.example`,
        emailVerified: true,
      })),
    });
    await db.enrollment.createMany({
      data: readers.map((id) => ({
        ...{ id, userId: id, courseId: course.courseId, role: "student" as const },
        sectionId: course.sectionIds.graduate,
      })),
    });
    await db.session.createMany({
      data: readers.map((id) => ({ id, userId: id, token: `token_${id}`, expiresAt: after(1_000_000) })),
    });
    const runs: { runId: string; token: string }[] = [];
    for (const [i, userId] of readers.entries()) {
      const { runId } = await seedSubmission(db, course, { userId, number: 1, at: after(i) });
      runs.push({ runId, token: sessionToken(`token_${userId}`, secret) });
    }
    // Two are under way, so that every estimate is another one each second.
    for (const { runId } of runs.splice(0, 2)) {
      await db.run.update({ where: { id: runId }, data: { state: "running", claimedAt: at, runningAt: at } });
    }
    await db.$executeRaw`ANALYZE`;
    return runs;
  } finally {
    await db.$disconnect();
  }
}
