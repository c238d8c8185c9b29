import { describe, expect, it } from "vitest";
import { roadSteps } from "./road-steps.ts";

const at = (second: number) => new Date(Date.UTC(2024, 10, 24, 12, 0, second)).toISOString();
const now = Date.parse(at(30));
const run = (state: string) => ({ state }) as Parameters<typeof roadSteps>[0]["run"];
const road = (claimed: number | null, running: number | null, finished: number | null) => ({
  queuedAt: at(0),
  claimedAt: claimed === null ? null : at(claimed),
  bootingAt: null,
  runningAt: running === null ? null : at(running),
  finishedAt: finished === null ? null : at(finished),
});
const short = (steps: ReturnType<typeof roadSteps>) =>
  steps.map((step) => `${step.name} ${step.progress} ${step.seconds}`);

describe("the road of a run", () => {
  it("counts the seconds of the stretch it is on", () => {
    expect(short(roadSteps({ run: run("provisioning"), road: road(2, null, null) }, now))).toEqual([
      "Queued done 2",
      "Booting now 28",
      "Grading ahead null",
      "Done ahead null",
    ]);
  });

  it("shows what each stretch and the whole took once it is graded", () => {
    expect(short(roadSteps({ run: run("graded"), road: road(2, 5, 25) }, now))).toEqual([
      "Queued done 2",
      "Booting done 3",
      "Grading done 20",
      "Done done 25",
    ]);
  });

  it("shows where a run stopped that was cancelled in the queue", () => {
    expect(short(roadSteps({ run: run("cancelled"), road: road(null, null, 9) }, now))).toEqual([
      "Queued stopped 9",
      "Booting ahead null",
      "Grading ahead null",
      "Done stopped 9",
    ]);
  });
});
