import type { Services } from "../../services.ts";

export interface InvitationLine {
  id: string;
  by: string;
  courseId: string;
  assignment: { slug: string; title: string };
}

/** Teams that wait for this person's answer, the latest last. */
export async function listInvitations(
  { db, clock }: Pick<Services, "db" | "clock">,
  userId: string,
): Promise<InvitationLine[]> {
  const released = { OR: [{ releasedAt: null }, { releasedAt: { lte: clock() } }] };
  const rows = await db.teamInvitation.findMany({
    where: {
      ...{ userId, end: null },
      team: {
        lockedAt: null,
        assignment: {
          ...{ ...released, teamMax: { not: null } },
          course: { enrollments: { some: { userId, role: "student" } } },
        },
      },
    },
    orderBy: { id: "asc" },
    select: {
      id: true,
      invitedBy: { select: { name: true } },
      team: { select: { assignment: { select: { slug: true, title: true, courseId: true } } } },
    },
  });
  return rows.map(({ id, invitedBy, team: { assignment } }) => ({
    ...{ id, by: invitedBy.name, courseId: assignment.courseId },
    assignment: { slug: assignment.slug, title: assignment.title },
  }));
}
