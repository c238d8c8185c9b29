import type { DeadlineView } from "#course/deadlines/describe-deadline.ts";
import { storedSpec } from "#grading/exercises/spec/stored-spec.ts";
import type { AssignmentKind } from "#infra/db/generated/enums.ts";
import type { Services } from "../../services.ts";
import { type AttemptRow, attemptFields, attemptRows } from "../run/attempts.ts";
import { assignmentDeadline, deadlineInForce } from "./assignment-deadline.ts";

export interface ExerciseLine {
  slug: string;
  title: string;
  /** null while its stored form cannot be read. */
  maxPoints: number | null;
  attempts: AttemptRow[];
}

export interface AssignmentLine {
  slug: string;
  title: string;
  kind: AssignmentKind;
  points: number;
  hasPage: boolean;
  deadline: DeadlineView;
  exercises: ExerciseLine[];
}

export interface CourseView {
  id: string;
  slug: string;
  title: string;
  term: string;
  timeZone: string;
}

/** The course by its slug; null when there is none. */
export async function findCourse(services: Services, slug: string): Promise<CourseView | null> {
  return services.db.course.findUnique({
    where: { slug },
    select: { id: true, slug: true, title: true, term: true, timeZone: true },
  });
}

/**
 * The assignments of a course in the order of its schedule, with this reader's own deadlines and attempts. Students
 * do not see what is not released yet.
 */
export async function listAssignments(
  { db, clock }: Services,
  course: CourseView,
  reader: { userId: string; isStaff: boolean; zone: string },
): Promise<AssignmentLine[]> {
  const now = clock();
  const released = { OR: [{ releasedAt: null }, { releasedAt: { lte: now } }] };
  const rows = await db.assignment.findMany({
    where: { courseId: course.id, ...(reader.isStaff ? {} : released) },
    orderBy: [{ position: "asc" }, { slug: "asc" }],
    include: {
      extensions: { where: { userId: reader.userId }, select: { dueAt: true } },
      exercises: {
        orderBy: { slug: "asc" },
        include: {
          versions: { where: { current: true }, select: { spec: true } },
          submissions: { where: { userId: reader.userId }, select: attemptFields },
        },
      },
    },
  });
  const seen = { now, courseZone: course.timeZone, readerZone: reader.zone };
  return rows.map((row) => ({
    slug: row.slug,
    title: row.title,
    kind: row.kind,
    points: Number(row.points),
    hasPage: row.page !== null,
    deadline: assignmentDeadline(row, seen),
    exercises: row.exercises.map((exercise) => ({
      slug: exercise.slug,
      title: exercise.title,
      maxPoints: maxPoints(exercise.versions[0]?.spec),
      attempts: attemptRows(exercise.submissions, deadlineInForce(row)),
    })),
  }));
}

/** Sum of the points of the checks; 0 for an exercise that is not published, null for one that cannot be read. */
function maxPoints(spec: unknown): number | null {
  if (spec === undefined) return 0;
  const stored = storedSpec.read(spec);
  return stored.outcome === "read" ? stored.value.checks.reduce((sum, check) => sum + check.points, 0) : null;
}
