import { cache } from "react";
import type { Services } from "../../services.ts";

export interface CourseNav {
  /** The reader's courses, newest first. */
  courses: { slug: string; code: string; term: string }[];
  /** What the course of the page has: a section shows only where there is something in it. conflicts: for its staff. */
  has: { schedule: boolean; announcements: boolean; presentations: boolean; conflicts: number };
}

/** What the frame of a course's pages leads to. Asked once a request. */
export const readCourseNav = cache(
  async ({ db }: Services, userId: string, slug: string): Promise<CourseNav> => {
    const rows = await db.course.findMany({
      where: { enrollments: { some: { userId } } },
      orderBy: { createdAt: "desc" },
      select: {
        ...{ slug: true, code: true, term: true },
        _count: {
          select: { classes: true, announcements: true, conflicts: { where: { settledAt: null } } },
        },
        assignments: { where: { kind: "presentation" }, take: 1, select: { id: true } },
      },
    });
    const row = rows.find((one) => one.slug === slug);
    const here = row?._count;
    return {
      courses: rows.map(({ slug: own, code, term }) => ({ slug: own, code, term })),
      has: {
        schedule: (here?.classes ?? 0) > 0,
        announcements: (here?.announcements ?? 0) > 0,
        conflicts: here?.conflicts ?? 0,
        presentations: (row?.assignments.length ?? 0) > 0,
      },
    };
  },
);
