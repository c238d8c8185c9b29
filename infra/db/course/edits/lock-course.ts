import type { Tx } from "../../connection/client.ts";

/** A sync of a course and an edit of what its files say happen one after the other, and so do two of either. */
export async function lockCourse(tx: Tx, slug: string): Promise<void> {
  await tx.$executeRaw`SELECT pg_advisory_xact_lock(hashtextextended(${`course:${slug}`}, 0))`;
}

/** The same by the course's id. */
export async function lockCourseOf(tx: Tx, courseId: string): Promise<void> {
  const { slug } = await tx.course.findUniqueOrThrow({ where: { id: courseId }, select: { slug: true } });
  await lockCourse(tx, slug);
}
