import { createModel, isChosen, type Solve, type Variable } from "../optimization/zero-one-model.ts";
import {
  alikeCost,
  noPlaceCost,
  type Plan,
  placeCost,
  type Talk,
  type TalkDay,
  type TalkPlace,
} from "./plan.ts";

/**
 * Earlier teams come earlier where nothing else decides, so that the same talks get the same plan. So small that all of
 * it together never outweighs one pair of a kind.
 */
const orderShare = 0.5;

interface Seat extends TalkPlace {
  teamId: string;
  kind: Talk["kind"];
  variable: Variable;
}

/**
 * A plan of the least cost (costOfPlan) for these talks, in the order in which their teams were formed. Where there are
 * not places enough, teams are left without, and where there is no other way a team has a day on which it cannot:
 * clashesOf names both. null: no plan was found in time.
 */
export async function proposePlan(
  talks: readonly Talk[],
  days: readonly TalkDay[],
  solve: Solve,
): Promise<Plan | null> {
  if (talks.length === 0) return new Map();
  const model = createModel();
  const total = days.reduce((sum, { places }) => sum + places, 0);
  const step = orderShare / (talks.length * Math.max(talks.length, 1) * Math.max(total, 1));
  const seats: Seat[] = talks.flatMap((talk, index) =>
    days.flatMap(({ day, places }) =>
      positions(places).map((position) => ({
        ...{ teamId: talk.teamId, kind: talk.kind, day, position },
        // Sorted ascending when later teams earn more by later positions.
        variable: model.choice(placeCost(talk, day) - step * index * position),
      })),
    ),
  );
  for (const { teamId } of talks) {
    const own = seats.filter((seat) => seat.teamId === teamId).map(({ variable }) => variable);
    model.exactly([...own, model.choice(noPlaceCost)], 1);
  }
  for (const { day, places } of days) {
    const at = (position: number) => seats.filter((seat) => seat.day === day && seat.position === position);
    for (const position of positions(places)) {
      model.atMost(
        at(position).map(({ variable }) => variable),
        1,
      );
      if (position === places) continue;
      for (const kind of ["paper", "technology"] as const) {
        const pair = [...at(position), ...at(position + 1)].filter((seat) => seat.kind === kind);
        if (pair.length < 2) continue;
        const alike = model.amount(alikeCost);
        model.atMost([...pair.map(({ variable }) => variable), [-1, alike]], 1);
      }
    }
  }
  const answer = await solve(model.text());
  if (answer === null) return null;
  return new Map(
    seats
      .filter(({ variable }) => isChosen(answer, variable))
      .map(({ teamId, day, position }) => [teamId, { day, position }]),
  );
}

const positions = (places: number) => Array.from({ length: places }, (_, index) => index + 1);
