import type { Services } from "../../services.ts";
import type { CourseView } from "./course-page.ts";

export interface Found {
  kind: "assignment" | "exercise" | "class" | "announcement" | "person" | "run" | "submission";
  title: string;
  /** What tells it from others of its name. */
  detail: string;
  /** What its address is made of. */
  ref: string[];
}

/** Of each kind at most so many. */
const most = 8;
/** What an id of ours looks like. */
const ourId = /^(run|sub)_[0-9a-z]{26}$/;

/**
 * Whatever of a course has the words in its name, as far as the reader may see it; for staff people and ids too. Runs
 * and submissions are found by their whole id alone.
 */
export async function searchCourse(
  { db, clock }: Services,
  course: CourseView,
  { query, isStaff }: { query: string; isStaff: boolean },
): Promise<Found[]> {
  const words = query.trim().split(/\s+/).filter(Boolean).slice(0, 8);
  if (words.length === 0) return [];
  if (isStaff && ourId.test(query.trim())) return findById(db, course, query.trim());
  const now = clock();
  const named = (field: "title" | "name") =>
    words.map((word) => ({ [field]: { contains: word, mode: "insensitive" as const } }));
  const released = isStaff ? {} : { AND: [{ OR: [{ releasedAt: null }, { releasedAt: { lte: now } }] }] };
  const [assignments, exercises, classes, announcements, people] = await Promise.all([
    db.assignment.findMany({
      where: { AND: [{ courseId: course.id }, released, ...named("title")] },
      ...{ orderBy: { position: "asc" }, take: most, select: { slug: true, title: true } },
    }),
    db.exercise.findMany({
      where: { AND: [{ assignment: { courseId: course.id, ...released } }, ...named("title")] },
      orderBy: { title: "asc" },
      ...{
        take: most,
        select: { slug: true, title: true, assignment: { select: { slug: true, title: true } } },
      },
    }),
    db.classMeeting.findMany({
      where: { AND: [{ courseId: course.id }, ...named("title")] },
      ...{ orderBy: { number: "asc" }, take: most, select: { number: true, title: true } },
    }),
    db.announcement.findMany({
      where: {
        AND: [{ courseId: course.id, ...(isStaff ? {} : { publishAt: { lte: now } }) }, ...named("title")],
      },
      ...{ orderBy: { publishAt: "desc" }, take: most, select: { slug: true, title: true } },
    }),
    isStaff
      ? db.user.findMany({
          where: { AND: [{ enrollments: { some: { courseId: course.id } } }, ...personNamed(words)] },
          ...{ orderBy: { name: "asc" }, take: most, select: { name: true, email: true } },
        })
      : [],
  ]);
  return [
    ...assignments.map(({ slug, title }) => ({ ...found("assignment", title, ""), ref: [slug] })),
    ...exercises.map(({ slug, title, assignment }) => ({
      ...found("exercise", title, assignment.title),
      ref: [assignment.slug, slug],
    })),
    ...classes.map(({ number, title }) => ({
      ...found("class", title, `Class ${number}`),
      ref: [`${number}`],
    })),
    ...announcements.map(({ slug, title }) => ({ ...found("announcement", title, ""), ref: [slug] })),
    ...people.map(({ name, email }) => ({ ...found("person", name, email), ref: [email] })),
  ];
}

const found = (kind: Found["kind"], title: string, detail: string) => ({ kind, title, detail });

const personNamed = (words: string[]) =>
  words.map((word) => ({
    OR: (["name", "email"] as const).map((field) => ({
      [field]: { contains: word, mode: "insensitive" as const },
    })),
  }));

async function findById(db: Services["db"], course: CourseView, id: string): Promise<Found[]> {
  const ofCourse = { exercise: { assignment: { courseId: course.id } } };
  const submission = await db.submission.findFirst({
    where: { ...ofCourse, OR: [{ id }, { runs: { some: { id } } }] },
    select: {
      id: true,
      number: true,
      user: { select: { name: true } },
      exercise: { select: { title: true } },
    },
  });
  if (submission === null) return [];
  const title = `${submission.exercise.title}, submission ${submission.number}`;
  return [
    { kind: id.startsWith("run_") ? "run" : "submission", title, detail: submission.user.name, ref: [id] },
  ];
}
