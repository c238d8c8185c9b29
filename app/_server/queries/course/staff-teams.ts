import type { TeamRules } from "#course/teams/team-standing.ts";
import type { Services } from "../../services.ts";
import { type CoursePerson, listPeople } from "./course-people.ts";

export interface StaffTeam {
  id: string;
  locked: boolean;
  members: { userId: string; name: string; section: string | null; left: boolean }[];
  /** Names of those who were invited and have not answered. */
  invited: string[];
  submissions: number;
}

export interface StaffTeamsView {
  assignment: { slug: string; title: string };
  /** null: everybody hands it in alone. */
  rules: TeamRules | null;
  teams: StaffTeam[];
  /** Students of the course in no team, by name. */
  without: CoursePerson[];
  people: CoursePerson[];
}

/** All teams of an assignment, and who is in none. */
export async function findStaffTeams(
  { db }: Services,
  { courseId, assignmentId }: { courseId: string; assignmentId: string },
): Promise<StaffTeamsView> {
  const [assignment, teams, people] = await Promise.all([
    db.assignment.findUniqueOrThrow({ where: { id: assignmentId } }),
    db.team.findMany({
      where: { assignmentId, members: { some: {} } },
      orderBy: { id: "asc" },
      include: {
        members: {
          orderBy: [{ joinedAt: "asc" }, { userId: "asc" }],
          select: { userId: true, user: { select: { name: true } } },
        },
        invitations: { where: { end: null }, select: { user: { select: { name: true } } } },
      },
    }),
    listPeople(db, courseId),
  ]);
  // Apart from the teams: counted along with them, the submissions of every course would be.
  const handedIn = await db.submission.groupBy({
    by: ["teamId"],
    where: { teamId: { in: teams.map(({ id }) => id) } },
    _count: true,
  });
  const { teamMin: min, teamMax: max, teamAcrossSections: acrossSections, slug, title } = assignment;
  const placed = new Set(teams.flatMap(({ members }) => members.map(({ userId }) => userId)));
  return {
    assignment: { slug, title },
    rules: min === null || max === null ? null : { min, max, acrossSections },
    teams: teams.map(({ id, lockedAt, members, invitations }) => ({
      ...{ id, locked: lockedAt !== null },
      submissions: handedIn.find(({ teamId }) => teamId === id)?._count ?? 0,
      members: members.map(({ userId, user }) => {
        const enrolled = people.find((one) => one.userId === userId);
        return {
          ...{ userId, name: user.name, section: enrolled?.section ?? null },
          left: enrolled?.role !== "student",
        };
      }),
      invited: invitations.map(({ user }) => user.name),
    })),
    without: people.filter(({ userId, role }) => role === "student" && !placed.has(userId)),
    people,
  };
}
