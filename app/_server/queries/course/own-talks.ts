import type { Services } from "../../services.ts";

export interface OwnTalk {
  courseId: string;
  title: string;
  /** Staff ask for another proposal. */
  returned: boolean;
  /** When it begins, once the plan is published. */
  startsAt: Date | null;
  minutes: number;
  room: string | null;
  /** Teams that ask to change places with it. */
  asked: number;
}

/** What this person presents and is not over yet, in all their courses. */
export async function listOwnTalks(
  { db, clock }: Pick<Services, "db" | "clock">,
  userId: string,
): Promise<OwnTalk[]> {
  const rows = await db.talk.findMany({
    where: {
      team: { members: { some: { userId } } },
      assignment: { course: { enrollments: { some: { userId, role: "student" } } } },
      OR: [{ classId: null }, { class: { endsAt: { gt: clock() } } }],
    },
    orderBy: { teamId: "asc" },
    select: {
      ...{ title: true, state: true, position: true, class: true },
      assignment: { select: { courseId: true, talksPublishedAt: true } },
      team: { select: { _count: { select: { swapsOffered: { where: { end: null } } } } } },
    },
  });
  return rows.map(({ title, state, position, class: day, assignment, team }) => {
    const { talksStartAt = null, talkMinutes = null } = day ?? {};
    const isKnown = assignment.talksPublishedAt !== null && position !== null && talksStartAt !== null;
    const minutes = talkMinutes ?? 0;
    return {
      ...{ courseId: assignment.courseId, title, returned: state === "returned", minutes },
      startsAt: isKnown ? new Date(talksStartAt.getTime() + (position - 1) * minutes * 60_000) : null,
      room: day?.place ?? null,
      asked: team._count.swapsOffered,
    };
  });
}
