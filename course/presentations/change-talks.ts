import { decideStaffTalkAct, type StaffTalkAct } from "./staff-talk-acts.ts";
import {
  decideStudentTalkAct,
  type FreshTalkIds,
  type StudentTalkAct,
  type TalkDecision,
} from "./student-talk-acts.ts";
import { sayTalkRefusal, type TalkRefusalCode } from "./talk-refusals.ts";
import type { TalksStanding } from "./talk-standing.ts";

export interface TalkPorts {
  store: {
    /**
     * One transaction under the lock of the assignment's teams: shows `decide` how its talks stand, and does what it
     * decided, or nothing at all. swapId: one that the act is about.
     */
    change(
      of: { assignmentId: string; by: string; swapId?: string },
      decide: (standing: TalksStanding, fresh: FreshTalkIds) => TalkDecision,
      /** Of staff; null: nothing that is audited. */
      action: string | null,
    ): Promise<{ decision: TalkDecision; standing: TalksStanding }>;
  };
}

export type TalkOutcome =
  | { outcome: "done" }
  | { outcome: "refused"; code: TalkRefusalCode; message: string };

/** A student proposes, says when they can, comments, or changes places with another team. */
export async function changeOwnTalk(
  { store }: TalkPorts,
  { assignmentId, by, act }: { assignmentId: string; by: string; act: StudentTalkAct },
): Promise<TalkOutcome> {
  const of = { assignmentId, by, ...("swapId" in act ? { swapId: act.swapId } : {}) };
  return outcomeOf(
    await store.change(of, (standing, fresh) => decideStudentTalkAct(standing, act, by, fresh), null),
  );
}

/** Staff judge a proposal, or plan who presents when. */
export async function changeTalks(
  { store }: TalkPorts,
  { assignmentId, by, act }: { assignmentId: string; by: string; act: StaffTalkAct },
): Promise<TalkOutcome> {
  const action = act.type === "comment" ? null : `talk.${act.type}`;
  return outcomeOf(
    await store.change({ assignmentId, by }, (standing) => decideStaffTalkAct(standing, act), action),
  );
}

function outcomeOf(changed: { decision: TalkDecision; standing: TalksStanding }): TalkOutcome {
  const { decision, standing } = changed;
  if (decision.outcome === "done") return { outcome: "done" };
  const said = { assignment: standing.assignment, min: standing.rules?.min ?? 1 };
  return { ...decision, message: sayTalkRefusal(decision.code, said) };
}
