/** How many hand in an assignment together, as course.yaml says. */
export interface TeamRules {
  min: number;
  max: number;
  /** Whether students of different sections may be in one team. */
  acrossSections: boolean;
}

/** Somebody whom an act is about, at this moment. */
export interface TeamPerson {
  userId: string;
  name: string;
  /** In the assignment's course; null: not, or no longer, enrolled. */
  role: "student" | "ta" | "instructor" | null;
  section: string | null;
  /** Something of the assignment, in no team. */
  handedInAlone: boolean;
}

export interface StandingTeam {
  id: string;
  /** By its first submission; staff unlock it. */
  locked: boolean;
  /** Whether anything was ever handed in by it. */
  handedIn: boolean;
  /** In the order in which they joined. */
  members: readonly string[];
}

export type InvitationEnd = "accepted" | "declined" | "withdrawn";

export interface StandingInvitation {
  id: string;
  teamId: string;
  userId: string;
  invitedById: string;
  /** null: open. */
  end: InvitationEnd | null;
}

/** All teams of one assignment, with everybody who is in one or whom the act is about. */
export interface TeamsStanding {
  /** As pages say it. */
  assignment: string;
  /** null: everybody hands it in alone. */
  rules: TeamRules | null;
  people: readonly TeamPerson[];
  teams: readonly StandingTeam[];
  /** Every open one, and the one that the act is about. */
  invitations: readonly StandingInvitation[];
}

export type TeamWrite =
  | { type: "found"; teamId: string }
  | { type: "join" | "leave"; teamId: string; userId: string }
  /** Nobody is left in it and nothing was handed in by it; its invitations go with it. */
  | { type: "dissolve"; teamId: string }
  | { type: "unlock"; teamId: string }
  | { type: "invite"; invitationId: string; teamId: string; userId: string; invitedById: string }
  | { type: "end-invitation"; invitationId: string; end: InvitationEnd };

export const teamOf = ({ teams }: TeamsStanding, userId: string): StandingTeam | null =>
  teams.find(({ members }) => members.includes(userId)) ?? null;

export const personOf = ({ people }: TeamsStanding, userId: string): TeamPerson | null =>
  people.find((one) => one.userId === userId) ?? null;

/**
 * Somebody alone in a team that others may still join has not decided yet: only whoever shares a team, or has handed
 * in by one, is taken.
 */
export const isTaken = (team: StandingTeam | null): boolean =>
  team !== null && (team.members.length > 1 || team.locked || team.handedIn);

/** What the standing is after these writes; what the store does to the rows. */
export function afterWrites(standing: TeamsStanding, writes: readonly TeamWrite[]): TeamsStanding {
  return writes.reduce(afterWrite, standing);
}

function afterWrite(standing: TeamsStanding, write: TeamWrite): TeamsStanding {
  const { teams, invitations } = standing;
  const change = (teamId: string, with_: (team: StandingTeam) => StandingTeam) => ({
    ...standing,
    teams: teams.map((team) => (team.id === teamId ? with_(team) : team)),
  });
  switch (write.type) {
    case "found": {
      const team = { id: write.teamId, locked: false, handedIn: false, members: [] };
      return { ...standing, teams: [...teams, team] };
    }
    case "join":
      return change(write.teamId, (team) => ({ ...team, members: [...team.members, write.userId] }));
    case "leave":
      return change(write.teamId, (team) => ({
        ...team,
        members: team.members.filter((userId) => userId !== write.userId),
      }));
    case "unlock":
      return change(write.teamId, (team) => ({ ...team, locked: false }));
    case "dissolve":
      return {
        ...standing,
        teams: teams.filter(({ id }) => id !== write.teamId),
        invitations: invitations.filter(({ teamId }) => teamId !== write.teamId),
      };
    case "invite": {
      const { invitationId: id, teamId, userId, invitedById } = write;
      return { ...standing, invitations: [...invitations, { id, teamId, userId, invitedById, end: null }] };
    }
    case "end-invitation":
      return {
        ...standing,
        invitations: invitations.map((one) =>
          one.id === write.invitationId ? { ...one, end: write.end } : one,
        ),
      };
  }
}
