import { z } from "zod";
import { storedKind } from "../stored-json.ts";
import type { InvitationEnd, TeamRules } from "../teams/team-standing.ts";
import type { Talk, TalkDay, TalkPlace } from "./plan.ts";

/** Days by their ids, the best first; and those on which the team cannot. */
export interface Wishes {
  preferences: string[];
  blackouts: string[];
}

const days = z.array(z.string());
export const storedWishes = storedKind("wishes of a talk", z.object({ preferences: days, blackouts: days }));

/** returned: staff ask for another proposal, or a better one. */
export type TalkState = "proposed" | "approved" | "returned";

export interface Proposal {
  kind: Talk["kind"];
  title: string;
  /** Of the course's list; null: another topic. */
  paperId: string | null;
  link: string | null;
  summary: string;
}

export interface StandingTalk extends Proposal {
  teamId: string;
  state: TalkState;
  wishes: Wishes;
  place: TalkPlace | null;
}

export interface StandingSwap {
  id: string;
  fromTeamId: string;
  toTeamId: string;
  /** null: open. */
  end: InvitationEnd | null;
}

/** All talks of one assignment. */
export interface TalksStanding {
  /** As pages say it. */
  assignment: string;
  /** null: everybody presents alone. */
  rules: TeamRules | null;
  /** The role in the course of whoever acts; null: none any more. */
  role: "student" | "ta" | "instructor" | null;
  published: boolean;
  /** In the order of their dates. */
  days: readonly (TalkDay & { begun: boolean })[];
  papers: readonly { id: string; kind: Talk["kind"]; title: string }[];
  /** In the order in which they were formed. */
  teams: readonly { id: string; members: readonly string[] }[];
  /** In the order of their teams. */
  talks: readonly StandingTalk[];
  /** Every open one, and the one that the act is about. */
  swaps: readonly StandingSwap[];
}

export type TalkWrite =
  /** A team of one, of who proposes without having one. */
  | { type: "found"; teamId: string; userId: string }
  | { type: "propose"; teamId: string; proposal: Proposal }
  | { type: "judge"; teamId: string; state: "approved" | "returned" }
  | { type: "wish"; teamId: string; wishes: Wishes }
  | { type: "comment"; teamId: string; text: string }
  /** All at once: nobody is in two places, and no place is two teams', at any moment that others see. */
  | { type: "place"; places: { teamId: string; place: TalkPlace | null }[] }
  | { type: "publish"; published: boolean }
  | { type: "ask-swap"; swapId: string; fromTeamId: string; toTeamId: string }
  | { type: "end-swap"; swapId: string; end: InvitationEnd };

export const talkOf = ({ talks }: TalksStanding, teamId: string | undefined) =>
  talks.find((talk) => talk.teamId === teamId) ?? null;

export const ownTeam = ({ teams }: TalksStanding, userId: string) =>
  teams.find(({ members }) => members.includes(userId)) ?? null;
