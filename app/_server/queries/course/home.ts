import { courseWorth, type Worth } from "#course/gradebook/course-worth.ts";
import type { RunState } from "#grading/runs/run-state.ts";
import { ownWork } from "#infra/db/course/own-work.ts";
import type { Actor } from "../../access/permissions.ts";
import type { Services } from "../../services.ts";
import { listNotices, type NoticeList, staffCourses } from "../staff-notices.ts";
import {
  type AssignmentLine,
  type CourseView,
  courseFields,
  type ExerciseLine,
  listAssignments,
} from "./course-page.ts";
import { countConflicts } from "./edits/conflicts.ts";
import { readWaiting, type Waiting } from "./waiting.ts";

export interface RunLine {
  runId: string;
  state: RunState;
  score: number | null;
  maxScore: number | null;
  /** Its score in the course's points; null while nobody knows the exercise's share. */
  worth: Worth | null;
  queuedAt: string;
  number: number;
  exercise: string;
  exerciseId: string;
  course: { slug: string; timeZone: string };
}

export interface HomeCourse {
  course: CourseView;
  assignments: AssignmentLine[];
  waiting: Waiting;
  /** Staff only: what they must know, how many counted runs Drydock could not grade, and how many conflicts wait. */
  staff: { notices: NoticeList; notGradable: number; conflicts: number } | null;
}

export interface HomeView {
  courses: HomeCourse[];
  lastRuns: RunLine[];
  /** What concerns no course alone; null for who is nobody's staff. */
  platform: NoticeList | null;
}

/** What waits for this reader in all their courses. */
export async function readHome(services: Services, actor: Actor, zone: string): Promise<HomeView> {
  const courses = await services.db.course.findMany({
    where: { id: { in: actor.enrollments.map((one) => one.courseId) } },
    orderBy: { createdAt: "desc" },
    select: courseFields,
  });
  const staffOf = new Set(staffCourses(actor));
  const staffedCourse = courses.find((course) => staffOf.has(course.id));
  const waitingIn = await readWaiting(
    services,
    actor.userId,
    courses.map((course) => ({ ...course, isStudent: !staffOf.has(course.id) })),
  );
  const [lastRuns, platform, ...parts] = await Promise.all([
    listRuns(services, { submission: await ownWork(services.db, actor.userId) }, 6),
    staffedCourse ? listNotices(services, null, staffedCourse.slug) : null,
    ...courses.map(async (course): Promise<HomeCourse> => {
      const isStaff = staffOf.has(course.id);
      return {
        course,
        waiting: waitingIn(course.id),
        assignments: await listAssignments(services, course, { userId: actor.userId, isStaff, zone }),
        staff: isStaff ? await readStaffPart(services, course) : null,
      };
    }),
  ]);
  const shares = new Map(
    parts.flatMap(({ assignments }) => assignments.flatMap((line) => line.exercises.map(idAndShare))),
  );
  return {
    courses: parts,
    lastRuns: lastRuns.map((run) => ({ ...run, worth: worthOfRun(run, shares.get(run.exerciseId) ?? null) })),
    platform,
  };
}

const idAndShare = ({ id, share }: ExerciseLine): [string, number | null] => [id, share];

const worthOfRun = ({ score, maxScore }: Omit<RunLine, "worth">, share: number | null) =>
  courseWorth({ points: score, of: maxScore }, share);

async function readStaffPart(services: Services, { id: courseId, slug }: { id: string; slug: string }) {
  const inCourse = { submission: { exercise: { assignment: { courseId } } } };
  const [notices, notGradable, conflicts] = await Promise.all([
    listNotices(services, courseId, slug),
    services.db.run.count({ where: { ...inCourse, state: "not_gradable", counts: true } }),
    countConflicts(services, courseId),
  ]);
  return { notices, notGradable, conflicts };
}

type RunFilter = NonNullable<NonNullable<Parameters<Services["db"]["run"]["findMany"]>[0]>["where"]>;

async function listRuns({ db }: Services, where: RunFilter, take: number): Promise<Omit<RunLine, "worth">[]> {
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
      submission: {
        select: {
          number: true,
          exercise: {
            select: {
              id: true,
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
    exerciseId: submission.exercise.id,
    course: submission.exercise.assignment.course,
  }));
}
