/** One team's presentation. */
export interface Talk {
  teamId: string;
  kind: "paper" | "technology";
  /** Days in the order in which the team likes them, the best first. */
  preferences: readonly string[];
  /** Days on which it cannot. */
  blackouts: readonly string[];
}

/** A day of presentations. */
export interface TalkDay {
  /** Of the course's calendar, such as 2024-11-26. */
  day: string;
  /** How many talks it holds. */
  places: number;
}

/** position: from 1. */
export interface TalkPlace {
  day: string;
  position: number;
}

/** A place as forms send it and plans are told apart by: "<day> <position>"; empty: none. */
export const writePlace = (place: TalkPlace | null): string =>
  place === null ? "" : `${place.day} ${place.position}`;

/** The same read; what is no place of any day is for clashesOf to say. */
export function readPlace(text: string): TalkPlace | null {
  const [day = "", position = ""] = text.split(" ");
  return day === "" ? null : { day, position: Number(position) };
}

/** Where each team presents, by its id; a team that has no place is not in it. */
export type Plan = ReadonlyMap<string, TalkPlace>;

export type Clash =
  | { clash: "no-place"; teamId: string }
  | { clash: "no-such-place"; teamId: string; place: TalkPlace }
  | { clash: "blackout"; teamId: string; day: string }
  | { clash: "taken"; teamIds: string[]; place: TalkPlace };

/** What is wrong with a plan, in the order of the talks. Plans are only ever published without. */
export function clashesOf(plan: Plan, talks: readonly Talk[], days: readonly TalkDay[]): Clash[] {
  const takers = new Map<string, string[]>();
  for (const { teamId } of talks) {
    const place = plan.get(teamId);
    if (place === undefined) continue;
    const key = writePlace(place);
    takers.set(key, [...(takers.get(key) ?? []), teamId]);
  }
  return talks.flatMap(({ teamId, blackouts }): Clash[] => {
    const place = plan.get(teamId);
    if (place === undefined) return [{ clash: "no-place", teamId }];
    const clashes: Clash[] = [];
    const day = days.find((one) => one.day === place.day);
    if (day === undefined || place.position < 1 || place.position > day.places) {
      clashes.push({ clash: "no-such-place", teamId, place });
    }
    if (blackouts.includes(place.day)) clashes.push({ clash: "blackout", teamId, day: place.day });
    const teamIds = takers.get(writePlace(place)) ?? [];
    if (teamIds.length > 1 && teamIds[0] === teamId) clashes.push({ clash: "taken", teamIds, place });
    return clashes;
  });
}

/** What a proposal avoids, by how much: a rule of a line above is never broken for those below. */
const costs = { noPlace: 100_000, blackout: 5_000, wish: 20, sameKind: 1 } as const;

/** How far a plan is from what everybody likes best; the lower, the better. Only plans of the same talks compare. */
export function costOfPlan(plan: Plan, talks: readonly Talk[], days: readonly TalkDay[]): number {
  let cost = 0;
  for (const talk of talks) {
    const place = plan.get(talk.teamId);
    cost += place === undefined ? costs.noPlace : placeCost(talk, place.day);
  }
  return cost + costs.sameKind * alikeInARow(plan, talks, days);
}

/** What it costs that a team presents on a day. */
export function placeCost({ preferences, blackouts }: Talk, day: string): number {
  const rank = preferences.indexOf(day);
  const wish = rank === -1 ? preferences.length : rank;
  return costs.wish * wish + (blackouts.includes(day) ? costs.blackout : 0);
}

export const noPlaceCost = costs.noPlace;
export const alikeCost = costs.sameKind;

/** How often two talks of a kind follow each other, which listeners would rather have mixed. */
function alikeInARow(plan: Plan, talks: readonly Talk[], days: readonly TalkDay[]): number {
  const kindAt = new Map<string, Talk["kind"]>();
  for (const { teamId, kind } of talks) {
    const place = plan.get(teamId);
    if (place !== undefined) kindAt.set(writePlace(place), kind);
  }
  let alike = 0;
  for (const { day, places } of days) {
    for (let position = 1; position < places; position++) {
      const kind = kindAt.get(writePlace({ day, position }));
      if (kind !== undefined && kind === kindAt.get(writePlace({ day, position: position + 1 }))) alike += 1;
    }
  }
  return alike;
}
