import type { RunState } from "#grading/runs/run-state.ts";
import type { Actor } from "../permissions.ts";
import type { Services } from "../services.ts";
import { type AssignmentLine, type CourseView, listAssignments } from "./course-page.ts";

export interface RunLine {
  runId: string;
  state: RunState;
  score: number | null;
  maxScore: number | null;
  queuedAt: string;
  number: number;
  exercise: string;
  student: string;
  course: { slug: string; timeZone: string };
  reason: string | null;
}

export interface HomeCourse {
  course: CourseView;
  isStaff: boolean;
  assignments: AssignmentLine[];
  /** Staff only: runs that Drydock could not grade, newest first. */
  needsAttention: RunLine[];
}

export interface HomeView {
  courses: HomeCourse[];
  lastRuns: RunLine[];
}

/** What waits for this reader in all their courses. */
export async function readHome(services: Services, actor: Actor, zone: string): Promise<HomeView> {
  const courses = await services.db.course.findMany({
    where: { id: { in: actor.enrollments.map((one) => one.courseId) } },
    orderBy: { createdAt: "desc" },
    select: { id: true, slug: true, title: true, term: true, timeZone: true },
  });
  const staffOf = new Set(
    actor.enrollments.filter((one) => one.role !== "student").map((one) => one.courseId),
  );
  const [lastRuns, ...parts] = await Promise.all([
    listRuns(services, { submission: { userId: actor.userId } }, 6),
    ...courses.map(async (course): Promise<HomeCourse> => {
      const isStaff = staffOf.has(course.id);
      return {
        course,
        isStaff,
        assignments: await listAssignments(services, course, { userId: actor.userId, isStaff, zone }),
        needsAttention: isStaff ? await listNotGradable(services, course.id) : [],
      };
    }),
  ]);
  return { courses: parts, lastRuns };
}

/** Counted runs of the course that ended without a result. */
function listNotGradable(services: Services, courseId: string): Promise<RunLine[]> {
  const inCourse = { submission: { exercise: { assignment: { courseId } } } };
  return listRuns(services, { ...inCourse, state: "not_gradable", counts: true }, 20);
}

type RunFilter = NonNullable<NonNullable<Parameters<Services["db"]["run"]["findMany"]>[0]>["where"]>;

async function listRuns({ db }: Services, where: RunFilter, take: number): Promise<RunLine[]> {
  const rows = await db.run.findMany({
    where,
    orderBy: { queuedAt: "desc" },
    take,
    select: {
      id: true,
      state: true,
      score: true,
      maxScore: true,
      queuedAt: true,
      reason: true,
      submission: {
        select: {
          number: true,
          user: { select: { name: true } },
          exercise: {
            select: {
              title: true,
              assignment: { select: { course: { select: { slug: true, timeZone: true } } } },
            },
          },
        },
      },
    },
  });
  return rows.map(({ id, submission, queuedAt, score, maxScore, ...run }) => ({
    ...run,
    runId: id,
    score: score === null ? null : Number(score),
    maxScore: maxScore === null ? null : Number(maxScore),
    queuedAt: queuedAt.toISOString(),
    number: submission.number,
    exercise: submission.exercise.title,
    student: submission.user.name,
    course: submission.exercise.assignment.course,
  }));
}
