import { link as linkSpec } from "../catalogue/spec-parts.ts";
import type { TalkRefusalCode } from "./talk-refusals.ts";
import {
  ownTeam,
  type Proposal,
  type StandingSwap,
  type TalksStanding,
  type TalkWrite,
  talkOf,
  type Wishes,
} from "./talk-standing.ts";

export type StudentTalkAct =
  | ({ type: "propose" } & Proposal)
  | ({ type: "wish" } & Wishes)
  | { type: "comment"; text: string }
  | { type: "ask-swap"; toTeamId: string }
  | { type: "answer-swap"; swapId: string; accept: boolean }
  | { type: "withdraw-swap"; swapId: string };

export type TalkDecision =
  | { outcome: "done"; writes: TalkWrite[] }
  | { outcome: "refused"; code: TalkRefusalCode };

/** Ids for what an act makes anew. */
export interface FreshTalkIds {
  team: string;
  swap: string;
}

const longest = { title: 200, text: 2_000 } as const;

/** What a student does about their team's presentation; by is the one who asks. */
export function decideStudentTalkAct(
  standing: TalksStanding,
  act: StudentTalkAct,
  by: string,
  fresh: FreshTalkIds,
): TalkDecision {
  if (standing.role !== "student") return refused("not-a-student");
  if (act.type === "propose") return propose(standing, act, by, fresh);
  const talk = talkOf(standing, ownTeam(standing, by)?.id);
  if (talk === null) return refused("not-your-team");
  const { teamId } = talk;
  switch (act.type) {
    case "wish":
      return wish(standing, teamId, act);
    case "comment":
      return comment(teamId, act.text);
    case "ask-swap":
      return askSwap(standing, teamId, act.toTeamId, fresh.swap);
    case "answer-swap":
      return answerSwap(standing, teamId, act);
    case "withdraw-swap":
      return withdrawSwap(standing, teamId, act.swapId);
  }
}

/** Who has no team yet proposes for one of their own, where a team may be of one. */
function propose(
  standing: TalksStanding,
  act: { type: "propose" } & Proposal,
  by: string,
  fresh: FreshTalkIds,
): TalkDecision {
  const own = ownTeam(standing, by);
  const size = own?.members.length ?? 1;
  if (standing.rules !== null && size < standing.rules.min) return refused("no-team");
  const teamId = own?.id ?? fresh.team;
  const paper = standing.papers.find(({ id }) => id === act.paperId) ?? null;
  if (act.paperId !== null && paper === null) return refused("paper-unknown");
  // What is on the list is called as it is there.
  const proposal: Proposal = {
    ...{ paperId: act.paperId, link: act.link?.trim() || null, summary: act.summary.trim() },
    ...(paper === null
      ? { kind: act.kind, title: oneLine(act.title) }
      : { kind: paper.kind, title: paper.title }),
  };
  const wrong = whyWrong(proposal);
  if (wrong !== null) return refused(wrong);
  const title = proposal.title.toLowerCase();
  const isTaken = standing.talks.some(
    (talk) =>
      talk.teamId !== teamId &&
      (talk.title.toLowerCase() === title || (talk.paperId !== null && talk.paperId === proposal.paperId)),
  );
  if (isTaken) return refused("topic-taken");
  const founding: TalkWrite[] = own === null ? [{ type: "found", teamId, userId: by }] : [];
  return { outcome: "done", writes: [...founding, { type: "propose", teamId, proposal }] };
}

function whyWrong({ title, summary, link }: Proposal): TalkRefusalCode | null {
  if (title === "") return "title-missing";
  if (title.length > longest.title) return "title-long";
  if (link !== null && !linkSpec.safeParse(link).success) return "link-wrong";
  if (summary === "") return "summary-missing";
  return summary.length > longest.text ? "summary-long" : null;
}

const oneLine = (text: string) => text.replaceAll(/\s+/g, " ").trim();

function wish(standing: TalksStanding, teamId: string, { preferences, blackouts }: Wishes): TalkDecision {
  const known = new Set(standing.days.map(({ day }) => day));
  if (![...preferences, ...blackouts].every((day) => known.has(day))) return refused("day-unknown");
  const away = new Set(blackouts);
  if (known.size > 0 && [...known].every((day) => away.has(day))) return refused("no-day-left");
  const liked = [...new Set(preferences)].filter((day) => !away.has(day));
  return {
    outcome: "done",
    writes: [{ type: "wish", teamId, wishes: { preferences: liked, blackouts: [...away] } }],
  };
}

/** Of staff and of the team. */
export function comment(teamId: string, given: string): TalkDecision {
  const text = given.trim();
  if (text === "") return refused("comment-missing");
  if (text.length > longest.text) return refused("comment-long");
  return { outcome: "done", writes: [{ type: "comment", teamId, text }] };
}

function askSwap(
  standing: TalksStanding,
  fromTeamId: string,
  toTeamId: string,
  swapId: string,
): TalkDecision {
  if (fromTeamId === toTeamId) return refused("swap-oneself");
  const unfit = whyNoSwap(standing, fromTeamId, toTeamId);
  if (unfit !== null) return refused(unfit);
  const isOpen = standing.swaps.some(
    (swap) => swap.end === null && swap.fromTeamId === fromTeamId && swap.toTeamId === toTeamId,
  );
  if (isOpen) return refused("swap-asked");
  return { outcome: "done", writes: [{ type: "ask-swap", swapId, fromTeamId, toTeamId }] };
}

function whyNoSwap(standing: TalksStanding, ...teamIds: [string, string]): TalkRefusalCode | null {
  const places = teamIds.map((teamId) => talkOf(standing, teamId)?.place ?? null);
  if (!standing.published || places.includes(null)) return "swap-unplanned";
  const isBegun = standing.days.some(({ day, begun }) => begun && places.some((place) => place?.day === day));
  return isBegun ? "swap-begun" : null;
}

/** Both teams agree to it, so neither's wishes are asked again. */
function answerSwap(
  standing: TalksStanding,
  teamId: string,
  { swapId, accept }: { swapId: string; accept: boolean },
): TalkDecision {
  const swap = openSwap(standing, swapId);
  if (swap?.toTeamId !== teamId) return refused("swap-over");
  if (!accept) return { outcome: "done", writes: [{ type: "end-swap", swapId, end: "declined" }] };
  const unfit = whyNoSwap(standing, swap.fromTeamId, teamId);
  if (unfit !== null) return refused(unfit);
  const place = (of: string) => talkOf(standing, of)?.place ?? null;
  const places = [
    { teamId: swap.fromTeamId, place: place(teamId) },
    { teamId, place: place(swap.fromTeamId) },
  ];
  return {
    outcome: "done",
    writes: [
      { type: "end-swap", swapId, end: "accepted" },
      ...endedByMoves(standing, places, swapId),
      { type: "place", places },
    ],
  };
}

/** What was asked of a team, or by it, was asked about the place that it had. */
export function endedByMoves(
  { swaps }: TalksStanding,
  moved: readonly { teamId: string }[],
  except?: string,
): TalkWrite[] {
  const teams = new Set(moved.map(({ teamId }) => teamId));
  return swaps
    .filter((swap) => swap.end === null && swap.id !== except)
    .filter(({ fromTeamId, toTeamId }) => teams.has(fromTeamId) || teams.has(toTeamId))
    .map(({ id }) => ({ type: "end-swap", swapId: id, end: "withdrawn" }));
}

function withdrawSwap(standing: TalksStanding, teamId: string, swapId: string): TalkDecision {
  const swap = openSwap(standing, swapId);
  if (swap?.fromTeamId !== teamId) return refused("swap-over");
  return { outcome: "done", writes: [{ type: "end-swap", swapId, end: "withdrawn" }] };
}

const openSwap = ({ swaps }: TalksStanding, swapId: string): StandingSwap | undefined =>
  swaps.find(({ id, end }) => id === swapId && end === null);

export const refused = (code: TalkRefusalCode): TalkDecision => ({ outcome: "refused", code });
