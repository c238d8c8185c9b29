import { deadlineRules } from "#course/deadlines/deadline-rules.ts";
import { effectiveDeadline } from "#course/deadlines/effective-deadline.ts";
import { exerciseSpec } from "#grading/exercises/spec.ts";
import type { SubmitTarget } from "#grading/submissions/ports.ts";
import type { Db } from "./client.ts";

/** See SubmissionStore: a stranger meets no exercise of the course. */
export async function findSubmitTarget(
  db: Db,
  exerciseId: string,
  userId: string,
): Promise<SubmitTarget | null> {
  const exercise = await db.exercise.findUnique({
    where: { id: exerciseId },
    include: {
      versions: { where: { current: true } },
      assignment: {
        include: {
          extensions: { where: { userId } },
          course: {
            include: {
              enrollments: { where: { userId }, select: { role: true, user: { select: { email: true } } } },
            },
          },
        },
      },
    },
  });
  const version = exercise?.versions[0];
  const enrollment = exercise?.assignment.course.enrollments[0];
  if (!exercise || version === undefined || enrollment === undefined) return null;
  const { assignment } = exercise;
  const { course } = assignment;
  return {
    exerciseId,
    exerciseVersionId: version.id,
    spec: exerciseSpec.parse(version.spec),
    path: `${course.slug}/${assignment.slug}/${exercise.slug}`,
    assignmentTitle: assignment.title,
    member: { role: enrollment.role, email: enrollment.user.email },
    deadline: effectiveDeadline(deadlineRules(assignment), assignment.extensions[0] ?? null),
  };
}
