import { expect, test } from "vitest";
import { exerciseSpec } from "#grading/exercises/spec/spec.ts";
import { MemoryFleet } from "#tests/support/memory-fleet.ts";
import { defaultSpec } from "#tests/support/seed.ts";
import { endMachine } from "../machines/ending/end-machine.ts";
import { takeBack } from "../machines/ending/take-back.ts";
import { moveMachine } from "../machines/move-machine.ts";
import { cancelOpenRun } from "./acts/cancel-open-run.ts";
import { letRunCount } from "./acts/let-run-count.ts";
import { rerunSubmission } from "./acts/rerun-submission.ts";
import { moveRun } from "./move-run.ts";
import { appendEvents } from "./results/append-events.ts";
import { finishScoring } from "./results/finish-scoring.ts";
import { takeResult } from "./results/take-result.ts";

const run = { runId: "run", attempt: 1 };
const act = { runId: "run", userId: "ta", reason: "R." };
const result = { ...run, outcome: "graded" as const, fault: null, checks: [] };
const why = { reason: "R.", excused: true };
const fleet = () => {
  const one = new MemoryFleet()
    .withRun("run", { state: "running" })
    .withMachine("mch", { state: "assigned" }, { run });
  one.submission.version = { id: "ver", spec: { outcome: "read", value: exerciseSpec.parse(defaultSpec) } };
  return one;
};
type Change = (fleet: MemoryFleet) => void;
const over: Change = (f) => f.withRun("run", { state: "queued", attempt: 2 });
const stored: Change = (f) => f.withRun("run", { state: "scoring" });
const graded: Change = (f) => f.withRun("run", { state: "graded" });
const draining: Change = (f) => f.withMachine("mch", { state: "draining" }, { run });

const cases: [string, Change, (f: MemoryFleet) => Promise<unknown>][] = [
  ["moving a run", over, (f) => moveRun(f, "run", { type: "platform-fault", attempt: 1, reason: "R." })],
  [
    "moving a machine",
    draining,
    (f) => moveMachine(f, "mch", { type: "drain", code: "failed", reason: "R." }),
  ],
  ["a result", over, (f) => takeResult(f, run, result)],
  ["an event", over, (f) => appendEvents(f, run, { events: [] })],
  ["scoring", stored, (f) => finishScoring(f, "run")],
  ["cancelling", over, (f) => cancelOpenRun(f, { ...act, as: "staff" })],
  ["a rerun", graded, (f) => rerunSubmission(f, { ...act, as: "staff" })],
  ["making count", graded, (f) => letRunCount(f, act)],
  ["taking back", draining, (f) => takeBack(f, run, why)],
  [
    "ending",
    draining,
    (f) => endMachine(f, { machineId: "mch", how: "drain", reason: "R.", onlyIf: () => true }),
  ],
];

test.each(cases)("%s decides by what is true once its lock is held", async (_, change, use) => {
  const tell = async (f: MemoryFleet) => {
    const made = await use(f).catch((error: { code: string }) => error.code);
    const rows = [...f.machines.values(), ...f.runs.values()];
    // The new run of a rerun has another id each time.
    return JSON.stringify([made, f.told, f.entries, f.woken, rows]).replace(/run_\w+/g, "new");
  };
  const first = fleet();
  change(first);
  const late = fleet();
  late.meanwhile = () => change(late);
  expect(await tell(late)).toBe(await tell(first));
});
