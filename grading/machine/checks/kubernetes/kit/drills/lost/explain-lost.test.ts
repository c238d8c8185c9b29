import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { FailedRequest } from "../load/steady-load.ts";
import { explainAbrupt, explainLost, factsOf, type LostFacts } from "./explain-lost.ts";

const failure = (atMs: number, tookMs = 5): FailedRequest => ({
  atMs,
  tookMs,
  reason: "refused",
  detail: "",
});
/** Moments from one to another, every so many milliseconds. */
const moments = (from: number, to: number, every = 200) =>
  Array.from({ length: Math.floor((to - from) / every) + 1 }, (_, at) => from + at * every);

const facts = (some: Partial<LostFacts>): LostFacts => ({
  what: "Deployment web",
  failures: [failure(5000)],
  replicas: 3,
  hasReadinessProbe: true,
  hasPreStop: false,
  recreates: false,
  maxUnavailable: "25%",
  mayBeMissing: 0,
  replaces: true,
  endings: [],
  becameReady: [],
  deserted: [],
  ...some,
});

/** An update in which all three old pods end at 2 s, their preStop is over at 5 s, and new ones are ready at 6 s. */
const allAtOnce = facts({
  failures: moments(2100, 6000, 20).map((atMs) => failure(atMs)),
  hasPreStop: true,
  maxUnavailable: "100%",
  mayBeMissing: 3,
  endings: [2000, 2005, 2010],
  becameReady: [6000, 6050, 6100],
  deserted: moments(2000, 6000),
});

describe("requests lost while pods come and go", () => {
  test("are the strategy's when all pods may be missing at once, although pods ended then", () => {
    const { happened, fix } = explainLost(allAtOnce);
    expect(happened).toContain("no pod of Deployment web was ready: with maxUnavailable: 100%");
    expect(fix).toContain("maxUnavailable to 0, and maxSurge to 1");
    expect(happened + fix).not.toMatch(/SIGTERM|the program/);
  });

  test("are the strategy's too when a few failed on a pod that ended, before it", () => {
    const early = moments(1700, 1999, 100).map((atMs) => failure(atMs - 1000, 900));
    expect(explainLost({ ...allAtOnce, failures: [...early, ...allAtOnce.failures] }).fix).toMatch(
      /^Set strategy.rollingUpdate.maxUnavailable to 0/,
    );
  });

  test("are the strategy's when all old pods end first", () => {
    const { fix } = explainLost(facts({ recreates: true, deserted: [5000] }));
    expect(fix).toContain("Recreate");
  });

  test("are not the strategy's when no pod is replaced", () => {
    const scaled = explainLost({ ...allAtOnce, recreates: true, replaces: false });
    expect(scaled.happened + scaled.fix).not.toMatch(/maxUnavailable|Recreate/);
  });

  test("are not the strategy's when it lets none be missing and no pod was ready all the same", () => {
    const lost = explainLost(facts({ deserted: [5000] }));
    expect(lost.happened).toContain("lets no more than 0 be missing");
    expect(lost.fix).toContain("stay ready");
  });

  test("are the single replica's when nothing was left to send to", () => {
    expect(explainLost(facts({ replicas: 1, deserted: [5000] })).fix).toContain("spec.replicas");
  });

  test("are the missing readiness probe's when they follow a pod that became ready", () => {
    const lost = facts({ hasReadinessProbe: false, becameReady: [4800], endings: [] });
    expect(explainLost(lost).fix).toContain("readinessProbe");
  });

  test("are the missing readiness probe's first, and the early end's too, where both fit", () => {
    const lost = explainLost(facts({ hasReadinessProbe: false, becameReady: [4800], endings: [4850] }));
    expect(lost.fix).toMatch(/readinessProbe.*preStop\.sleep/s);
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

  test("of two causes, are the one's that explains more; the other is named where it explains a fifth", () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 40 }), fc.integer({ min: 0, max: 40 }), (away, ended) => {
        fc.pre(away + ended > 0 && away !== ended);
        const failures = [
          ...Array.from({ length: away }, () => failure(30_000)),
          ...Array.from({ length: ended }, () => failure(5000)),
        ];
        const { fix, happened } = explainLost(facts({ failures, deserted: [30_000], endings: [4900] }));
        const [isAway, isEnded] = [fix.indexOf("stay ready"), fix.indexOf("preStop")];
        const [first, second] = away > ended ? [isAway, isEnded] : [isEnded, isAway];
        expect(first).toBeGreaterThanOrEqual(0);
        expect(second > first).toBe(Math.min(away, ended) >= Math.max(1, (away + ended) / 5));
        if (Math.min(away, ended) > 0) expect(happened).toContain(`${Math.max(away, ended)} of them failed`);
      }),
    );
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

  test("while no pod was ready, are not the missing readiness probe's", () => {
    expect(explainAbrupt(facts({ hasReadinessProbe: false, deserted: [5000] })).fix).toMatch(
      /^Run more replicas/,
    );
  });
});

test("requests lost to a pod that was ended are not a missing readiness probe's before any pod starts", () => {
  const lost = facts({
    ...{ hasReadinessProbe: false, endings: [4900], becameReady: [20_000] },
    failures: moments(5000, 8000).map((atMs) => failure(atMs)),
  });
  expect(explainAbrupt(lost).happened).toMatch(/^They failed as they went to the pod that was lost/);
  const both = { ...lost, failures: [...lost.failures, failure(20_100), failure(20_200)] };
  expect(explainAbrupt(both).happened).toMatch(/^16 of them failed as they went to the pod that was lost/);
  const started = { ...lost, failures: moments(20_000, 22_000).map((atMs) => failure(atMs)) };
  expect(explainAbrupt(started).fix).toContain("Add a readinessProbe");
});

describe("what a Deployment says of its containers is that of those that serve", () => {
  const probe = { httpGet: { port: 80 } };
  const lifecycle = { preStop: { sleep: { seconds: 5 } } };
  const web = { name: "web", ports: [{ containerPort: 80 }] };
  const of = (...containers: object[]) =>
    factsOf({
      spec: { selector: {}, template: { spec: { containers } } },
    } as unknown as Parameters<typeof factsOf>[0]);
  test.each([
    ["a helper's probe and preStop", of(web, { name: "logs", readinessProbe: probe, lifecycle }), false],
    ["their own", of({ name: "logs" }, { ...web, readinessProbe: probe, lifecycle }), true],
    ["anybody's, where no port is declared", of({}, { readinessProbe: probe, lifecycle }), true],
  ])("%s", (_what, { hasReadinessProbe, hasPreStop }, has) => {
    expect([hasReadinessProbe, hasPreStop]).toEqual([has, has]);
  });
});

test("what a Deployment says of maxUnavailable is counted as Kubernetes counts it", () => {
  const of = (rollingUpdate: object) =>
    factsOf({ spec: { replicas: 3, strategy: { rollingUpdate }, selector: {}, template: {} } });
  expect(of({ maxSurge: 0, maxUnavailable: "100%" }).mayBeMissing).toBe(3);
  expect(of({ maxUnavailable: "50%" }).mayBeMissing).toBe(1);
  expect(of({}).mayBeMissing).toBe(0);
});
