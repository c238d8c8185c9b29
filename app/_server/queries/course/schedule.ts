import { dayIn } from "#course/catalogue/calendar-days.ts";
import type { WeeklyHours } from "#course/catalogue/next-hours.ts";
import { storedExceptions, storedObjectives } from "#course/catalogue/stored-schedule.ts";
import type { ClassKind } from "#infra/db/generated/enums.ts";
import type { Services } from "../../services.ts";
import type { CourseView } from "./course-page.ts";

export interface ClassView {
  number: number;
  kind: ClassKind;
  title: string;
  place: string;
  objectives: string[];
  /** Which of them staff marked as where it is or stopped, from 0. */
  currentObjective: number | null;
  slides: string | null;
  /** Of the course's zone. */
  day: string;
  startsAt: string;
  endsAt: string;
}

/** weekday: as the database has it. */
export interface OfficeHoursView extends Omit<WeeklyHours, "weekday"> {
  slug: string;
  weekday: string;
  link: string | null;
}

export interface ScheduleView {
  classes: ClassView[];
  breaks: { from: string; to: string; title: string }[];
  officeHours: OfficeHoursView[];
  appointments: string | null;
}

const isoDay = (at: Date) => at.toISOString().slice(0, 10);

/** Classes, days without, and office hours of a course. */
export async function readSchedule({ db }: Services, course: CourseView): Promise<ScheduleView> {
  const row = await db.course.findUniqueOrThrow({
    where: { id: course.id },
    select: {
      appointments: true,
      classes: { orderBy: { startsAt: "asc" } },
      breaks: { orderBy: { fromDay: "asc" } },
      officeHours: { orderBy: [{ position: "asc" }, { slug: "asc" }] },
    },
  });
  return {
    appointments: row.appointments,
    breaks: row.breaks.map(({ fromDay, toDay, title }) => ({
      from: isoDay(fromDay),
      to: isoDay(toDay),
      title,
    })),
    classes: row.classes.map(({ number, kind, title, place, slides, startsAt, endsAt, ...rest }) => {
      const read = storedObjectives.read(rest.objectives);
      return {
        ...{ number, kind, title, place, slides },
        currentObjective: rest.currentObjective,
        objectives: read.outcome === "read" ? read.value : [],
        day: dayIn(course.timeZone, startsAt),
        startsAt: startsAt.toISOString(),
        endsAt: endsAt.toISOString(),
      };
    }),
    officeHours: row.officeHours.map(({ slug, weekday, fromTime, toTime, place, link, exceptions }) => {
      const read = storedExceptions.read(exceptions);
      return {
        ...{ slug, weekday, from: fromTime, to: toTime, place, link },
        exceptions: read.outcome === "read" ? read.value : [],
      };
    }),
  };
}
