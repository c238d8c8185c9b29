import { checkReason } from "../check-reason.ts";
import { decideStaffAct, type StaffAct } from "./staff-acts.ts";
import { decideStudentAct, type FreshIds, type StudentAct, type TeamDecision } from "./student-acts.ts";
import { sayTeamRefusal, type TeamRefusal } from "./team-refusals.ts";
import { personOf, type TeamsStanding } from "./team-standing.ts";

/** Who, what, why; the store adds when, and who was in the team before and after. */
export interface TeamAudit {
  by: string;
  action: "team.member-added" | "team.member-removed" | "team.unlocked";
  /** null: the one that was made. */
  teamId: string | null;
  userId: string | null;
  reason: string;
}

export interface TeamPorts {
  store: {
    /**
     * One transaction under the lock of the assignment's teams: shows `decide` how they stand, with the people and
     * the invitation that the act names, and does what it decided, or nothing at all.
     */
    change(
      of: { assignmentId: string; people: string[]; invitationId?: string },
      decide: (standing: TeamsStanding, fresh: FreshIds) => TeamDecision,
      audit: TeamAudit | null,
    ): Promise<{ decision: TeamDecision; standing: TeamsStanding }>;
  };
}

export type TeamOutcome = { outcome: "done" } | ({ outcome: "refused"; message: string } & TeamRefusal);

/** A student invites, accepts, declines, withdraws or leaves. */
export async function changeOwnTeam(
  ports: TeamPorts,
  { assignmentId, by, act }: { assignmentId: string; by: string; act: StudentAct },
): Promise<TeamOutcome> {
  const people = act.type === "invite" ? [by, act.userId] : [by];
  const of = { assignmentId, people, ...("invitationId" in act ? act : {}) };
  const decide = (standing: TeamsStanding, fresh: FreshIds) => decideStudentAct(standing, act, by, fresh);
  return outcomeOf(await ports.store.change(of, decide, null));
}

const actions = {
  add: "team.member-added",
  remove: "team.member-removed",
  unlock: "team.unlocked",
} as const;

/** Staff put a team right, with a reason for the audit. */
export async function fixTeam(
  ports: TeamPorts,
  { assignmentId, by, act, ...given }: { assignmentId: string; by: string; act: StaffAct; reason: string },
): Promise<TeamOutcome | { outcome: "no-reason"; message: string }> {
  const why = checkReason(given.reason);
  if ("message" in why) return { outcome: "no-reason", message: why.message };
  const userId = act.type === "unlock" ? null : act.userId;
  const decide = (standing: TeamsStanding, fresh: FreshIds) => decideStaffAct(standing, act, fresh);
  const audit = { by, action: actions[act.type], teamId: act.teamId, userId, ...why };
  const of = { assignmentId, people: userId === null ? [] : [userId] };
  return outcomeOf(await ports.store.change(of, decide, audit));
}

function outcomeOf(changed: { decision: TeamDecision; standing: TeamsStanding }): TeamOutcome {
  const { decision, standing } = changed;
  if (decision.outcome === "done") return { outcome: "done" };
  const name = decision.about === null ? null : (personOf(standing, decision.about)?.name ?? null);
  return { ...decision, message: sayTeamRefusal(decision.code, { ...standing, name }) };
}
