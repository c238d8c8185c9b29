import type { Db, Tx } from "../connection/client.ts";
import type { Prisma } from "../generated/client.ts";

/**
 * Which submissions are a person's: those that they sent, and those of the teams that they are in at this moment. In
 * two queries, so that each part of the second finds its own index.
 */
export async function ownWork(db: Db | Tx, userId: string): Promise<Prisma.SubmissionWhereInput> {
  const teams = await db.teamMember.findMany({ where: { userId }, select: { teamId: true } });
  if (teams.length === 0) return { userId };
  return { OR: [{ userId }, { teamId: { in: teams.map(({ teamId }) => teamId) } }] };
}
