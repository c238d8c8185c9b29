import type { TeamRules } from "#course/teams/team-standing.ts";
import type { Services } from "../../services.ts";

export interface TeamPanelView {
  rules: TeamRules;
  /** null: the reader is in none. */
  team: { id: string; locked: boolean; members: { userId: string; name: string }[] } | null;
  /** Something of the assignment, in no team. */
  handedInAlone: boolean;
  /** By the reader's team, open. */
  sent: { id: string; name: string }[];
  /** To the reader, open. */
  received: { id: string; by: string; members: string[] }[];
  /** Names of students whom the reader could invite now. */
  classmates: string[];
  /** Whom the reader's last act was about, by the id in the address; null: nobody of this course. */
  about: string | null;
}

/** The team of one student for an assignment; null where everybody hands it in alone. */
export async function findTeamPanel(
  { db }: Services,
  assignmentId: string,
  reader: { userId: string; about: string | null },
): Promise<TeamPanelView | null> {
  const { userId } = reader;
  const { courseId, ...assignment } = await db.assignment.findUniqueOrThrow({ where: { id: assignmentId } });
  const { teamMin: min, teamMax: max, teamAcrossSections: acrossSections } = assignment;
  if (min === null || max === null) return null;
  const [teams, invitations, alone, enrolled] = await Promise.all([
    db.team.findMany({
      where: { assignmentId },
      include: {
        members: {
          orderBy: [{ joinedAt: "asc" }, { userId: "asc" }],
          select: { user: { select: { id: true, name: true } } },
        },
      },
    }),
    db.teamInvitation.findMany({
      where: { end: null, team: { assignmentId } },
      orderBy: { id: "asc" },
      include: { user: { select: { name: true } }, invitedBy: { select: { name: true } } },
    }),
    db.submission.findFirst({
      where: { userId, teamId: null, exercise: { assignmentId } },
      select: { id: true },
    }),
    db.enrollment.findMany({
      where: { courseId },
      select: { userId: true, role: true, sectionId: true, user: { select: { name: true } } },
    }),
  ]);
  const membersOf = (teamId: string) => teams.find(({ id }) => id === teamId)?.members ?? [];
  const own = teams.find((team) => team.members.some(({ user }) => user.id === userId)) ?? null;
  const taken = new Set(
    teams.flatMap(({ members, lockedAt }) =>
      members.length > 1 || lockedAt !== null ? members.map(({ user }) => user.id) : [],
    ),
  );
  const asked = new Set(invitations.filter(({ teamId }) => teamId === own?.id).map((one) => one.userId));
  const section = enrolled.find((one) => one.userId === userId)?.sectionId;
  const classmates = enrolled.filter(
    (one) =>
      one.role === "student" &&
      one.userId !== userId &&
      !taken.has(one.userId) &&
      !asked.has(one.userId) &&
      (acrossSections || one.sectionId === section),
  );
  return {
    rules: { min, max, acrossSections },
    team: own && {
      id: own.id,
      locked: own.lockedAt !== null,
      members: own.members.map(({ user }) => ({ userId: user.id, name: user.name })),
    },
    handedInAlone: own === null && alone !== null,
    sent: invitations
      .filter(({ teamId }) => teamId === own?.id)
      .map(({ id, user }) => ({ id, name: user.name })),
    received: invitations
      .filter((one) => one.userId === userId)
      .map(({ id, teamId, invitedBy }) => ({
        ...{ id, by: invitedBy.name },
        members: membersOf(teamId).map(({ user }) => user.name),
      })),
    classmates: [...new Set(classmates.map(({ user }) => user.name))].sort((a, b) =>
      a.localeCompare(b, "en"),
    ),
    about: enrolled.find((one) => one.userId === reader.about)?.user.name ?? null,
  };
}
