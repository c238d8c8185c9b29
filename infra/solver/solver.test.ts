import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { clashesOf, costOfPlan, type Plan, type Talk, type TalkDay } from "#course/presentations/plan.ts";
import { proposePlan } from "#course/presentations/propose-plan.ts";
import { allocateReviews } from "#course/reviews/allocate-reviews.ts";
import { createSolver, solverThread } from "./solver.ts";

const solve = createSolver(solverThread(false));

describe("a proposed plan of presentations", () => {
  const [first, second, third] = ["2024-11-26", "2024-12-03", "2024-12-05"] as const;
  const days = [
    { day: first, places: 4 },
    { day: second, places: 1 },
    { day: third, places: 4 },
  ];
  const team = (number: number, kind: Talk["kind"], day: string): Talk => ({
    ...{ teamId: `team ${number}`, kind, preferences: [day], blackouts: [] },
  });

  it("gives nine teams the order of the course's own nine", async () => {
    const talks = [
      ...[
        team(1, "paper", first),
        team(2, "paper", first),
        team(3, "technology", first),
        team(4, "paper", first),
      ],
      team(5, "technology", second),
      ...[
        team(6, "paper", third),
        team(7, "technology", third),
        team(8, "paper", third),
        team(9, "paper", third),
      ],
    ];
    const plan = (await proposePlan(talks, days, solve)) as Plan;
    expect(clashesOf(plan, talks, days)).toEqual([]);
    expect([...plan].map(([id, { day, position }]) => `${id} ${day} ${position}`)).toEqual([
      ...["team 1 2024-11-26 1", "team 2 2024-11-26 2", "team 3 2024-11-26 3", "team 4 2024-11-26 4"],
      ...["team 5 2024-12-03 1"],
      ...["team 6 2024-12-05 1", "team 7 2024-12-05 2", "team 8 2024-12-05 3", "team 9 2024-12-05 4"],
    ]);
  });

  it("names who has no place, and on which day somebody cannot, where there is no other way", async () => {
    const talks = [1, 2, 3].map((number) => team(number, "paper", second));
    const one = (await proposePlan(talks, [{ day: second, places: 2 }], solve)) as Plan;
    expect(clashesOf(one, talks, [{ day: second, places: 2 }])).toMatchObject([{ clash: "no-place" }]);
    const cannot = [{ ...team(1, "paper", first), blackouts: [second] }];
    const two = (await proposePlan(cannot, [{ day: second, places: 1 }], solve)) as Plan;
    expect(clashesOf(two, cannot, [{ day: second, places: 1 }])).toEqual([
      { clash: "blackout", teamId: "team 1", day: second },
    ]);
  });

  it("costs no more than any other plan", async () => {
    const some = fc.subarray(["a", "b"]);
    const talk = fc.record({
      kind: fc.constantFrom("paper" as const, "technology" as const),
      preferences: some,
      blackouts: some,
    });
    const places = fc.integer({ min: 0, max: 2 });
    await fc.assert(
      fc.asyncProperty(fc.array(talk, { minLength: 1, maxLength: 4 }), places, places, async (made, a, b) => {
        const talks = made.map((one, index) => ({ ...one, teamId: `t${index}` }));
        const few: TalkDay[] = [
          { day: "a", places: a },
          { day: "b", places: b },
        ];
        const plan = (await proposePlan(talks, few, solve)) as Plan;
        const best = Math.min(...everyPlan(talks, few).map((other) => costOfPlan(other, talks, few)));
        expect(costOfPlan(plan, talks, few)).toBe(best);
        expect(
          clashesOf(plan, talks, few).some(({ clash }) => clash === "taken" || clash === "no-such-place"),
        ).toBe(false);
      }),
      { numRuns: 12 },
    );
  });
});

/** All ways to give talks places, or none. */
function everyPlan(talks: readonly Talk[], days: readonly TalkDay[]): Plan[] {
  const places = days.flatMap(({ day, places: most }) =>
    Array.from({ length: most }, (_, index) => ({ day, position: index + 1 })),
  );
  return talks.reduce<Plan[]>(
    (plans, { teamId }) =>
      plans.flatMap((plan) => [
        plan,
        ...places
          .filter((place) => ![...plan.values()].includes(place))
          .map((place) => new Map([...plan, [teamId, place]])),
      ]),
    [new Map()],
  );
}

describe("an allocation of reviews", () => {
  const reviewers = (count: number, writes: number) =>
    Array.from({ length: count }, (_, index) => ({ userId: `u${index}`, writes }));

  it("gives each their number, nobody their own, and every presentation as many, or one more or less", async () => {
    const reviewed = Array.from({ length: 9 }, (_, index) => ({
      teamId: `t${index}`,
      members: [`u${index}`],
    }));
    const outcome = await allocateReviews(reviewers(20, 4), reviewed, { solve, random: Math.random });
    if (outcome.outcome !== "allocated") throw new Error(outcome.outcome);
    const { allocations } = outcome;
    for (const { userId } of reviewers(20, 4)) {
      const own = allocations.filter((one) => one.userId === userId).map(({ teamId }) => teamId);
      expect(new Set(own).size).toBe(4);
      expect(own).not.toContain(userId.replace("u", "t"));
    }
    const loads = reviewed.map(({ teamId }) => allocations.filter((one) => one.teamId === teamId).length);
    expect(Math.max(...loads)).toBeLessThanOrEqual(9);
    expect(Math.min(...loads)).toBeGreaterThanOrEqual(8);
  });

  it("says who is to review more than there is of others", async () => {
    const reviewed = [{ teamId: "t0", members: ["u0"] }];
    expect(await allocateReviews(reviewers(1, 1), reviewed, { solve, random: Math.random })).toEqual({
      ...{ outcome: "too-few", userId: "u0", writes: 1, others: 0 },
    });
  });
});

describe("the solver", () => {
  it("says that there is no answer, and fails at what is no model", async () => {
    expect(await solve("Minimize\n obj: + 1 c1\nSubject To\n r0: + c1 >= 2\nBinary\n c1\nEnd\n")).toBeNull();
    await expect(
      solve("no model").then((answer) => answer ?? Promise.reject(new Error("none"))),
    ).rejects.toThrow();
  });
});
