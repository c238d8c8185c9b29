import { createModel, isChosen, type Solve, type Variable } from "../optimization/zero-one-model.ts";

export interface Reviewer {
  userId: string;
  /** How many they write. */
  writes: number;
}

export interface Reviewed {
  teamId: string;
  /** Nobody reviews their own. */
  members: readonly string[];
}

export interface Allocation {
  userId: string;
  teamId: string;
}

export type AllocationOutcome =
  | { outcome: "allocated"; allocations: Allocation[] }
  /** There are not so many presentations of others as somebody is to review. */
  | { outcome: "too-few"; userId: string; writes: number; others: number }
  | { outcome: "no-answer" };

/** Of so many presentations a reviewer is offered some at random: to weigh all of a large class takes too long. */
const offered = 12;

/**
 * Who reviews what: as many as each is to write, never their own, and each presentation as often as any other, or once
 * more or less. random: numbers from 0 to below 1, so that nobody can tell from a list who reviews whom. kept: what stays
 * as it is.
 */
export async function allocateReviews(
  reviewers: readonly Reviewer[],
  reviewed: readonly Reviewed[],
  { solve, random, kept = [] }: { solve: Solve; random: () => number; kept?: readonly Allocation[] },
): Promise<AllocationOutcome> {
  for (const { userId, writes } of reviewers) {
    const others = reviewed.filter(({ members }) => !members.includes(userId)).length;
    if (others < writes) return { outcome: "too-few", userId, writes, others };
  }
  const total = reviewers.reduce((sum, { writes }) => sum + writes, 0);
  if (total === 0) return { outcome: "allocated", allocations: [] };
  const model = createModel();
  const pairs: (Allocation & { variable: Variable })[] = reviewers.flatMap(({ userId, writes }) => {
    const others = reviewed.filter(({ members }) => !members.includes(userId));
    const own = (teamId: string) => kept.some((one) => one.userId === userId && one.teamId === teamId);
    const some = [
      ...others.filter(({ teamId }) => own(teamId)),
      ...shuffled(
        others.filter(({ teamId }) => !own(teamId)),
        random,
      ).slice(0, Math.max(offered, 3 * writes)),
    ];
    // Among equals chance decides.
    return some.map(({ teamId }) => ({ userId, teamId, variable: model.choice(random() / 1000) }));
  });
  for (const { userId, writes } of reviewers) {
    model.exactly(
      pairs.filter((pair) => pair.userId === userId).map(({ variable }) => variable),
      writes,
    );
  }
  for (const { userId, teamId, variable } of pairs) {
    if (kept.some((one) => one.userId === userId && one.teamId === teamId)) model.exactly([variable], 1);
  }
  const even = total / reviewed.length;
  for (const { teamId } of reviewed) {
    const own = pairs.filter((pair) => pair.teamId === teamId).map(({ variable }) => variable);
    const [over, under] = [model.amount(1), model.amount(1)];
    model.atMost([...own, [-1, over]], Math.ceil(even));
    model.atLeast([...own, under], Math.floor(even));
  }
  const answer = await solve(model.text());
  if (answer === null) return { outcome: "no-answer" };
  const chosen = pairs.filter(({ variable }) => isChosen(answer, variable));
  return {
    outcome: "allocated",
    allocations: shuffled(chosen, random).map(({ userId, teamId }) => ({ userId, teamId })),
  };
}

/** In an order of chance alone. */
function shuffled<Item>(items: readonly Item[], random: () => number): Item[] {
  return items
    .map((item) => ({ item, at: random() }))
    .sort((a, b) => a.at - b.at)
    .map(({ item }) => item);
}
