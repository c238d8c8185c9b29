import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { explainAbrupt, explainLost, type LostFacts, lostInWords } from "./explain-lost.ts";
import type { FailedRequest } from "./steady-load.ts";

const failure = (atMs: number, reason: FailedRequest["reason"] = "refused"): FailedRequest => ({
  atMs,
  tookMs: 5,
  reason,
  detail: reason === "status" ? "status 503" : "",
});

const facts = (some: Partial<LostFacts>): LostFacts => ({
  what: "Deployment web",
  failures: [failure(5000)],
  replicas: 3,
  hasReadinessProbe: true,
  hasPreStop: false,
  recreates: false,
  endings: [],
  becameReady: [],
  deserted: [],
  ...some,
});

describe("requests lost while pods come and go", () => {
  test("are the strategy's when all old pods end first", () => {
    expect(explainLost(facts({ recreates: true })).fix).toContain("Recreate");
  });

  test("are the single replica's when nothing was left to send to", () => {
    expect(explainLost(facts({ replicas: 1, deserted: [5000] })).fix).toContain("spec.replicas");
  });

  test("are the missing readiness probe's when they follow a pod that became ready", () => {
    const lost = facts({ hasReadinessProbe: false, becameReady: [4800], endings: [] });
    expect(explainLost(lost).fix).toContain("readinessProbe");
  });

  test("are the early end's when they follow a pod that was told to end, and there is no preStop", () => {
    const lost = facts({ endings: [4900], becameReady: [4800] });
    expect(explainLost(lost).fix).toContain("preStop.sleep");
  });

  test("are the program's when there is a preStop already", () => {
    expect(explainLost(facts({ endings: [2000], hasPreStop: true })).happened).toContain("although");
  });

  test("are not blamed on a pod that ended long before", () => {
    expect(explainLost(facts({ failures: [failure(60_000)], endings: [1000] })).fix).toContain("CPU");
  });
});

describe("requests lost when a pod is ended from outside", () => {
  test("are never blamed on how it takes SIGTERM, which it never got", () => {
    const lost = fc.record({
      replicas: fc.integer({ min: 1, max: 5 }),
      hasReadinessProbe: fc.boolean(),
      deserted: fc.constantFrom([], [5000]),
    });
    fc.assert(
      fc.property(lost, (some) => {
        const said = explainAbrupt(facts({ ...some, endings: [4900] }));
        expect(said.happened + said.fix).not.toMatch(/SIGTERM|preStop/);
      }),
    );
  });
});

describe("the sentence about lost requests", () => {
  test("counts each reason, the most frequent first, and says when", () => {
    const failures = [failure(1000, "timeout"), failure(2000), failure(3000), failure(2500, "status")];
    expect(lostInWords({ sent: 90, answered: 86, failed: 4, failures })).toBe(
      "4 of 90 requests failed: 2 had their connection refused, 1 got no answer in time, 1 were answered with another status (status 503) (between 1.0 s and 3.0 s of the drill).",
    );
  });

  test("says that none failed", () => {
    expect(lostInWords({ sent: 9, answered: 9, failed: 0, failures: [] })).toBe("None of 9 requests failed.");
  });
});
