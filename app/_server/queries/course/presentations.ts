import type { StandingTalk, TalksStanding } from "#course/presentations/talk-standing.ts";
import { standingTalk } from "#infra/db/course/talk-store.ts";
import type { Prisma } from "#infra/db/generated/client.ts";
import type { Services } from "../../services.ts";
import type { CourseView } from "./course-page.ts";

export interface TalkLine extends StandingTalk {
  /** By name, in the order in which they joined. */
  members: { userId: string; name: string }[];
  comments: { id: string; by: string; text: string; at: string }[];
}

export interface TalkDayView {
  /** Of the class. */
  day: string;
  number: number;
  title: string;
  room: string;
  places: number;
  /** Of each place by its clock, in order. */
  starts: string[];
  minutes: number;
}

export interface PresentationsView {
  assignment: { id: string; slug: string; title: string; min: number; max: number };
  published: boolean;
  days: TalkDayView[];
  /** In the order in which their teams were formed. */
  talks: TalkLine[];
  topics: {
    id: string;
    title: string;
    kind: StandingTalk["kind"];
    link: string | null;
    takenBy: string | null;
  }[];
  /** The reader's team, if they have one. */
  own: { teamId: string; members: { userId: string; name: string }[]; talk: TalkLine | null } | null;
  /** Open ones of the reader's team. */
  swaps: { id: string; fromTeamId: string; toTeamId: string }[];
}

/** Where presentations of a course are: its first assignment of that kind. null: it has none. */
export async function findPresentations({ db }: Services, courseId: string) {
  return db.assignment.findFirst({
    where: { courseId, kind: "presentation" },
    orderBy: [{ position: "asc" }, { slug: "asc" }],
    select: { id: true, slug: true },
  });
}

const members = {
  orderBy: [{ joinedAt: "asc" }, { userId: "asc" }],
  select: { user: { select: { id: true, name: true } } },
} satisfies Prisma.Team$membersArgs;

/** All of a course's presentations, as one reader sees them; null: it has none. */
export async function readPresentations(
  services: Services,
  course: Pick<CourseView, "id">,
  userId: string,
): Promise<PresentationsView | null> {
  const { db } = services;
  const found = await findPresentations(services, course.id);
  if (found === null) return null;
  const [assignment, classes, papers] = await Promise.all([
    db.assignment.findUniqueOrThrow({
      where: { id: found.id },
      include: {
        talks: {
          orderBy: { teamId: "asc" },
          include: {
            team: { select: { members } },
            comments: {
              orderBy: [{ at: "asc" }, { id: "asc" }],
              include: { user: { select: { name: true } } },
            },
          },
        },
      },
    }),
    db.classMeeting.findMany({
      where: { courseId: course.id, talkPlaces: { not: null } },
      orderBy: { startsAt: "asc" },
    }),
    db.paper.findMany({ where: { courseId: course.id }, orderBy: { position: "asc" } }),
  ]);
  const team = await db.team.findFirst({
    where: { assignmentId: found.id, members: { some: { userId } } },
    select: { id: true, members },
  });
  const swaps =
    team === null
      ? []
      : await db.talkSwap.findMany({
          where: { end: null, OR: [{ fromTeamId: team.id }, { toTeamId: team.id }] },
          orderBy: { id: "asc" },
          select: { id: true, fromTeamId: true, toTeamId: true },
        });
  const talks = assignment.talks.map(({ team: of, comments, ...row }) => ({
    ...standingTalk(row),
    members: of.members.map(named),
    comments: comments.map(({ id, user, text, at }) => ({ id, by: user.name, text, at: at.toISOString() })),
  }));
  const { id, slug, title, teamMin, teamMax, talksPublishedAt } = assignment;
  return {
    assignment: { id, slug, title, min: teamMin ?? 1, max: teamMax ?? 1 },
    published: talksPublishedAt !== null,
    days: classes.map(dayView),
    talks,
    topics: papers.map((paper) => ({
      ...{ id: paper.id, title: paper.title, kind: paper.kind, link: paper.link },
      takenBy: talks.find(({ paperId }) => paperId === paper.id)?.teamId ?? null,
    })),
    own:
      team === null
        ? null
        : {
            teamId: team.id,
            members: team.members.map(named),
            talk: talks.find(({ teamId }) => teamId === team.id) ?? null,
          },
    swaps,
  };
}

const named = ({ user: { id, name } }: { user: { id: string; name: string } }) => ({ userId: id, name });

type ClassRow = Prisma.ClassMeetingGetPayload<object>;

function dayView({ id, number, title, place, talksStartAt, talkPlaces, talkMinutes }: ClassRow): TalkDayView {
  const [places, minutes] = [talkPlaces ?? 0, talkMinutes ?? 0];
  const first = talksStartAt?.getTime() ?? 0;
  return {
    ...{ day: id, number, title, room: place, places, minutes },
    starts: Array.from({ length: places }, (_, index) =>
      new Date(first + index * minutes * 60_000).toISOString(),
    ),
  };
}

/** What clashesOf asks of the days. */
export const daysOf = (view: PresentationsView): Omit<TalksStanding["days"][number], "begun">[] =>
  view.days.map(({ day, places }) => ({ day, places }));
