import { describe, expect, test } from "vitest";
import { exerciseSpec } from "#grading/exercises/spec/spec.ts";
import { MemoryFleet } from "#tests/support/memory-fleet.ts";
import { defaultSpec } from "#tests/support/seed.ts";
import { maxWaiting } from "../queue/queue-bound.ts";
import { maxStudentReruns, whyNoRerun } from "../rerun-run.ts";
import { cancelOpenRun } from "./cancel-open-run.ts";
import { letRunCount } from "./let-run-count.ts";
import { rerunSubmission } from "./rerun-submission.ts";

const spec = { outcome: "read" as const, value: exerciseSpec.parse(defaultSpec) };
const version = { id: "ver", spec };
const act = (runId: string) => ({ runId, userId: "ta", reason: "The registry was down." });
const byStaff = (runId: string) => ({ ...act(runId), as: "staff" as const });
const byStudent = (runId: string) => ({ ...act(runId), as: "student" as const });
const fleetOf = (changes: Partial<Pick<MemoryFleet, "reruns" | "waiting">> = {}) => {
  const fleet = Object.assign(new MemoryFleet(), changes);
  Object.assign(fleet.submission, { version });
  return fleet;
};
const queued = (number: number) => ({ ...{ id: `run-${number}`, number }, attempt: 1, byStaff: false });
const counting = (fleet: MemoryFleet) =>
  [...fleet.runs.values()].filter(({ counts }) => counts).map(({ id }) => id);

describe("a rerun", () => {
  test("of a graded submission is queued beside the result, which goes on to count", async () => {
    const fleet = fleetOf().withRun("run", { state: "graded", score: 7.5 });
    const made = await rerunSubmission(fleet, byStaff("run"));
    if (made.outcome !== "queued") throw new Error(made.message);
    expect(fleet.runAt(made.runId)).toEqual(["queued", 1]);
    expect(counting(fleet)).toEqual(["run"]);
    expect(fleet.told).toEqual(["Waiting for a machine. The former result counts until this run is graded."]);
    expect(fleet.entries).toMatchObject([
      {
        ...{ action: "run.rerun", subject: "submission:sub", userId: "ta", reason: "The registry was down." },
        before: { run: "run", state: "graded", score: "7.5" },
        after: { run: made.runId, exerciseVersion: "ver" },
      },
    ]);
  });

  test("of one without a result counts at once, and a student's own lock comes before the submission's", async () => {
    const fleet = fleetOf().withRun("run", { state: "not_gradable" });
    const made = await rerunSubmission(fleet, byStudent("run"));
    if (made.outcome !== "queued") throw new Error(made.message);
    expect(counting(fleet)).toEqual([made.runId]);
    expect(fleet.locks).toEqual(["student:alice", "submission:sub", `run:${made.runId}`]);
    expect(fleet.told).toEqual(["Waiting for a machine."]);
  });

  test("is refused to a student who had it too often or has too much waiting, and staff know no such bound", async () => {
    for (const [bound, code] of [
      [{ reruns: maxStudentReruns }, "reruns-used-up"],
      [{ waiting: Array.from({ length: maxWaiting }, (_, i) => queued(i)) }, "too-many-waiting"],
    ] as const) {
      const fleet = fleetOf(bound).withRun("run", { state: "not_gradable" });
      expect(await rerunSubmission(fleet, byStudent("run"))).toMatchObject({ outcome: "refused", code });
      expect([counting(fleet), fleet.told, fleet.entries]).toEqual([["run"], [], []]);
      expect(await rerunSubmission(fleet, byStaff("run"))).toMatchObject({ outcome: "queued" });
    }
  });

  test("needs a run, and a version that can be read", async () => {
    const why = (fleet: MemoryFleet, runId = "run") => rerunSubmission(fleet, byStaff(runId));
    const graded = () => fleetOf().withRun("run", { state: "graded" });
    expect(await why(graded(), "gone")).toMatchObject({ code: "no-such-run" });
    const none = graded();
    none.submission.version = null;
    expect(await why(none)).toMatchObject({ code: "no-exercise-version" });
    const broken = graded();
    broken.submission.version = { id: "ver", spec: { outcome: "unreadable", why: "Too new." } };
    expect(await why(broken)).toMatchObject({ code: "exercise-unreadable" });
    expect([none.entries, broken.entries]).toEqual([[], []]);
  });
});

describe("making another run count", () => {
  test("names both in the audit", async () => {
    const fleet = fleetOf()
      .withRun("first", { state: "graded", score: 3 }, false)
      .withRun("second", { state: "graded", score: 9 });
    expect(await letRunCount(fleet, act("first"))).toEqual({ outcome: "counts" });
    expect(counting(fleet)).toEqual(["first"]);
    expect(fleet.entries).toMatchObject([{ before: { run: "second" }, after: { run: "first", score: "3" } }]);
  });

  test("is refused as whyNotCount says, and then nothing is written", async () => {
    const fleet = fleetOf().withRun("run", { state: "graded" });
    expect(await letRunCount(fleet, act("run"))).toMatchObject({ code: "counts-already" });
    expect(await letRunCount(fleet, act("gone"))).toMatchObject({ code: "no-such-run" });
    expect(fleet.entries).toEqual([]);
  });
});

describe("cancelling", () => {
  test("ends run and machine under the run's lock, and the audit says what it was", async () => {
    const fleet = fleetOf()
      .withRun("run", { state: "running", attempt: 2 })
      .withMachine("mch", { state: "assigned" }, { run: { runId: "run", attempt: 2 } });
    expect(await cancelOpenRun(fleet, byStaff("run"))).toEqual({ outcome: "cancelled" });
    expect([fleet.runAt("run"), fleet.stateOf("mch")]).toEqual([["cancelled", 2], "draining"]);
    expect(fleet.locks).toEqual(["run:run", "machine:mch"]);
    expect(fleet.entries).toMatchObject([
      { subject: "run:run", before: { state: "running", attempt: 2 }, after: { state: "cancelled" } },
    ]);
  });

  test("comes too late for a run that has ended, and knows a run that there is not", async () => {
    const fleet = fleetOf().withRun("run", { state: "graded" });
    for (const by of [byStaff, byStudent]) {
      expect(await cancelOpenRun(fleet, by("run"))).toMatchObject({ code: "already-ended" });
      expect(await cancelOpenRun(fleet, by("gone"))).toMatchObject({ code: "no-such-run" });
    }
    expect(fleet.entries).toEqual([]);
  });

  test("by its student takes a run out of the queue, audited, and leaves it to be run again", async () => {
    const fleet = fleetOf({ waiting: [queued(1)] }).withRun("run-1", { state: "queued" });
    expect(await cancelOpenRun(fleet, byStudent("run-1"))).toEqual({ outcome: "cancelled" });
    expect(fleet.runs.get("run-1")?.status).toMatchObject({ state: "cancelled", reasonCode: "withdrawn" });
    expect(fleet.entries).toMatchObject([{ action: "run.cancel", subject: "run:run-1" }]);
    const runs = [...fleet.runs.values()].map(({ id, status, counts }) => ({ id, counts, ...status }));
    expect(whyNoRerun({ as: "student", runs, asked: 0, waiting: 0 })).toBeNull();
  });

  test("by its student is refused once it has begun, and where staff asked for the run", async () => {
    for (const state of ["claimed", "provisioning", "running", "scoring"] as const) {
      const fleet = fleetOf().withRun("run", { state });
      expect(await cancelOpenRun(fleet, byStudent("run"))).toMatchObject({ code: "begun-already" });
      expect([fleet.runAt("run"), fleet.entries]).toEqual([[state, 1], []]);
    }
    const fleet = fleetOf({ waiting: [{ ...queued(1), byStaff: true }] }).withRun("run-1");
    expect(await cancelOpenRun(fleet, byStudent("run-1"))).toMatchObject({ code: "queued-by-staff" });
    expect(fleet.entries).toEqual([]);
  });
});
