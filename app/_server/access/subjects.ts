import { wentUngraded } from "#grading/runs/counting.ts";
import type { Db } from "#infra/db/connection/client.ts";
import type { Prisma } from "#infra/db/generated/client.ts";
import {
  type Owned,
  type PermissionName,
  permissions,
  type SubjectKindOf,
  type SubjectOf,
} from "./permissions.ts";

/** How a URL names a subject. */
export interface SubjectRefs {
  none: null;
  course: { course: string };
  assignment: { course: string; assignment: string };
  exercise: { course: string; assignment: string; exercise: string };
  submission: { submission: string };
  run: { run: string };
  notice: { notice: string };
}
export type SubjectRefOf<P extends PermissionName> = SubjectRefs[SubjectKindOf<P>];

/** What a permission has to know about its subject; null when there is no such thing. */
export async function findSubject<P extends PermissionName>(
  db: Db,
  permission: P,
  ref: SubjectRefOf<P>,
  now: Date,
): Promise<SubjectOf<P> | null> {
  // No id or slug of ours looks otherwise, and not every text may be put to the database.
  if (ref !== null && !Object.values(ref).every((name) => /^[\w-]{1,100}$/.test(name))) return null;
  const find = finders[permissions[permission].subject] as unknown as (
    db: Db,
    ref: SubjectRefOf<P>,
    now: Date,
  ) => Promise<SubjectOf<P> | null>;
  return find(db, ref, now);
}

const isReleased = (releasedAt: Date | null, now: Date) => releasedAt === null || releasedAt <= now;

/** What decides whose a submission is, and of which course. */
const ownedFields = {
  userId: true,
  team: { select: { members: { select: { userId: true } } } },
  exercise: { select: { assignment: { select: { courseId: true } } } },
} satisfies Prisma.SubmissionSelect;

const ownersOf = (row: { userId: string; team: { members: { userId: string }[] } | null }): Owned => ({
  ownerId: row.userId,
  memberIds: row.team?.members.map(({ userId }) => userId) ?? [],
});

const finders = {
  none: () => Promise.resolve(null),

  async course(db: Db, ref: SubjectRefs["course"]) {
    const course = await db.course.findUnique({ where: { slug: ref.course }, select: { id: true } });
    return course && { courseId: course.id };
  },

  async assignment(db: Db, ref: SubjectRefs["assignment"], now: Date) {
    const found = await db.assignment.findFirst({
      where: { slug: ref.assignment, course: { slug: ref.course } },
      select: { id: true, courseId: true, releasedAt: true },
    });
    if (!found) return null;
    const { id, courseId, releasedAt } = found;
    return { courseId, assignmentId: id, released: isReleased(releasedAt, now) };
  },

  async exercise(db: Db, ref: SubjectRefs["exercise"], now: Date) {
    const found = await db.exercise.findFirst({
      where: { slug: ref.exercise, assignment: { slug: ref.assignment, course: { slug: ref.course } } },
      select: { id: true, assignment: { select: { id: true, courseId: true, releasedAt: true } } },
    });
    if (!found) return null;
    const { id, courseId, releasedAt } = found.assignment;
    return { courseId, assignmentId: id, exerciseId: found.id, released: isReleased(releasedAt, now) };
  },

  async notice(db: Db, ref: SubjectRefs["notice"]) {
    const found = await db.notice.findUnique({ where: { id: ref.notice }, select: { courseId: true } });
    return found && { courseId: found.courseId, noticeId: ref.notice };
  },

  async submission(db: Db, ref: SubjectRefs["submission"]) {
    const found = await db.submission.findUnique({
      where: { id: ref.submission },
      select: ownedFields,
    });
    if (!found) return null;
    return {
      courseId: found.exercise.assignment.courseId,
      submissionId: ref.submission,
      ...ownersOf(found),
    };
  },

  async run(db: Db, ref: SubjectRefs["run"]) {
    const found = await db.run.findUnique({
      where: { id: ref.run },
      select: {
        submission: {
          select: {
            runs: { where: { counts: true }, select: { state: true, reasonCode: true } },
            ...ownedFields,
          },
        },
      },
    });
    if (!found) return null;
    return {
      courseId: found.submission.exercise.assignment.courseId,
      runId: ref.run,
      ...ownersOf(found.submission),
      countedNotGradable: found.submission.runs.some(wentUngraded),
    };
  },
};
