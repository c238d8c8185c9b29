import type { Clock } from "#course/clock.ts";
import { newId } from "#course/ids.ts";
import type { TeamAudit, TeamPorts } from "#course/teams/change-teams.ts";
import {
  personOf,
  type TeamPerson,
  type TeamsStanding,
  type TeamWrite,
} from "#course/teams/team-standing.ts";
import type { Db, Tx } from "../connection/client.ts";
import { Prisma } from "../generated/client.ts";
import { lockTeams } from "./team-locks.ts";

/** Teams on Postgres; see TeamPorts. */
export function createTeamStore(db: Db, clock: Clock): TeamPorts["store"] {
  return {
    change: (of, decide, audit) =>
      db.$transaction(async (tx) => {
        await lockTeams(tx, of.assignmentId);
        // The time is read under the lock, so that the audit's order is the order of the changes.
        const now = clock();
        const standing = await readStanding(tx, of);
        const fresh = { team: newId("tea", now), invitation: newId("inv", now) };
        const decision = decide(standing, fresh);
        if (decision.outcome === "refused") return { decision, standing };
        for (const write of decision.writes) await doWrite(tx, of.assignmentId, now, write);
        if (audit !== null) {
          await writeAudit(tx, now, of.assignmentId, standing, {
            ...audit,
            teamId: audit.teamId ?? fresh.team,
          });
        }
        return { decision, standing };
      }),
  };
}

async function readStanding(
  tx: Tx,
  of: { assignmentId: string; people: string[]; invitationId?: string },
): Promise<TeamsStanding> {
  const { assignmentId } = of;
  const assignment = await tx.assignment.findUniqueOrThrow({
    where: { id: assignmentId },
    include: { teams: { orderBy: { id: "asc" }, include: teamParts } },
  });
  const { teamMin: min, teamMax: max, teamAcrossSections: acrossSections, teams } = assignment;
  const named = of.invitationId;
  const invitations = await tx.teamInvitation.findMany({
    where: { team: { assignmentId }, OR: [{ end: null }, ...(named === undefined ? [] : [{ id: named }])] },
    orderBy: { id: "asc" },
  });
  const members = teams.flatMap((team) => team.members.map(({ userId }) => userId));
  return {
    assignment: assignment.title,
    rules: min === null || max === null ? null : { min, max, acrossSections },
    people: await readPeople(tx, assignment, [...new Set([...of.people, ...members])]),
    teams: teams.map((team) => ({
      ...{ id: team.id, locked: team.lockedAt !== null, handedIn: team.submissions.length > 0 },
      members: team.members.map(({ userId }) => userId),
    })),
    invitations: invitations.map(({ id, teamId, userId, invitedById, end }) => ({
      ...{ id, teamId, userId, invitedById, end },
    })),
  };
}

const teamParts = {
  members: {
    orderBy: [{ joinedAt: "asc" }, { userId: "asc" }],
    select: { userId: true, user: { select: { name: true } } },
  },
  submissions: { take: 1, select: { id: true } },
} satisfies Prisma.TeamInclude;

async function readPeople(
  tx: Tx,
  assignment: { id: string; courseId: string },
  userIds: string[],
): Promise<TeamPerson[]> {
  const { id: assignmentId, courseId } = assignment;
  const [users, alone] = await Promise.all([
    tx.user.findMany({
      where: { id: { in: userIds } },
      select: {
        ...{ id: true, name: true },
        enrollments: { where: { courseId }, select: { role: true, section: { select: { code: true } } } },
      },
    }),
    tx.submission.findMany({
      where: { teamId: null, userId: { in: userIds }, exercise: { assignmentId } },
      distinct: ["userId"],
      select: { userId: true },
    }),
  ]);
  return users.map(({ id, name, enrollments: [enrollment] }) => ({
    ...{ userId: id, name, role: enrollment?.role ?? null, section: enrollment?.section?.code ?? null },
    handedInAlone: alone.some(({ userId }) => userId === id),
  }));
}

async function doWrite(tx: Tx, assignmentId: string, now: Date, write: TeamWrite): Promise<unknown> {
  switch (write.type) {
    case "found":
      return tx.team.create({ data: { id: write.teamId, assignmentId, createdAt: now } });
    case "join": {
      const { teamId, userId } = write;
      return tx.teamMember.create({ data: { teamId, assignmentId, userId, joinedAt: now } });
    }
    case "leave":
      return tx.teamMember.deleteMany({ where: { teamId: write.teamId, userId: write.userId } });
    case "dissolve":
      return tx.team.delete({ where: { id: write.teamId } });
    case "unlock":
      return tx.team.update({ where: { id: write.teamId }, data: { lockedAt: null } });
    case "invite": {
      const { invitationId: id, teamId, userId, invitedById } = write;
      return tx.teamInvitation.create({ data: { id, teamId, userId, invitedById, createdAt: now } });
    }
    case "end-invitation":
      return tx.teamInvitation.update({ where: { id: write.invitationId }, data: { end: write.end } });
  }
}

/**
 * Beside the assignment's other changes; with who was in the team before and who is after, by the names of then, as
 * people read it. Whom it is about is there by their id.
 */
async function writeAudit(
  tx: Tx,
  now: Date,
  assignmentId: string,
  standing: TeamsStanding,
  audit: TeamAudit & { teamId: string },
): Promise<void> {
  const { by, action, teamId, userId, reason } = audit;
  const before = standing.teams.find(({ id }) => id === teamId);
  const after = await tx.team.findUnique({ where: { id: teamId }, include: teamParts });
  const told = (names: string[], locked: boolean) => ({
    ...{ team: teamId, student: userId, members: names.join(", "), locked: locked ? "yes" : "no" },
  });
  const nameOf = (id: string) => personOf(standing, id)?.name ?? id;
  await tx.auditEntry.create({
    data: {
      ...{
        id: newId("aud", now),
        at: now,
        userId: by,
        action,
        subject: `assignment:${assignmentId}`,
        reason,
      },
      before: before ? told(before.members.map(nameOf), before.locked) : Prisma.DbNull,
      after: after
        ? told(
            after.members.map(({ user }) => user.name),
            after.lockedAt !== null,
          )
        : Prisma.DbNull,
    },
  });
}
