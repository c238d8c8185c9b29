import { goFrom, refused, type TeamDecision, whyNotStudent } from "./student-acts.ts";
import { isTaken, personOf, type TeamsStanding, type TeamWrite, teamOf } from "./team-standing.ts";

/** teamId null: a team of their own, to which others can be added. */
export type StaffAct =
  | { type: "add"; userId: string; teamId: string | null }
  | { type: "remove"; userId: string; teamId: string }
  | { type: "unlock"; teamId: string };

/**
 * What staff put right. They pass over what only students are held to: the lock, sections, and work that was handed in
 * alone. What a team is stays: students of the course, no more than the most, nobody in two.
 */
export function decideStaffAct(
  standing: TeamsStanding,
  act: StaffAct,
  fresh: { team: string },
): TeamDecision {
  const { rules, teams } = standing;
  if (rules === null) return refused("no-teams");
  const team = teams.find(({ id }) => id === act.teamId);
  if (team === undefined && act.teamId !== null) return refused("no-such-team");
  if (act.type === "unlock") {
    if (team === undefined) return refused("no-such-team");
    return team.locked ? done([{ type: "unlock", teamId: team.id }]) : refused("not-locked");
  }
  const { userId } = act;
  if (act.type === "remove") {
    if (!team?.members.includes(userId)) return refused("not-in-team", userId);
    return done(goFrom(team, userId));
  }
  const unfit = whyNotStudent(personOf(standing, userId), userId);
  if (unfit !== null) return unfit;
  const theirs = teamOf(standing, userId);
  if (theirs !== null && theirs.id === team?.id) return refused("in-this-team", userId);
  if (theirs !== null && (isTaken(theirs) || team === undefined)) return refused("in-another-team", userId);
  if ((team?.members.length ?? 0) >= rules.max) return refused("team-full");
  const teamId = team?.id ?? fresh.team;
  return done([
    ...(theirs === null ? [] : goFrom(theirs, userId)),
    ...(team === undefined ? [{ type: "found", teamId } as const] : []),
    ...standing.invitations
      .filter((one) => one.end === null && one.teamId === teamId && one.userId === userId)
      .map(({ id }): TeamWrite => ({ type: "end-invitation", invitationId: id, end: "withdrawn" })),
    { type: "join", teamId, userId },
  ]);
}

const done = (writes: TeamWrite[]): TeamDecision => ({ outcome: "done", writes });
