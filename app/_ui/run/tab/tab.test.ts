import { expect, test } from "vitest";
import type { RunView } from "#app/_server/queries/run/run-view.ts";
import { dotOf, faviconOf } from "./favicon.ts";
import { runHeading, runTitle, type TitledRun } from "./run-title.ts";

const view = (run: Partial<TitledRun["run"]>, runs = 1): TitledRun => ({
  run: { state: "graded", score: null, maxScore: 100, number: 1, ...run },
  road: { kubernetesReadyAt: null },
  kubernetes: null,
  exercise: { slug: "docker-containers" },
  standing: { runs },
});

test("the tab is called by result, exercise and number, and by the state while there is no result", () => {
  expect(runTitle(view({ score: 100 }), 3, null)).toBe("100 of 100 · docker-containers no. 3");
  expect(runTitle(view({ score: 7.5, number: 2 }, 2), 1, "Sam Student")).toBe(
    "7.5 of 100 · docker-containers no. 1, run 2 · Sam Student",
  );
  const states = [
    "queued",
    "claimed",
    "provisioning",
    "running",
    "scoring",
    "not_gradable",
    "cancelled",
  ] as const;
  expect(states.map((state) => runTitle(view({ state }), 3, null).split(" · ")[0])).toEqual([
    "Queued",
    "Booting",
    "Booting",
    "Grading",
    "Grading",
    "Not gradable",
    "Cancelled",
  ]);
});

test("its machine starting its Kubernetes is said, as on the road", () => {
  const kubernetes = { nodes: 1, namespaces: ["student"], podSecurity: "baseline" as const };
  expect(runTitle({ ...view({ state: "running" }), kubernetes }, 1, null)).toMatch(/^Starting Kubernetes · /);
});

test("the heading names exercise and submission, the run where there are several, and whose it is", () => {
  expect(runHeading(view({}), 1, null)).toBe("Run of docker-containers, submission 1");
  expect(runHeading(view({ number: 2 }, 2), 1, "Sam")).toBe(
    "Run 2 of docker-containers, submission 1, by Sam",
  );
});

test("the icon's sign is another one for each of: going on, all points, fewer, no result", () => {
  const run = (over: object) =>
    ({ state: "graded", final: true, score: 5, maxScore: 10, ...over }) as RunView["run"];
  const dots = [
    dotOf(run({ state: "running", final: false, score: null })),
    dotOf(run({ score: 10 })),
    dotOf(run({})),
    dotOf(run({ state: "cancelled", score: null })),
  ];
  expect(dots).toEqual(["going", "passed", "failed", "no result"]);
  expect(new Set(dots.map(faviconOf)).size).toBe(4);
});
