import { expect, test } from "vitest";
import { MemoryFleet } from "#tests/support/memory-fleet.ts";
import { maxWaiting } from "../queue/queue-bound.ts";
import { supersedeOlder } from "./supersede-older.ts";

test("the oldest beyond the bound are superseded, and none that has had its turn meanwhile", async () => {
  const ids = Array.from({ length: maxWaiting + 2 }, (_, i) => `run-${i}`);
  const fleet = new MemoryFleet();
  for (const id of ids) fleet.withRun(id);
  fleet.waiting = ids.map((id, number) => ({ id, number, attempt: 1, byStaff: false }));
  fleet.withRun("run-1", { state: "claimed" });
  await supersedeOlder(fleet, { userId: "alice", exerciseId: "docker" });
  expect(fleet.runs.get("run-0")?.status).toMatchObject({ state: "cancelled", reasonCode: "superseded" });
  expect(ids.slice(1).map((id) => fleet.runAt(id)?.[0])).toEqual([
    "claimed",
    ...ids.slice(2).map(() => "queued"),
  ]);
});
