import { describe, expect, it } from "vitest";
import type { RunView } from "#app/_server/queries/run/run-view.ts";
import { roadSteps, startsKubernetes } from "./road-steps.ts";

const at = (second: number) => new Date(Date.UTC(2024, 10, 24, 12, 0, second)).toISOString();
const now = Date.parse(at(30));
const run = (state: string, over: object = {}) =>
  ({ state, attempt: 1, queuedAt: at(0), score: null, maxScore: 20, ...over }) as Parameters<
    typeof roadSteps
  >[0]["run"];
const kubernetes = { nodes: 2, namespaces: ["student"], podSecurity: "baseline" as const };
const road = (
  claimed: number | null,
  running: number | null,
  finished: number | null,
  ready: number | null = null,
) => ({
  queuedAt: at(0),
  claimedAt: claimed === null ? null : at(claimed),
  bootingAt: null,
  runningAt: running === null ? null : at(running),
  kubernetesReadyAt: ready === null ? null : at(ready),
  finishedAt: finished === null ? null : at(finished),
});
const short = (steps: ReturnType<typeof roadSteps>) =>
  steps.map((step) => `${step.name} ${step.progress} ${step.seconds}`);

describe("the road of a run", () => {
  it("counts the seconds of the stretch it is on", () => {
    expect(
      short(
        roadSteps(
          { attempts: [], run: run("provisioning"), kubernetes: null, road: road(2, null, null) },
          now,
        ),
      ),
    ).toEqual(["Queued done 2", "Booting now 28", "Grading ahead null", "Done ahead null"]);
  });

  it("shows what each stretch and the whole took once it is graded", () => {
    expect(
      short(roadSteps({ attempts: [], run: run("graded"), kubernetes: null, road: road(2, 5, 25) }, now)),
    ).toEqual(["Queued done 2", "Booting done 3", "Grading done 20", "Done done 25"]);
  });

  it("ends with how it went, and says so of no other stretch", () => {
    const went = (score: number | null) =>
      roadSteps(
        { attempts: [], run: run("graded", { score }), kubernetes: null, road: road(2, 5, 25) },
        now,
      ).map((step) => step.went);
    expect([20, 6, 0].map(went)).toEqual(["all", "some", "none"].map((how) => [null, null, null, how]));
    // Told to be graded by an event, before its score is known.
    expect(went(null).at(-1)).toBeNull();
  });

  it("counts a later attempt from its own return to the queue, and only the whole from the start", () => {
    const first = { attempt: 1, openedAt: at(2), closedAt: at(40), outcome: "It fell silent." };
    const attempts = [{ ...first, hadMachine: true }];
    const again = { ...road(42, 45, 65), queuedAt: at(40) };
    expect(
      short(roadSteps({ attempts, run: run("graded", { attempt: 2 }), kubernetes: null, road: again }, now)),
    ).toEqual(["Queued again done 2", "Booting done 3", "Grading done 20", "Done done 65"]);
  });

  it("shows where a run stopped that was cancelled in the queue", () => {
    expect(
      short(
        roadSteps({ attempts: [], run: run("cancelled"), kubernetes: null, road: road(null, null, 9) }, now),
      ),
    ).toEqual(["Queued stopped 9", "Booting ahead null", "Grading ahead null", "Done stopped 9"]);
  });

  it("has a stretch of its own for the start of a Kubernetes, which ends with the first check", () => {
    const view = { attempts: [], run: run("running"), kubernetes };
    expect(short(roadSteps({ ...view, road: road(2, 5, null) }, now))).toEqual([
      "Queued done 2",
      "Booting done 3",
      "Kubernetes now 25",
      "Grading ahead null",
      "Done ahead null",
    ]);
    expect(short(roadSteps({ ...view, road: road(2, 5, null, 14) }, now)).slice(2)).toEqual([
      "Kubernetes done 9",
      "Grading now 16",
      "Done ahead null",
    ]);
  });

  it("shows that a run stopped while its Kubernetes was starting", () => {
    const view = { attempts: [], run: run("not_gradable"), kubernetes, road: road(2, 5, 20) };
    expect(short(roadSteps(view, now)).slice(2)).toEqual([
      "Kubernetes stopped 15",
      "Grading ahead null",
      "Done stopped 20",
    ]);
  });
});

describe("a Kubernetes", () => {
  it("is being started only while its machine runs and no check has begun", () => {
    const starts = (state: string, ready: number | null) =>
      startsKubernetes({ run: run(state) as RunView["run"], kubernetes, road: road(2, 5, null, ready) });
    expect([starts("provisioning", null), starts("running", null), starts("running", 9)]).toEqual([
      false,
      true,
      false,
    ]);
    const plain = run("running") as RunView["run"];
    expect(startsKubernetes({ run: plain, kubernetes: null, road: road(2, 5, null) })).toBe(false);
  });
});
