import { cache } from "react";
import { dayIn } from "#course/catalogue/calendar-days.ts";
import { type DeadlineView, describeDeadline } from "#course/deadlines/describe-deadline.ts";
import { ownWork } from "#infra/db/course/own-work.ts";
import type { Prisma } from "#infra/db/generated/client.ts";
import type { AssignmentKind } from "#infra/db/generated/enums.ts";
import type { Services } from "../../services.ts";
import { type AttemptRow, attemptFields, attemptRows } from "../run/attempts.ts";
import { deadlineInForce, type Seen } from "./assignment-deadline.ts";
import { exerciseShares, ownPoints } from "./exercise-shares.ts";

export interface ExerciseLine {
  id: string;
  slug: string;
  title: string;
  /** null while its stored form cannot be read. */
  maxPoints: number | null;
  /** What it is worth in the course; null while nobody knows. */
  share: number | null;
  /** No machine grades it. */
  collected: boolean;
  attempts: AttemptRow[];
}

export interface AssignmentLine {
  slug: string;
  title: string;
  kind: AssignmentKind;
  points: number;
  extraCredit: boolean;
  hasPage: boolean;
  /** Where it is handed in, when no exercise takes it. */
  handIn: string | null;
  /** Handed in by teams. */
  inTeams: boolean;
  /** Not released yet: announced with its dates, and no more. */
  locked: boolean;
  /** Days of the calendar of the zone in which its dates were stated. null: it was there from the beginning. */
  releaseDay: string | null;
  /** That people call it due; null: it has no deadline. */
  dueDay: string | null;
  deadline: DeadlineView;
  exercises: ExerciseLine[];
}

export interface CourseView {
  id: string;
  slug: string;
  /** As people call it, such as TCSS 462/562. */
  code: string;
  title: string;
  term: string;
  timeZone: string;
}

/** Of a CourseView. */
export const courseFields = { id: true, slug: true, code: true, title: true, term: true, timeZone: true };

/** The course by its slug; null when there is none. Asked once a request: a page's title needs it too. */
export const findCourse = cache(async (services: Services, slug: string): Promise<CourseView | null> => {
  return services.db.course.findUnique({ where: { slug }, select: courseFields });
});

/** What an assignment is called, for the titles of its pages. */
export async function findAssignmentTitle({ db }: Services, assignmentId: string): Promise<string> {
  const where = { id: assignmentId };
  return (await db.assignment.findUniqueOrThrow({ where, select: { title: true } })).title;
}

/** What of an assignment is one person's own. */
const assignmentFields = (userId: string, own: Prisma.SubmissionWhereInput) =>
  ({
    extensions: { where: { userId }, select: { dueAt: true } },
    exercises: {
      orderBy: { slug: "asc" },
      include: {
        versions: { where: { current: true }, select: { spec: true } },
        submissions: { where: own, select: attemptFields },
      },
    },
  }) satisfies Prisma.AssignmentInclude;
type AssignmentRow = Prisma.AssignmentGetPayload<{ include: ReturnType<typeof assignmentFields> }>;

/**
 * The assignments of a course in the order of its schedule, with this reader's own deadlines and attempts. Students
 * see what is not released yet only where it is asked for, locked: its title, points and dates.
 */
export async function listAssignments(
  { db, clock }: Services,
  course: CourseView,
  reader: { userId: string; isStaff: boolean; zone: string; locked?: boolean },
): Promise<AssignmentLine[]> {
  const now = clock();
  const released = { OR: [{ releasedAt: null }, { releasedAt: { lte: now } }] };
  const own = await ownWork(db, reader.userId);
  const rows = await db.assignment.findMany({
    where: { courseId: course.id, ...(reader.isStaff || reader.locked ? {} : released) },
    orderBy: [{ position: "asc" }, { slug: "asc" }],
    include: assignmentFields(reader.userId, own),
  });
  const { userId } = reader;
  const seen = { userId, now, courseZone: course.timeZone, readerZone: reader.zone };
  return rows.map((row) => {
    const line = assignmentLine(row, exerciseShares(row), seen);
    const locked = !reader.isStaff && row.releasedAt !== null && row.releasedAt > now;
    return locked ? { ...line, locked, hasPage: false, exercises: [] } : line;
  });
}

function assignmentLine(
  row: AssignmentRow,
  shares: Map<string, number | null>,
  seen: Seen & { userId: string },
): AssignmentLine {
  const inForce = deadlineInForce(row);
  return {
    slug: row.slug,
    title: row.title,
    kind: row.kind,
    points: Number(row.points),
    extraCredit: row.extraCredit,
    hasPage: row.page !== null,
    handIn: row.handIn,
    inTeams: row.teamMax !== null,
    locked: false,
    releaseDay: row.releasedAt === null ? null : dayIn(row.dueZone, row.releasedAt),
    // Its last moment is still of the day that it ends.
    dueDay: inForce.dueAt === null ? null : dayIn(row.dueZone, new Date(inForce.dueAt.getTime() - 1)),
    deadline: describeDeadline(inForce, seen),
    exercises: row.exercises.map((exercise) => {
      const share = shares.get(exercise.id) ?? null;
      const collected = exercise.collectMegabytes !== null;
      return {
        id: exercise.id,
        slug: exercise.slug,
        title: exercise.title,
        maxPoints: collected ? Number(row.points) : ownPoints(exercise.versions[0]?.spec),
        ...{ share, collected },
        attempts: attemptRows(exercise.submissions, { userId: seen.userId, inForce, share, collected }),
      };
    }),
  };
}
