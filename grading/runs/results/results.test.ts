import { beforeEach, describe, expect, test } from "vitest";
import { type ExerciseSpec, exerciseSpec } from "#grading/exercises/spec/spec.ts";
import type { CheckOutcome, RunResult } from "#grading/protocol/messages.ts";
import { MemoryFleet } from "#tests/support/memory-fleet.ts";
import { defaultSpec } from "#tests/support/seed.ts";
import type { RunState } from "../run-state.ts";
import { appendEvents, maxEventsPerAttempt } from "./append-events.ts";
import { finishScoring } from "./finish-scoring.ts";
import { takeResult } from "./take-result.ts";

const spec = exerciseSpec.parse(defaultSpec);
const run = { runId: "run", attempt: 1 };
const passed = ({ id, kind, title, points }: ExerciseSpec["checks"][number]): CheckOutcome => ({
  ...{ id, kind, title, points, maxPoints: points, verdict: "passed", fault: null },
  message: { expected: "It works.", happened: "It worked.", fix: "Nothing to do." },
  ...{ staffOutput: "", startedAt: null, durationMs: 5 },
});
const result = (changes: Partial<RunResult> = {}): RunResult => ({
  ...{ ...run, outcome: "graded", fault: null, checks: spec.checks.map(passed) },
  ...changes,
});
let fleet: MemoryFleet;
const at = (state: RunState, attempt = 1) =>
  fleet
    .withRun("run", { state, attempt })
    .withMachine("mch", { state: "assigned" }, { run: { runId: "run", attempt } });
beforeEach(() => {
  fleet = new MemoryFleet();
  fleet.submission.version = { id: "ver", spec: { outcome: "read", value: spec } };
});

describe("a result", () => {
  test("is stored with the step to scoring, under the run's lock before its machine's", async () => {
    expect(await takeResult(at("running"), run, result())).toEqual({ outcome: "stored" });
    expect([fleet.runAt("run"), fleet.stateOf("mch")]).toEqual([["scoring", 1], "draining"]);
    expect(fleet.checks.map(({ id }) => id)).toEqual(["files", "build"]);
    expect(fleet.locks).toEqual(["run:run", "machine:mch"]);
    expect(fleet.woken).toEqual(["draining", "scoring"]);
  });

  test("that came before is known, however far the run is, and changes nothing", async () => {
    await takeResult(at("running"), run, result());
    for (const state of ["scoring", "graded", "not_gradable"] as const) {
      expect(await takeResult(at(state), run, result())).toEqual({ outcome: "known" });
    }
    expect(fleet.checks).toHaveLength(2);
  });

  test("of an attempt that is over, or of another run, is refused", async () => {
    const over = { status: 409, code: "attempt-over" };
    await expect(takeResult(at("running", 2), run, result())).rejects.toMatchObject(over);
    await expect(takeResult(at("running"), run, result({ attempt: 2 }))).rejects.toMatchObject(over);
    await expect(takeResult(at("running"), run, result({ runId: "other" }))).rejects.toMatchObject(over);
    await expect(takeResult(at("cancelled"), run, result())).rejects.toMatchObject(over);
    expect([fleet.checks, fleet.told]).toEqual([[], []]);
  });

  test("that the exercise does not allow costs the attempt and is for the log", async () => {
    const reported = await takeResult(at("running"), run, result({ checks: [] }));
    expect(reported).toEqual({ outcome: "mismatch", why: "The check files is missing." });
    expect([fleet.runAt("run"), fleet.checks]).toEqual([["queued", 2], []]);
  });

  test("with a check that the platform failed is tried again without a score", async () => {
    const [first, ...rest] = result().checks;
    if (first === undefined) throw new Error("The exercise has no check.");
    const ungraded = { ...first, verdict: "not_graded", fault: "platform", points: 0 } as const;
    const reported = await takeResult(at("running"), run, result({ checks: [ungraded, ...rest] }));
    expect([reported.outcome, fleet.runAt("run"), fleet.checks]).toEqual(["fault", ["queued", 2], []]);
  });

  test("of an exercise that cannot be read ends the run as the exercise's fault", async () => {
    fleet.submission.version = { id: "ver", spec: { outcome: "unreadable", why: "Too new." } };
    expect(await takeResult(at("running"), run, result())).toEqual({ outcome: "fault" });
    expect(fleet.runAt("run")).toEqual(["not_gradable", 1]);
    expect(fleet.told).toContain("staff: Too new.");
  });

  test("a machine's own words of its fault are kept for staff, and nobody else reads them", async () => {
    const fault = { code: "check", check: "build", detail: "SECRET", triedAgain: true } as const;
    const broken = result({ outcome: "check_fault", fault, checks: [] });
    expect(await takeResult(at("running"), run, broken)).toEqual({ outcome: "fault" });
    expect(fleet.runAt("run")).toEqual(["not_gradable", 1]);
    expect(fleet.told.filter((said) => said.includes("SECRET"))).toEqual(["detail run 1: SECRET"]);
  });
});

describe("scoring", () => {
  test("adds up what is stored, once", async () => {
    await takeResult(at("running"), run, result());
    fleet.locks.length = 0;
    await finishScoring(fleet, "run");
    await finishScoring(fleet, "run");
    expect(fleet.runs.get("run")?.status).toMatchObject({ state: "graded", score: 20, maxScore: 20 });
    expect(fleet.told.filter((said) => said.startsWith("Graded"))).toEqual(["Graded: 20 of 20 points."]);
  });

  test("of a check that the exercise itself failed ends without a score, and staff are told", async () => {
    const [first, ...rest] = result().checks;
    if (first === undefined) throw new Error("The exercise has no check.");
    const faulty = { ...first, verdict: "not_graded", fault: "exercise", points: 0 } as const;
    await takeResult(at("running"), run, result({ checks: [faulty, ...rest] }));
    fleet.locks.length = 0;
    await finishScoring(fleet, "run");
    expect(fleet.runAt("run")).toEqual(["not_gradable", 1]);
  });
});

describe("events", () => {
  const line = (seq: number) => ({
    ...{ seq, at: "2024-11-12T18:00:02.000Z" },
    event: { type: "check-started" as const, check: "files", title: "All files are handed in" },
  });
  const append = (...seqs: number[]) => appendEvents(fleet, run, { events: seqs.map(line) });

  test("are taken up to their first gap, in order, each once", async () => {
    at("running");
    expect(await append(2, 1, 4)).toEqual({ nextSeq: 3 });
    expect(await append(1, 2, 3)).toEqual({ nextSeq: 4 });
    expect(fleet.events).toEqual([1, 2, 3]);
  });

  test("are kept up to their bound, which is said once, and counted no more", async () => {
    at("running");
    fleet.events.push(maxEventsPerAttempt - 1);
    expect(await append(maxEventsPerAttempt, maxEventsPerAttempt + 1)).toEqual({
      nextSeq: maxEventsPerAttempt + 2,
    });
    expect(await append(maxEventsPerAttempt + 9)).toEqual({ nextSeq: maxEventsPerAttempt + 10 });
    expect(fleet.events.at(-1)).toBe(maxEventsPerAttempt);
    expect(fleet.told).toHaveLength(1);
  });

  test("of a run that is not under way in this attempt are refused, and so is a change of its state", async () => {
    at("running", 2);
    await expect(append(1)).rejects.toMatchObject({ code: "attempt-over" });
    at("scoring");
    await expect(append(1)).rejects.toMatchObject({ code: "attempt-over" });
    at("running");
    const state = { type: "state", state: "graded", detail: null } as const;
    const batch = { events: [{ ...line(1), event: state }] };
    await expect(appendEvents(fleet, run, batch)).rejects.toMatchObject({ code: "state-is-drydocks" });
  });
});
