import type { TeamRefusal, TeamRefusalCode } from "./team-refusals.ts";
import {
  isTaken,
  personOf,
  type StandingInvitation,
  type StandingTeam,
  type TeamPerson,
  type TeamRules,
  type TeamsStanding,
  type TeamWrite,
  teamOf,
} from "./team-standing.ts";

export type StudentAct =
  | { type: "invite"; userId: string }
  | { type: "accept" | "decline" | "withdraw"; invitationId: string }
  | { type: "leave" };

export type TeamDecision =
  | { outcome: "done"; writes: TeamWrite[] }
  | ({ outcome: "refused" } & TeamRefusal);

/** Ids for what an act makes anew. */
export interface FreshIds {
  team: string;
  invitation: string;
}

/** What a student does about the teams of an assignment; by is the one who asks. */
export function decideStudentAct(
  standing: TeamsStanding,
  act: StudentAct,
  by: string,
  fresh: FreshIds,
): TeamDecision {
  const { rules } = standing;
  if (rules === null) return refused("no-teams");
  const self = personOf(standing, by);
  if (self?.role !== "student") return refused(self?.role ? "not-a-student" : "not-in-course", by);
  switch (act.type) {
    case "invite":
      return invite(standing, rules, self, act.userId, fresh);
    case "accept":
      return accept(standing, rules, self, act.invitationId);
    case "decline":
      return end(standing, act.invitationId, "declined", (one) => one.userId === by);
    case "withdraw":
      return end(standing, act.invitationId, "withdrawn", (one) => teamOf(standing, by)?.id === one.teamId);
    case "leave":
      return leave(standing, by);
  }
}

/** The first invitation of somebody who is in no team makes the team that they invite to. */
function invite(
  standing: TeamsStanding,
  rules: TeamRules,
  self: TeamPerson,
  userId: string,
  fresh: FreshIds,
): TeamDecision {
  if (userId === self.userId) return refused("oneself");
  const own = teamOf(standing, self.userId);
  if (own?.locked) return refused("locked");
  if (own === null && self.handedInAlone) return refused("you-handed-in-alone");
  const other = personOf(standing, userId);
  const unfit = whyNotStudent(other, userId);
  if (unfit !== null) return unfit;
  const theirs = teamOf(standing, userId);
  if (theirs !== null && theirs.id === own?.id) return refused("in-this-team", userId);
  if (isTaken(theirs)) return refused("in-another-team", userId);
  if (theirs === null && other?.handedInAlone) return refused("handed-in-alone", userId);
  if ((own?.members.length ?? 1) >= rules.max) return refused("team-full");
  const open = standing.invitations.some(
    (one) => one.end === null && one.teamId === own?.id && one.userId === userId,
  );
  if (open) return refused("invited-already", userId);
  const members = own?.members ?? [self.userId];
  if (crossesSections(standing, rules, other, members)) return refused("other-section", userId);
  const teamId = own?.id ?? fresh.team;
  const founding: TeamWrite[] =
    own === null
      ? [
          { type: "found", teamId },
          { type: "join", teamId, userId: self.userId },
        ]
      : [];
  const invitation = { invitationId: fresh.invitation, teamId, userId, invitedById: self.userId };
  return { outcome: "done", writes: [...founding, { type: "invite", ...invitation }] };
}

function accept(
  standing: TeamsStanding,
  rules: TeamRules,
  self: TeamPerson,
  invitationId: string,
): TeamDecision {
  const invitation = findOpen(standing, invitationId);
  const team = standing.teams.find(({ id }) => id === invitation?.teamId);
  if (invitation?.userId !== self.userId || team === undefined) return refused("invitation-over");
  const own = teamOf(standing, self.userId);
  if (isTaken(own)) return refused("in-a-team");
  if (own === null && self.handedInAlone) return refused("you-handed-in-alone");
  if (team.locked) return refused("locked");
  if (team.members.length >= rules.max) return refused("team-full");
  if (crossesSections(standing, rules, self, team.members)) return refused("you-other-section");
  return {
    outcome: "done",
    writes: [
      // The team that they began themselves, and in which nobody else is.
      ...(own === null ? [] : goFrom(own, self.userId)),
      { type: "end-invitation", invitationId, end: "accepted" },
      { type: "join", teamId: team.id, userId: self.userId },
    ],
  };
}

function end(
  standing: TeamsStanding,
  invitationId: string,
  how: "declined" | "withdrawn",
  isTheirs: (invitation: StandingInvitation) => boolean,
): TeamDecision {
  const invitation = findOpen(standing, invitationId);
  if (invitation === undefined || !isTheirs(invitation)) return refused("invitation-over");
  return { outcome: "done", writes: [{ type: "end-invitation", invitationId, end: how }] };
}

function leave(standing: TeamsStanding, by: string): TeamDecision {
  const own = teamOf(standing, by);
  if (own === null) return refused("not-your-team");
  if (own.locked) return refused("locked");
  return { outcome: "done", writes: goFrom(own, by) };
}

/** Out of a team, and the team with its last member, unless something was handed in by it. */
export function goFrom(team: StandingTeam, userId: string): TeamWrite[] {
  const going: TeamWrite[] = [{ type: "leave", teamId: team.id, userId }];
  const isLast = team.members.length === 1 && !team.handedIn;
  return isLast ? [...going, { type: "dissolve", teamId: team.id }] : going;
}

/** Why nobody may be put into a team whoever asks; null when this is a student of the course. */
export function whyNotStudent(person: TeamPerson | null, userId: string): TeamDecision | null {
  if (person === null || person.role === null) return refused("not-in-course", userId);
  return person.role === "student" ? null : refused("not-a-student", userId);
}

function crossesSections(
  standing: TeamsStanding,
  { acrossSections }: TeamRules,
  newcomer: TeamPerson | null,
  members: readonly string[],
): boolean {
  if (acrossSections) return false;
  return members.some((userId) => personOf(standing, userId)?.section !== newcomer?.section);
}

const findOpen = ({ invitations }: TeamsStanding, invitationId: string) =>
  invitations.find(({ id, end: how }) => id === invitationId && how === null);

export const refused = (code: TeamRefusalCode, about: string | null = null): TeamDecision => ({
  ...{ outcome: "refused", code, about },
});
