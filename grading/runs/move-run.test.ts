import { expect, test } from "vitest";
import { MemoryFleet } from "#tests/support/memory-fleet.ts";
import { moveRun } from "./move-run.ts";

const grading = { state: "assigned" } as const;
const mine = { run: { runId: "run", attempt: 1 } };

test("of a run that nobody knows nothing is written", async () => {
  const fleet = new MemoryFleet();
  expect(await moveRun(fleet, "gone", { type: "cancel", reason: "Enough." })).toEqual({ outcome: "missing" });
  expect(fleet.told).toEqual([]);
});

test("a refused signal writes nothing and wakes nobody", async () => {
  const fleet = new MemoryFleet().withRun("run", { attempt: 2 });
  expect(await moveRun(fleet, "run", { type: "claim", attempt: 1 })).toMatchObject({ outcome: "refused" });
  expect([fleet.runAt("run"), fleet.told, fleet.woken]).toEqual([["queued", 2], [], []]);
});

test("a scored run comes to count under its submission's lock, and what staff were told is looked at again", async () => {
  const fleet = new MemoryFleet()
    .withRun("former", { state: "graded" })
    .withRun("run", { state: "scoring" }, false);
  await moveRun(fleet, "run", { type: "scored", attempt: 1, score: 7, maxScore: 10 });
  expect(fleet.locks).toEqual(["run:run", "submission:sub", "notice:exercise:docker"]);
  expect([...fleet.runs.values()].map(({ id, counts }) => [id, counts])).toEqual([
    ["former", false],
    ["run", true],
  ]);
  expect(fleet.told).toEqual(["Graded: 7 of 10 points.", "claim closed run 1: graded"]);
});

test("a fault ends the machines of its attempt alone, and both loops are woken after the commit", async () => {
  const fleet = new MemoryFleet()
    .withRun("run", { state: "running" })
    .withMachine("mine", grading, mine)
    .withMachine("other", grading, { run: { runId: "other", attempt: 1 } });
  await moveRun(fleet, "run", { type: "platform-fault", attempt: 1, reason: "It broke." });
  expect(fleet.runAt("run")).toEqual(["queued", 2]);
  expect([fleet.stateOf("mine"), fleet.stateOf("other")]).toEqual(["draining", "assigned"]);
  expect(fleet.locks).toEqual(["run:run", "machine:mine"]);
  expect(fleet.woken).toEqual(["draining", "queued"]);
});

test("whoever claims it is named, and how each attempt ended is kept", async () => {
  const fleet = new MemoryFleet().withRun("run");
  await moveRun(fleet, "run", { type: "claim", attempt: 1 }, "worker-7");
  await moveRun(fleet, "run", { type: "platform-fault", attempt: 1, reason: "It broke." });
  expect(fleet.told.filter((one) => one.startsWith("claim"))).toEqual([
    "claim opened run 1 by worker-7",
    "claim closed run 1: It broke.",
  ]);
});

test("what was told of an exercise is over once nothing of it is left ungraded, and its notice is locked last", async () => {
  const subject = "exercise:docker";
  const grade = (fleet: MemoryFleet) =>
    moveRun(fleet, "run", { type: "scored", attempt: 1, score: 7, maxScore: 10 });
  const told = () => {
    const fleet = new MemoryFleet().withRun("run", { state: "scoring" });
    fleet.notices.set(subject, "It broke.");
    return fleet;
  };
  const one = told();
  await grade(one);
  expect([one.notices.size, one.locks.at(-1)]).toEqual([0, `notice:${subject}`]);
  const another = told().withRun("other", { state: "not_gradable" });
  another.letCount = async () => undefined;
  await grade(another);
  expect(another.notices.size).toBe(1);
  const untold = new MemoryFleet().withRun("run", { state: "scoring" });
  await grade(untold);
  expect(untold.told.filter((said) => said.startsWith("settled"))).toEqual([]);
});
