import {
  allSubmissionsPath,
  exercisePath,
  fleetPath,
  machineImagesPath,
  staffRunPath,
} from "#app/_ui/addresses.ts";
import { type NoticeCode, noticeKinds } from "#grading/notices/staff-notice.ts";
import { moneyCodes } from "#grading/runs/demand/money-notices.ts";
import type { Actor } from "../access/permissions.ts";
import type { Services } from "../services.ts";

export interface NoticeLine {
  id: string;
  title: string;
  /** What it is about; null where it has no page. */
  link: { href: string; label: string } | null;
  reason: string;
  fix: string | null;
  count: number;
  firstSeen: string;
  lastSeen: string;
  closed: {
    at: string;
    /** null: Drydock saw that it is over. */
    by: string | null;
  } | null;
}

export interface NoticeList {
  /** The latest first. */
  open: NoticeLine[];
  openTotal: number;
  /** The last that were closed. */
  closed: NoticeLine[];
}

const shown = { open: 20, closed: 10 };

/** The notices of a course, or of the platform itself (null). course: the slug of one whose staff reads. */
export async function listNotices(
  { db }: Services,
  courseId: string | null,
  course: string,
): Promise<NoticeList> {
  const include = { closedBy: { select: { name: true } } };
  const open = { courseId, closedAt: null };
  const [opened, openTotal, closed] = await Promise.all([
    db.notice.findMany({ where: open, orderBy: { lastSeen: "desc" }, take: shown.open, include }),
    db.notice.count({ where: open }),
    db.notice.findMany({
      where: { courseId, closedAt: { not: null } },
      orderBy: { closedAt: "desc" },
      take: shown.closed,
      include,
    }),
  ]);
  const links = await findLinks(db, [...opened, ...closed]);
  const line = (row: (typeof opened)[number]): NoticeLine => {
    const kind = row.code in noticeKinds ? noticeKinds[row.code as NoticeCode] : null;
    return {
      id: row.id,
      title: kind?.title ?? row.code,
      fix: kind?.fix ?? null,
      link:
        fleetLink(row.code, course) ??
        links.get(row.code === "run.not_gradable" ? runsOf(row.subject) : row.subject) ??
        machinesLink(row.subject, course),
      reason: row.reason,
      count: row.count,
      firstSeen: row.firstSeen.toISOString(),
      lastSeen: row.lastSeen.toISOString(),
      closed:
        row.closedAt === null ? null : { at: row.closedAt.toISOString(), by: row.closedBy?.name ?? null },
    };
  };
  return { open: opened.map(line), openTotal, closed: closed.map(line) };
}

/** How many are open that this reader, as staff, is to see; 0 for everybody else. */
export async function countOpenNotices({ db }: Services, actor: Actor): Promise<number> {
  const courses = staffCourses(actor);
  if (courses.length === 0) return 0;
  const theirs = [{ courseId: { in: courses } }, { courseId: null }];
  return db.notice.count({ where: { closedAt: null, OR: theirs } });
}

export function staffCourses(actor: Actor): string[] {
  return actor.enrollments.filter((one) => one.role !== "student").map((one) => one.courseId);
}

/** An exercise's own page says nothing of its runs; of a single run there is its page. */
const runsOf = (subject: string) => subject.replace(/^exercise:/, "runs-of:");

const ofMachines = ["image", "machine", "provider"];

/** What concerns machines has no page of its own; every course's staff see what machines are made from. */
function machinesLink(subject: string, course: string): NoticeLine["link"] {
  if (!ofMachines.includes(subject.split(":")[0] ?? "")) return null;
  return { href: machineImagesPath(course), label: "Machine images" };
}

/** What runs wait for that the fleet page shows. */
function fleetLink(code: string, course: string): NoticeLine["link"] {
  if (!moneyCodes.some((one) => one === code)) return null;
  return { href: fleetPath(course), label: "Fleet" };
}

/** By subject; subjects without a page of their own are missing. */
async function findLinks(db: Services["db"], notices: { subject: string }[]) {
  const ids = (kind: string) =>
    notices.flatMap(({ subject }) =>
      subject.startsWith(`${kind}:`) ? [subject.slice(kind.length + 1)] : [],
    );
  const place = { slug: true, assignment: { select: { slug: true, course: { select: { slug: true } } } } };
  const [runs, exercises, versions, courses] = await Promise.all([
    db.run.findMany({
      where: { id: { in: ids("run") } },
      select: {
        id: true,
        submission: {
          select: {
            number: true,
            user: { select: { name: true } },
            exercise: { select: { title: true } },
          },
        },
      },
    }),
    db.exercise.findMany({
      where: { id: { in: ids("exercise") } },
      select: { id: true, title: true, ...place },
    }),
    db.exerciseVersion.findMany({
      where: { id: { in: ids("version") } },
      select: { id: true, exercise: { select: { title: true, ...place } } },
    }),
    db.course.findMany({ where: { id: { in: ids("course") } }, select: { id: true, slug: true } }),
  ]);
  const ofExercise = (exercise: Omit<(typeof exercises)[number], "id">) => ({
    href: exercisePath(exercise.assignment.course.slug, exercise.assignment.slug, exercise.slug),
    label: exercise.title,
  });
  return new Map<string, NonNullable<NoticeLine["link"]>>([
    ...runs.map(({ id, submission: { number, user, exercise } }) => {
      const label = `${user.name}: ${exercise.title}, submission ${number}`;
      return [`run:${id}`, { href: staffRunPath(id), label }] as const;
    }),
    ...exercises.map((exercise) => [`exercise:${exercise.id}`, ofExercise(exercise)] as const),
    ...exercises.map(({ id, title, slug, assignment }) => {
      const href = `${allSubmissionsPath(assignment.course.slug)}?state=not_gradable&exercise=${slug}`;
      return [`runs-of:${id}`, { href, label: `${title}: what could not be graded` }] as const;
    }),
    ...versions.map(({ id, exercise }) => [`version:${id}`, ofExercise(exercise)] as const),
    ...courses.map(({ id, slug }) => {
      return [`course:${id}`, { href: allSubmissionsPath(slug), label: "All submissions" }] as const;
    }),
  ]);
}
