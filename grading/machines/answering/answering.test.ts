import { Readable } from "node:stream";
import { beforeEach, describe, expect, test } from "vitest";
import { exerciseSpec } from "#grading/exercises/spec/spec.ts";
import { AgentRefusal, type AgentService } from "#grading/protocol/agent-service.ts";
import { FileMissing, type FileStore } from "#grading/submissions/ports.ts";
import { MemoryFleet } from "#tests/support/memory-fleet.ts";
import { defaultSpec } from "#tests/support/seed.ts";
import type { MachineState } from "../machine-state.ts";
import type { AgentRows, AgentTransaction } from "./agent-ports.ts";
import { answerAgents } from "./answer-agents.ts";

const spec = exerciseSpec.parse(defaultSpec);
const run = { runId: "run", attempt: 1 };
const handedIn = { fileName: "work.zip", sha256: "a".repeat(64), bytes: 7 };

class MemoryAgents extends MemoryFleet implements AgentTransaction, AgentRows {
  #find = (is: (machine: { tokenHash?: string | null; sessionHash?: string }) => boolean) =>
    [...this.machines.values()].find(is) ?? null;
  findByToken = async (hash: string) => this.#find(({ tokenHash }) => tokenHash === hash);
  findBySession = async (hash: string) => this.#find(({ sessionHash }) => sessionHash === hash);
  readStanding = async (runId: string) => this.runs.get(runId)?.status ?? null;
  readFiles = async (runId: string) => {
    const status = this.runs.get(runId)?.status;
    return status === undefined ? null : { ...status, submissionKey: "submission", hiddenKey: "hidden" };
  };
  readOrder = async (runId: string) => {
    const status = this.runs.get(runId)?.status;
    if (status === undefined) return null;
    return { ...status, spec: await this.readSpec(), submission: handedIn, hiddenKey: "hidden" };
  };
  async recordBeat(id: string, states: readonly MachineState[], heartbeatAt: Date) {
    const machine = this.machines.get(id);
    if (machine !== undefined && states.includes(machine.status.state)) machine.heartbeatAt = heartbeatAt;
  }
}

const files: Pick<FileStore, "get"> = {
  get: async (key) => {
    if (key !== "submission" && key !== "hidden") throw new FileMissing(key);
    return { stream: Readable.from([key]), bytes: key.length };
  },
};
const presign: FileStore["presign"] = async ({ key, method, expiresSeconds }) => ({
  url: `https://store/${key}?${method}-${expiresSeconds}`,
  headers: {},
});
let fleet: MemoryAgents;
let service: AgentService;
const mismatches: object[] = [];
beforeEach(() => {
  fleet = new MemoryAgents();
  fleet.submission.version = { id: "ver", spec: { outcome: "read", value: spec } };
  mismatches.length = 0;
  service = serve(files);
});
const serve = (store: Partial<FileStore>) =>
  answerAgents({
    ...{ rows: fleet, files: store as FileStore, clock: () => fleet.now },
    transact: (work) => {
      fleet.locks.length = 0;
      return work(fleet);
    },
    secrets: { make: () => ({ token: "session", hash: "#session" }), hash: (secret) => `#${secret}` },
    onMismatch: (mismatch) => void mismatches.push(mismatch),
  });
const seat = (state: MachineState, of: typeof run | null = run) =>
  fleet.withMachine("mch", { state }, { run: of, sessionHash: "#session" });
const refusal = (code: string) => expect.objectContaining({ name: AgentRefusal.name, code });

describe("a token", () => {
  test("opens one session, and dies with it", async () => {
    fleet.withMachine("mch", { state: "booting" }, { run, tokenHash: "#token" });
    const grant = { session: "session", machineId: "mch", warmUp: null };
    expect(await service.openSession("token")).toEqual(grant);
    expect(fleet.machines.get("mch")).toMatchObject({ tokenHash: null, sessionHash: "#session" });
    await expect(service.openSession("token")).rejects.toEqual(refusal("token-unknown"));
    expect(await service.admit("session")).toEqual({ assigned: false });
  });

  test("of a machine that is not wanted any more opens none", async () => {
    fleet.withMachine("mch", { state: "draining" }, { tokenHash: "#token" });
    await expect(service.openSession("token")).rejects.toEqual(refusal("token-unknown"));
  });

  test("of a machine of the pool says what to warm up, unless a run has it already", async () => {
    const pool = { tokenHash: "#token", poolNodes: 3 };
    fleet.withMachine("mch", { state: "booting" }, pool);
    expect(await service.openSession("token")).toMatchObject({ warmUp: { machineKind: "engine", nodes: 3 } });
    fleet.withMachine("mch", { state: "booting" }, { ...pool, run });
    expect(await service.openSession("token")).toMatchObject({ warmUp: null });
  });
});

describe("an order", () => {
  test("is given as often as its machine asks, and the run's lock comes before the machine's", async () => {
    seat("ready").withRun("run", { state: "provisioning" });
    const order = await service.nextRun("session");
    expect(order).toMatchObject({
      ...run,
      spec: { slug: spec.slug },
      submission: handedIn,
      hidden: { bytes: 6 },
    });
    expect([fleet.runAt("run"), fleet.stateOf("mch")]).toEqual([["running", 1], "assigned"]);
    expect(fleet.locks).toEqual(["run:run", "machine:mch"]);
    expect(await service.nextRun("session")).toEqual(order);
  });

  test("waits for a run that takes the machine; one that is not wanted any more is sent home", async () => {
    seat("ready", null);
    expect(await service.nextRun("session")).toBeNull();
    seat("draining", null);
    await expect(service.nextRun("session")).rejects.toEqual(refusal("not-wanted"));
    await expect(service.nextRun("other")).rejects.toEqual(refusal("session-unknown"));
  });

  test("of an attempt that is over ends the machine and leaves the run alone", async () => {
    seat("ready").withRun("run", { state: "running", attempt: 2 });
    await expect(service.nextRun("session")).rejects.toEqual(refusal("attempt-over"));
    expect([fleet.runAt("run"), fleet.stateOf("mch")]).toEqual([["running", 2], "draining"]);
    expect(fleet.machines.get("mch")?.status.endReason).toBe("Attempt 1 is over; the run is at attempt 2.");
  });

  test("after the lease puts the run back into the queue", async () => {
    seat("ready").withRun("run", { state: "provisioning" });
    fleet.now = new Date(+fleet.now + 600_000);
    await expect(service.nextRun("session")).rejects.toEqual(refusal("attempt-over"));
    expect([fleet.runAt("run"), fleet.stateOf("mch")]).toEqual([["queued", 2], "draining"]);
    expect(fleet.runs.get("run")?.status.reason).toBe("The lease was over.");
  });

  test("of an exercise that cannot be read ends the run with its machine", async () => {
    fleet.submission.version = { id: "ver", spec: { outcome: "unreadable", why: "Too new." } };
    seat("ready").withRun("run", { state: "provisioning" });
    await expect(service.nextRun("session")).rejects.toEqual(refusal("attempt-over"));
    expect([fleet.runAt("run"), fleet.stateOf("mch")]).toEqual([["not_gradable", 1], "draining"]);
  });
});

test.each([
  ["assigned", "running", 1, true],
  ["ready", "running", 1, false],
  ["draining", "running", 1, false],
  ["assigned", "scoring", 1, false],
  ["assigned", "running", 2, false],
] as const)(
  "files are for an assigned machine whose run is under way: %s, %s, attempt %d",
  async (of, state, attempt, given) => {
    seat(of).withRun("run", { state, attempt });
    for (const ask of [service.hiddenBytes, service.submissionBytes]) {
      const asked = ask("session");
      if (given) expect((await asked).bytes).toBeGreaterThan(0);
      else await expect(asked).rejects.toEqual(refusal("attempt-over"));
    }
    const link = serve({ ...files, presign }).fileLink("session", "hidden");
    if (given) expect(await link).toEqual({ url: "https://store/hidden?GET-300" });
    else await expect(link).rejects.toEqual(refusal("attempt-over"));
  },
);

test("no link is given to files that machines cannot reach by themselves", async () => {
  seat("assigned").withRun("run", { state: "running" });
  for (const file of ["submission", "hidden"] as const)
    expect(await service.fileLink("session", file)).toBeNull();
});

describe("a heartbeat", () => {
  const beat = () => service.heartbeat("session", { phase: "grading" });

  test.each([
    ["assigned", "running", 1, false],
    ["draining", "scoring", 1, false],
    ["terminated", "graded", 1, true],
    ["assigned", "running", 2, true],
    ["assigned", "cancelled", 1, true],
    ["assigned", "queued", 1, true],
  ] as const)(
    "tells a machine that is %s, of a run that is %s at attempt %d, to stop: %s",
    async (of, state, attempt, cancel) => {
      seat(of).withRun("run", { state, attempt });
      expect(await beat()).toEqual({ leaseUntil: "2024-11-12T18:10:00.000Z", cancel });
      expect(fleet.machines.get("mch")?.heartbeatAt).toEqual(of === "assigned" ? fleet.now : null);
    },
  );

  test("keeps a machine of the pool until it is ended", async () => {
    seat("ready", null);
    expect((await beat()).cancel).toBe(false);
    seat("draining", null);
    expect((await beat()).cancel).toBe(true);
  });
});

describe("a notice", () => {
  const at = "2024-11-12T18:03:00.000Z";
  const notice = (kind: "interruption" | "rebalance") => service.takeNotice("session", { kind, at });
  const instance = (state: MachineState, of: typeof run | null = run) =>
    fleet.withMachine("mch", { state }, { run: of, sessionHash: "#session", provider: "ec2" });

  test.each(["ready", "assigned"] as const)(
    "of an interruption ends a machine that is %s at once, and its run goes back to the queue uncharged",
    async (of) => {
      instance(of).withRun("run", { state: "running" });
      await notice("interruption");
      expect([fleet.runAt("run"), fleet.stateOf("mch")]).toEqual([["queued", 2], "draining"]);
      expect(fleet.runs.get("run")?.status.platformFaults).toBe(0);
      const { endCode, endReason } = fleet.machines.get("mch")?.status ?? {};
      expect([endCode, endReason]).toEqual(["interrupted", `The provider takes the machine back at ${at}.`]);
      await notice("interruption");
      expect(fleet.runAt("run")).toEqual(["queued", 2]);
    },
  );

  test("of an interruption leaves alone what a run has reported, and an attempt that is another machine's", async () => {
    for (const state of ["scoring", "graded"] as const) {
      instance("assigned").withRun("run", { state });
      await notice("interruption");
      expect(fleet.runAt("run")).toEqual([state, 1]);
    }
    instance("assigned").withRun("run", { state: "running", attempt: 2 });
    await notice("interruption");
    expect([fleet.runAt("run"), fleet.stateOf("mch")]).toEqual([["running", 2], "draining"]);
  });

  test("that others would last longer ends a machine of the pool, and none that a run has", async () => {
    instance("ready", null);
    await notice("rebalance");
    expect(fleet.machines.get("mch")?.status).toMatchObject({ state: "draining", endCode: "interrupted" });
    instance("assigned").withRun("run", { state: "running" });
    await notice("rebalance");
    expect([fleet.runAt("run"), fleet.stateOf("mch")]).toEqual([["running", 1], "assigned"]);
  });

  test("that others would last longer comes too late for a machine that a run takes meanwhile", async () => {
    instance("ready", null).withRun("run", { state: "provisioning" });
    fleet.meanwhile = () => void instance("ready");
    await notice("rebalance");
    expect(fleet.stateOf("mch")).toBe("ready");
  });

  test("of a container of this computer is not believed: nobody takes it back", async () => {
    seat("assigned").withRun("run", { state: "running" });
    for (const kind of ["interruption", "rebalance"] as const) await notice(kind);
    expect([fleet.runAt("run"), fleet.stateOf("mch")]).toEqual([["running", 1], "assigned"]);
  });
});

describe("what is reported", () => {
  test("without a run is refused", async () => {
    seat("ready", null);
    await expect(service.appendEvents("session", { events: [] })).rejects.toEqual(refusal("no-run"));
  });

  test("and does not fit the exercise is for the log, while the machine only hears that it does not", async () => {
    seat("assigned").withRun("run", { state: "running" });
    const result = { ...run, outcome: "graded" as const, fault: null, checks: [] };
    await expect(service.reportResult("session", result)).rejects.toEqual(refusal("result-mismatch"));
    expect(mismatches).toEqual([{ machineId: "mch", runId: "run", why: "The check files is missing." }]);
  });
});
