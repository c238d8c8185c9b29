import { clashesOf, type Plan, type TalkPlace } from "./plan.ts";
import { plannedTalks, planOf } from "./planned-talks.ts";
import { comment, endedByMoves, refused, type TalkDecision } from "./student-talk-acts.ts";
import { type TalksStanding, type TalkWrite, talkOf } from "./talk-standing.ts";

export type StaffTalkAct =
  | { type: "approve"; teamId: string }
  | { type: "return"; teamId: string; text: string }
  | { type: "comment"; teamId: string; text: string }
  /** Of every team that has a place; teams that are not in it have none. */
  | { type: "plan"; places: { teamId: string; place: TalkPlace }[] }
  | { type: "publish" | "unpublish" };

/** What staff do about the presentations of an assignment. */
export function decideStaffTalkAct(standing: TalksStanding, act: StaffTalkAct): TalkDecision {
  if (standing.role !== "ta" && standing.role !== "instructor") return refused("not-staff");
  switch (act.type) {
    case "plan":
      return plan(standing, new Map(act.places.map(({ teamId, place }) => [teamId, place])));
    case "publish": {
      const clashes = clashesOf(planOf(standing.talks), plannedTalks(standing.talks), standing.days);
      if (clashes.length > 0) return refused("plan-incomplete");
      return { outcome: "done", writes: [{ type: "publish", published: true }] };
    }
    case "unpublish":
      return { outcome: "done", writes: [{ type: "publish", published: false }] };
    default: {
      const talk = talkOf(standing, act.teamId);
      return talk === null ? refused("no-talk") : judge(standing, act);
    }
  }
}

function judge(
  standing: TalksStanding,
  act: Extract<StaffTalkAct, { type: "approve" | "return" | "comment" }>,
): TalkDecision {
  const { teamId } = act;
  if (act.type === "approve") {
    return { outcome: "done", writes: [{ type: "judge", teamId, state: "approved" }] };
  }
  if (act.type === "comment") return comment(teamId, act.text);
  if (act.text.trim() === "") return refused("reason-missing");
  const said = comment(teamId, act.text);
  if (said.outcome === "refused") return said;
  // What is no talk for now takes no place.
  const places = talkOf(standing, teamId)?.place ? [{ teamId, place: null }] : [];
  const freed: TalkWrite[] =
    places.length === 0 ? [] : [...endedByMoves(standing, places), { type: "place", places }];
  return {
    outcome: "done",
    writes: [{ type: "judge", teamId, state: "returned" }, ...said.writes, ...freed],
  };
}

/** A plan may leave talks without a place while it is made; what else clashes is never saved. */
function plan(standing: TalksStanding, wanted: Plan): TalkDecision {
  const talks = plannedTalks(standing.talks);
  if ([...wanted.keys()].some((teamId) => !talks.some((talk) => talk.teamId === teamId))) {
    return refused("no-talk");
  }
  const bad = clashesOf(wanted, talks, standing.days).filter(({ clash }) => clash !== "no-place");
  if (bad.length > 0) return refused("plan-clashes");
  const places = standing.talks
    .map(({ teamId, place: before }) => ({ teamId, before, place: wanted.get(teamId) ?? null }))
    .filter(({ before, place }) => before?.day !== place?.day || before?.position !== place?.position)
    .map(({ teamId, place }) => ({ teamId, place }));
  if (places.length === 0) return { outcome: "done", writes: [] };
  const writes: TalkWrite[] = [...endedByMoves(standing, places), { type: "place", places }];
  // What everybody sees is whole: a plan with gaps is staff's alone until they publish it again.
  const hasGap = talks.some(({ teamId }) => !wanted.has(teamId));
  if (standing.published && hasGap) writes.push({ type: "publish", published: false });
  return { outcome: "done", writes };
}
