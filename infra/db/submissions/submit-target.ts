import { deadlineRules } from "#course/deadlines/deadline-rules.ts";
import { effectiveDeadline } from "#course/deadlines/effective-deadline.ts";
import { storedSpec } from "#grading/exercises/spec/stored-spec.ts";
import type { SubmitTarget } from "#grading/submissions/ports.ts";
import { collectedWork } from "#grading/submissions/taken-work.ts";
import { paceHistory } from "#grading/submissions/upload-pace.ts";
import type { Db, Tx } from "../connection/client.ts";

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
  const [received, team] = await Promise.all([
    lastReceived(db, exerciseId, userId),
    exercise && teamSize(db, exercise.assignment, userId),
  ]);
  const enrollment = exercise?.assignment.course.enrollments[0];
  if (!exercise || enrollment === undefined) return null;
  const taken = takenBy(exercise);
  if (taken === null) return null;
  const { assignment } = exercise;
  const { course } = assignment;
  return {
    exerciseId,
    title: exercise.title,
    ...taken,
    path: `${course.slug}/${assignment.slug}/${exercise.slug}`,
    assignmentTitle: assignment.title,
    member: { role: enrollment.role, email: enrollment.user.email },
    received,
    team,
    deadline: effectiveDeadline(deadlineRules(assignment), assignment.extensions[0] ?? null),
  };
}

/** By its current version, or as work that is only collected; null: by nothing yet. */
function takenBy(exercise: {
  versions: { id: string; spec: unknown }[];
  collectMegabytes: number | null;
  collectFormats: string[];
}): Pick<SubmitTarget, "exerciseVersionId" | "spec"> | null {
  const { collectMegabytes: maxMegabytes, collectFormats: formats } = exercise;
  if (maxMegabytes !== null) {
    return {
      exerciseVersionId: null,
      spec: { outcome: "read", value: collectedWork({ formats, maxMegabytes }) },
    };
  }
  const [version] = exercise.versions;
  return version ? { exerciseVersionId: version.id, spec: storedSpec.read(version.spec) } : null;
}

/** null: everybody hands it in alone. */
async function teamSize(
  db: Db,
  { id: assignmentId, teamMin: least }: { id: string; teamMin: number | null },
  userId: string,
): Promise<SubmitTarget["team"]> {
  if (least === null) return null;
  const members = await db.teamMember.count({
    where: { team: { assignmentId, members: { some: { userId } } } },
  });
  return { least, size: Math.max(1, members) };
}

/** When this user's last submissions to the exercise were received, as many as decide whether another is taken. */
export async function lastReceived(db: Tx, exerciseId: string, userId: string): Promise<Date[]> {
  const rows = await db.submission.findMany({
    where: { exerciseId, userId },
    orderBy: { receivedAt: "desc" },
    take: paceHistory,
    select: { receivedAt: true },
  });
  return rows.map(({ receivedAt }) => receivedAt);
}
