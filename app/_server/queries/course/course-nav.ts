import { cache } from "react";
import type { Services } from "../../services.ts";
import { countWaitingSurveys } from "../surveys/list-surveys.ts";
import { countWaitingReviews } from "./reviews.ts";

export interface CourseNav {
  /** The reader's courses, newest first. */
  courses: { slug: string; code: string; term: string }[];
  /** What the course of the page has: a section shows only where there is something in it. conflicts: for its staff. */
  has: {
    schedule: boolean;
    surveys: boolean;
    announcements: boolean;
    presentations: boolean;
    reviews: boolean;
    conflicts: number;
  };
  /** How much of a section waits for the reader, as a student. */
  waiting: { surveys: number; reviews: number };
}

/** What the frame of a course's pages leads to. Asked once a request. */
export const readCourseNav = cache(
  async (services: Services, userId: string, slug: string): Promise<CourseNav> => {
    const rows = await services.db.course.findMany({
      where: { enrollments: { some: { userId } } },
      orderBy: { createdAt: "desc" },
      select: {
        ...{ id: true, slug: true, code: true, term: true, timeZone: true },
        _count: {
          select: { classes: true, announcements: true, conflicts: { where: { settledAt: null } } },
        },
        assignments: {
          where: { OR: [{ kind: "presentation" }, { reviewsEach: { not: null } }] },
          select: { kind: true, reviewsEach: true },
        },
        classes: { where: { surveyClosesAt: { not: null } }, take: 1, select: { id: true } },
      },
    });
    const here = rows.find((row) => row.slug === slug);
    const has = here?._count;
    const surveys = (here?.classes.length ?? 0) > 0;
    return {
      courses: rows.map(({ slug: own, code, term }) => ({ slug: own, code, term })),
      has: {
        schedule: (has?.classes ?? 0) > 0,
        surveys,
        announcements: (has?.announcements ?? 0) > 0,
        presentations: (here?.assignments ?? []).some(({ kind }) => kind === "presentation"),
        reviews: (here?.assignments ?? []).some(({ reviewsEach }) => reviewsEach !== null),
        conflicts: has?.conflicts ?? 0,
      },
      waiting: {
        surveys: here && surveys ? await countWaitingSurveys(services, here, userId) : 0,
        reviews: here ? await countWaitingReviews(services, here.id, userId) : 0,
      },
    };
  },
);
