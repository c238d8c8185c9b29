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
      audit: { action: string; reason: string } | null,
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

/** Of acts that give none of their own. */
const reasons = {
  approve: "The proposal was approved.",
  comment: "",
  plan: "The plan was saved.",
  publish: "The plan was published.",
  unpublish: "The plan was taken back from students.",
} as const;

/** Staff judge a proposal, or plan who presents when. */
export async function changeTalks(
  { store }: TalkPorts,
  { assignmentId, by, act }: { assignmentId: string; by: string; act: StaffTalkAct },
): Promise<TalkOutcome> {
  const reason = act.type === "return" ? act.text.trim().slice(0, 500) : reasons[act.type];
  const audit = act.type === "comment" ? null : { action: `talk.${act.type}`, reason };
  return outcomeOf(
    await store.change({ assignmentId, by }, (standing) => decideStaffTalkAct(standing, act), audit),
  );
}

function outcomeOf(changed: { decision: TalkDecision; standing: TalksStanding }): TalkOutcome {
  const { decision, standing } = changed;
  if (decision.outcome === "done") return { outcome: "done" };
  const said = { assignment: standing.assignment, min: standing.rules?.min ?? 1 };
  return { ...decision, message: sayTalkRefusal(decision.code, said) };
}
