import { expect, test, vi } from "vitest";
import { AgentRefusal, type AgentService } from "#grading/protocol/agent-service.ts";
import { hearBeats } from "./hear-beats.ts";

const reply = { leaseUntil: "2024-11-12T18:00:00Z", cancel: false };
const beatOf = (heartbeat: AgentService["heartbeat"], missed = vi.fn()) => ({
  missed,
  beat: () => hearBeats({ heartbeat } as AgentService, missed, 50).heartbeat("session", { phase: "idle" }),
});

test("a beat that is taken down, or refused, is no silence of this side's", async () => {
  const taken = beatOf(async () => reply);
  expect(await taken.beat()).toEqual(reply);
  const refused = beatOf(() => Promise.reject(new AgentRefusal(401, "session-unknown", "Unknown.")));
  await expect(refused.beat()).rejects.toMatchObject({ status: 401 });
  for (const { missed } of [taken, refused]) expect(missed).not.toHaveBeenCalled();
});

test("a beat that the database does not take, or not in time, is noticed, and the machine beats again", async () => {
  const failed = beatOf(() => Promise.reject(new Error("the database is away")));
  await expect(failed.beat()).rejects.toThrow("the database is away");
  const late = beatOf(() => new Promise(() => {}));
  await expect(late.beat()).rejects.toMatchObject({ code: "beat-not-taken" });
  for (const { missed } of [failed, late]) expect(missed).toHaveBeenCalledOnce();
});
