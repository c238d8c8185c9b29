import type { Plan, Talk } from "./plan.ts";
import type { StandingTalk } from "./talk-standing.ts";

/** The talks that are planned: what staff sent back is no talk yet. */
export const plannedTalks = (talks: readonly StandingTalk[]): Talk[] =>
  talks
    .filter(({ state }) => state !== "returned")
    .map(({ teamId, kind, wishes }) => ({ teamId, kind, ...wishes }));

export const planOf = (talks: readonly StandingTalk[]): Plan =>
  new Map(talks.flatMap(({ teamId, place }) => (place === null ? [] : [[teamId, place] as const])));
