import type { Clock } from "#course/clock.ts";
import { newId } from "#course/ids.ts";
import type { TalkPorts } from "#course/presentations/change-talks.ts";
import {
  type StandingTalk,
  storedWishes,
  type TalksStanding,
  type TalkWrite,
} from "#course/presentations/talk-standing.ts";
import type { Db, Tx } from "../connection/client.ts";
import { lockTeams } from "./team-locks.ts";

/** Presentations on Postgres; see TalkPorts. */
export function createTalkStore(db: Db, clock: Clock): TalkPorts["store"] {
  return {
    change: (of, decide, audit) =>
      db.$transaction(async (tx) => {
        await lockTeams(tx, of.assignmentId);
        // The time is read under the lock, so that the audit's order is the order of the changes.
        const now = clock();
        const standing = await readTalks(tx, { ...of, now });
        const decision = decide(standing, { team: newId("tea", now), swap: newId("swp", now) });
        if (decision.outcome === "refused") return { decision, standing };
        for (const write of decision.writes) await doWrite(tx, { ...of, now }, write);
        if (audit !== null && decision.writes.length > 0) {
          const after = await readTalks(tx, { ...of, now });
          await tx.auditEntry.create({
            data: {
              ...{ id: newId("aud", now), at: now, userId: of.by, ...audit },
              subject: `assignment:${of.assignmentId}`,
              ...{ before: told(standing), after: told(after) },
            },
          });
        }
        return { decision, standing };
      }),
  };
}

/** Of a talk what staff decide, for the audit. */
const told = ({ talks, published }: TalksStanding) => ({
  published,
  talks: talks.map(({ teamId, title, state, place }) => ({
    ...{ team: teamId, title, state, class: place?.day ?? null, position: place?.position ?? null },
  })),
});

/** How the talks of an assignment stand for one person. */
export async function readTalks(
  tx: Tx,
  of: { assignmentId: string; by: string; swapId?: string; now: Date },
): Promise<TalksStanding> {
  const assignment = await tx.assignment.findUniqueOrThrow({
    where: { id: of.assignmentId },
    include: {
      teams: { orderBy: { id: "asc" }, include: { members: { select: { userId: true } } } },
      talks: { orderBy: { teamId: "asc" } },
    },
  });
  const { courseId, teamMin: min, teamMax: max, teamAcrossSections: acrossSections } = assignment;
  const [classes, papers, enrollment, swaps] = await Promise.all([
    tx.classMeeting.findMany({
      where: { courseId, talkPlaces: { not: null } },
      orderBy: { startsAt: "asc" },
      select: { id: true, talkPlaces: true, startsAt: true },
    }),
    tx.paper.findMany({ where: { courseId }, orderBy: { position: "asc" } }),
    tx.enrollment.findUnique({ where: { courseId_userId: { courseId, userId: of.by } } }),
    tx.talkSwap.findMany({
      where: {
        from: { assignmentId: of.assignmentId },
        OR: [{ end: null }, ...(of.swapId === undefined ? [] : [{ id: of.swapId }])],
      },
      orderBy: { id: "asc" },
    }),
  ]);
  return {
    assignment: assignment.title,
    rules: min === null || max === null ? null : { min, max, acrossSections },
    role: enrollment?.role ?? null,
    published: assignment.talksPublishedAt !== null,
    days: classes.map(({ id, talkPlaces, startsAt }) => ({
      ...{ day: id, places: talkPlaces ?? 0, begun: startsAt <= of.now },
    })),
    papers: papers.map(({ id, kind, title }) => ({ id, kind, title })),
    teams: assignment.teams.map(({ id, members }) => ({ id, members: members.map(({ userId }) => userId) })),
    talks: assignment.talks.map(standingTalk),
    swaps: swaps.map(({ id, fromTeamId, toTeamId, end }) => ({ id, fromTeamId, toTeamId, end })),
  };
}

type TalkRow = Awaited<ReturnType<Tx["talk"]["findMany"]>>[number];

export function standingTalk({ classId, position, wishes, ...row }: TalkRow): StandingTalk {
  const { teamId, kind, title, paperId, link, summary, state } = row;
  const read = storedWishes.read(wishes);
  return {
    ...{ teamId, kind, title, paperId, link, summary, state },
    wishes: read.outcome === "read" ? read.value : { preferences: [], blackouts: [] },
    place: classId === null || position === null ? null : { day: classId, position },
  };
}

interface Writer {
  assignmentId: string;
  by: string;
  now: Date;
}

async function doWrite(tx: Tx, { assignmentId, by, now }: Writer, write: TalkWrite): Promise<void> {
  switch (write.type) {
    case "found": {
      const { teamId, userId } = write;
      await tx.team.create({ data: { id: teamId, assignmentId, createdAt: now } });
      await tx.teamMember.create({ data: { teamId, assignmentId, userId, joinedAt: now } });
      return;
    }
    case "propose": {
      const { teamId, proposal } = write;
      const said = { ...proposal, state: "proposed" as const, proposedAt: now };
      const wishes = storedWishes.write({ preferences: [], blackouts: [] });
      await tx.talk.upsert({
        where: { teamId },
        create: { teamId, assignmentId, wishes, ...said },
        update: said,
      });
      return;
    }
    case "judge":
      await tx.talk.update({ where: { teamId: write.teamId }, data: { state: write.state } });
      return;
    case "wish": {
      const wishes = storedWishes.write(write.wishes);
      await tx.talk.update({ where: { teamId: write.teamId }, data: { wishes } });
      return;
    }
    case "comment": {
      const { teamId, text } = write;
      await tx.talkComment.create({ data: { id: newId("tcm", now), teamId, userId: by, text, at: now } });
      return;
    }
    case "place":
      await move(tx, write.places);
      return;
    case "publish":
      await tx.assignment.update({
        where: { id: assignmentId },
        data: { talksPublishedAt: write.published ? now : null },
      });
      return;
    case "ask-swap": {
      const { swapId: id, fromTeamId, toTeamId } = write;
      await tx.talkSwap.create({ data: { id, fromTeamId, toTeamId, askedById: by, createdAt: now } });
      return;
    }
    case "end-swap":
      await tx.talkSwap.update({ where: { id: write.swapId }, data: { end: write.end } });
  }
}

/** Everybody leaves first, so that no place is two talks' on the way. */
async function move(tx: Tx, places: Extract<TalkWrite, { type: "place" }>["places"]): Promise<void> {
  const teamIds = places.map(({ teamId }) => teamId);
  await tx.talk.updateMany({ where: { teamId: { in: teamIds } }, data: { classId: null, position: null } });
  for (const { teamId, place } of places) {
    if (place === null) continue;
    const { day: classId, position } = place;
    await tx.talk.update({ where: { teamId }, data: { classId, position } });
  }
}
