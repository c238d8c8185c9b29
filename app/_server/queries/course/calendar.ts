import type { CalendarEntry } from "#course/calendar/calendar-entry.ts";
import { termEntries } from "#course/calendar/class-entries.ts";
import { deadlineEntry } from "#course/calendar/deadline-entry.ts";
import { talkEntry } from "#course/calendar/talk-entry.ts";
import { countedOf } from "#course/gradebook/group-work.ts";
import { writeCalendar } from "#infra/calendar/write-calendar.ts";
import { assignmentPath, presentationsPath, schedulePath } from "../../../_ui/addresses.ts";
import type { Services } from "../../services.ts";
import { type AssignmentLine, courseFields, listAssignments } from "./course-page.ts";
import { listOwnTalks } from "./own-talks.ts";
import { readSchedule } from "./schedule.ts";

/** A person's calendar of a course as a file; null once the feed was ended, or its owner left the course. */
export async function readCalendar(services: Services, feedId: string): Promise<string | null> {
  const feed = await services.db.calendarFeed.findUnique({
    where: { id: feedId },
    select: { userId: true, user: { select: { timeZone: true } }, course: { select: courseFields } },
  });
  if (feed === null) return null;
  const { userId, user, course } = feed;
  const enrollment = await services.db.enrollment.findUnique({
    where: { courseId_userId: { courseId: course.id, userId } },
    select: { role: true },
  });
  if (enrollment === null) return null;
  const isStaff = enrollment.role !== "student";
  const zone = user.timeZone ?? course.timeZone;
  const [schedule, assignments, talks] = await Promise.all([
    readSchedule(services, course),
    listAssignments(services, course, { userId, isStaff, zone, locked: true }),
    listOwnTalks(services, userId),
  ]);
  const classes = schedule.classes.map((one) => ({
    ...one,
    startsAt: new Date(one.startsAt),
    endsAt: new Date(one.endsAt),
  }));
  const entries = [
    ...assignments.map((line) => entryOf(line, course.slug)).filter((entry) => entry !== null),
    ...talks.flatMap(({ courseId, startsAt, ...talk }) =>
      courseId !== course.id || startsAt === null
        ? []
        : [talkEntry({ ...talk, key: "own", startsAt, path: presentationsPath(course.slug) })],
    ),
    ...termEntries({ ...schedule, classes, zone: course.timeZone, path: schedulePath(course.slug) }),
  ];
  return writeCalendar({
    name: `${course.code} ${course.term}`,
    id: course.id,
    address: services.config.baseUrl,
    entries,
    now: services.clock(),
  });
}

const entryOf = (line: AssignmentLine, course: string): CalendarEntry | null =>
  deadlineEntry({
    ...{ slug: line.slug, title: line.title, deadline: line.deadline },
    exercises: line.exercises.map(({ attempts }) => countedOf(attempts)),
    submissions: line.exercises.reduce((sum, { attempts }) => sum + attempts.length, 0),
    collected: line.exercises.some(({ collected }) => collected),
    path: assignmentPath(course, line.slug),
  });
