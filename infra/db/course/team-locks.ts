import type { Tx } from "../connection/client.ts";

/** Of the teams of an assignment one change happens after the other, and none while its deadlines change. */
export async function lockTeams(tx: Tx, assignmentId: string): Promise<void> {
  await tx.$executeRaw`SELECT 1 FROM assignment WHERE id = ${assignmentId} FOR NO KEY UPDATE`;
}

/**
 * The team for which this person hands in the exercise, locked for its students from now on; null: nobody but
 * themselves. Until the transaction ends nobody comes or goes, and what else it hands in comes after.
 */
export async function lockTeamOf(
  tx: Tx,
  { exerciseId, userId, now }: { exerciseId: string; userId: string; now: Date },
): Promise<{ teamId: string; members: string[] } | null> {
  const [assignment] = await tx.$queryRaw<{ id: string }[]>`
    SELECT a.id FROM assignment a JOIN exercise e ON e.assignment_id = a.id
    WHERE e.id = ${exerciseId} AND a.team_max IS NOT NULL FOR SHARE OF a`;
  if (assignment === undefined) return null;
  const where = { assignmentId_userId: { assignmentId: assignment.id, userId } };
  const member = await tx.teamMember.findUnique({ where, select: { teamId: true } });
  if (member === null) return null;
  const { teamId } = member;
  await tx.$executeRaw`UPDATE team SET locked_at = coalesce(locked_at, ${now}::timestamptz) WHERE id = ${teamId}`;
  const members = await tx.teamMember.findMany({ where: { teamId }, select: { userId: true } });
  return { teamId, members: members.map((one) => one.userId) };
}
