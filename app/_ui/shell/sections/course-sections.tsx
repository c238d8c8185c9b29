import {
  IconArrowsSplit,
  IconBooks,
  IconCalendarWeek,
  IconHome,
  IconListCheck,
  IconMessageQuestion,
  IconMessages,
  IconPresentation,
  IconServer2,
  IconSpeakerphone,
  IconUpload,
} from "@tabler/icons-react";
import type { ReactNode } from "react";
import type { CourseNav } from "#app/_server/queries/course/course-nav.ts";
import {
  allSubmissionsPath,
  announcementsPath,
  assignmentsPath,
  conflictsPath,
  coursePath,
  fleetPath,
  presentationsPath,
  reviewsPath,
  schedulePath,
  submissionsPath,
  surveysPath,
} from "../../addresses.ts";

export type Section =
  | "home"
  | "course"
  | "schedule"
  | "announcements"
  | "presentations"
  | "reviews"
  | "assignments"
  | "submissions"
  | "surveys"
  | "staff"
  | "fleet"
  | "conflicts"
  | null;

export interface SectionLink {
  section: Section;
  href: string;
  label: string;
  icon: ReactNode;
  /** Pressed one after the other. */
  keys: string;
  /** How much waits there for the reader. */
  count?: { waiting: number; words: string };
}

/** staff: a group of its own, which only they see. */
export interface CourseSections {
  course: SectionLink[];
  staff: SectionLink[];
}

const look = { size: 18, "aria-hidden": true } as const;

/** Where a reader of this course can go; what the course has nothing of is left out. */
export function courseSections(
  slug: string,
  isStaff: boolean,
  { has, waiting }: Pick<CourseNav, "has" | "waiting">,
): CourseSections {
  const link = (
    section: Section,
    label: string,
    keys: string,
    href: string,
    icon: ReactNode,
  ): SectionLink => ({
    ...{ section, label, keys, href, icon },
  });
  const course = [
    link("course", "Course", "g c", coursePath(slug), <IconHome {...look} />),
    ...(has.schedule
      ? [link("schedule", "Schedule", "g d", schedulePath(slug), <IconCalendarWeek {...look} />)]
      : []),
    link("assignments", "Assignments", "g a", assignmentsPath(slug), <IconBooks {...look} />),
    link("submissions", "My submissions", "g s", submissionsPath(slug), <IconUpload {...look} />),
    ...(has.surveys
      ? [
          {
            ...link("surveys", "Surveys", "g v", surveysPath(slug), <IconMessageQuestion {...look} />),
            ...(waiting.surveys > 0 && !isStaff
              ? { count: { waiting: waiting.surveys, words: "to answer" } }
              : {}),
          },
        ]
      : []),
    ...(has.presentations
      ? [
          link(
            "presentations",
            "Presentations",
            "g p",
            presentationsPath(slug),
            <IconPresentation {...look} />,
          ),
        ]
      : []),
    ...(has.reviews
      ? [
          {
            ...link("reviews", "Reviews", "g r", reviewsPath(slug), <IconMessages {...look} />),
            ...(waiting.reviews > 0 && !isStaff
              ? { count: { waiting: waiting.reviews, words: "to write" } }
              : {}),
          },
        ]
      : []),
    ...(has.announcements || isStaff
      ? [
          link(
            "announcements",
            "Announcements",
            "g n",
            announcementsPath(slug),
            <IconSpeakerphone {...look} />,
          ),
        ]
      : []),
  ];
  const staff = isStaff
    ? [
        link("staff", "All submissions", "g l", allSubmissionsPath(slug), <IconListCheck {...look} />),
        link("fleet", "Fleet", "g f", fleetPath(slug), <IconServer2 {...look} />),
        ...(has.conflicts > 0
          ? [
              link(
                "conflicts",
                `Conflicts (${has.conflicts})`,
                "g x",
                conflictsPath(slug),
                <IconArrowsSplit {...look} />,
              ),
            ]
          : []),
      ]
    : [];
  return { course, staff };
}

/** On a phone: the four that stay in sight, in one word each. */
export const inBar = ({ course }: CourseSections): SectionLink[] =>
  course
    .filter(({ section }) => section !== "announcements")
    .slice(0, 4)
    .map((link) => (link.section === "submissions" ? { ...link, label: "Submissions" } : link));
