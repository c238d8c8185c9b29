import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { leaseFor } from "./lease.ts";
import type { MachineEvent, MachineStatus } from "./machine-state.ts";
import { defaultTimings } from "./timings.ts";
import { transitionMachine } from "./transition-machine.ts";

const start = new Date("2024-11-12T18:00:00Z");
const at = (seconds: number) => new Date(start.getTime() + seconds * 1000);
const fresh: MachineStatus = {
  state: "requested",
  instanceId: null,
  requestedAt: start,
  leaseUntil: at(600),
  bootingAt: null,
  readyAt: null,
  warmAt: null,
  takenAt: null,
  assignedAt: null,
  drainingAt: null,
  terminatedAt: null,
  endReason: null,
  endCode: null,
};

const anyEvent: fc.Arbitrary<MachineEvent> = fc.oneof(
  fc.constantFrom("m-1", "m-1", "m-2").map((instanceId) => ({
    type: "launched" as const,
    instanceId,
  })),
  fc.constant({ type: "session-opened" as const }),
  fc.constant({ type: "warmed" as const }),
  fc.integer({ min: 1, max: 900 }).map((lease) => ({ type: "taken" as const, leaseUntil: at(lease) })),
  fc.constant({ type: "assigned" as const }),
  fc.constant({ type: "drain" as const, code: "failed" as const, reason: "Enough." }),
  fc.constant({ type: "lost" as const, reason: "Gone." }),
  fc.constant({ type: "terminated" as const }),
);
const order = ["requested", "booting", "ready", "assigned", "draining", "lost", "terminated"];

interface Step {
  before: MachineStatus;
  after: MachineStatus;
  event: MachineEvent;
  now: Date;
  effects: { type: string; seconds?: number }[];
}

function always(rule: (step: Step) => void) {
  const steps = fc.array(fc.tuple(anyEvent, fc.integer({ min: 0, max: 400 })), { maxLength: 30 });
  fc.assert(
    fc.property(steps, (drawn) => {
      let machine = fresh;
      let seconds = 1;
      for (const [event, wait] of drawn) {
        seconds += wait;
        const now = at(seconds);
        const move = transitionMachine(machine, event, now);
        const next = move.outcome === "moved" ? move.state : machine;
        rule({
          before: machine,
          after: next,
          event,
          now,
          effects: move.outcome === "moved" ? move.effects : [],
        });
        machine = next;
      }
    }),
    { numRuns: 500 },
  );
}

describe("whatever happens to a machine", () => {
  test("it never leaves terminated", () => {
    always(({ before, after: next }) => {
      if (before.state === "terminated") expect(next).toEqual(before);
    });
  });

  test("its lease is never extended, and shortened only once, by the run that takes it", () => {
    always(({ before, after: next, event }) => {
      if (next.leaseUntil.getTime() === before.leaseUntil.getTime()) return;
      expect(event.type).toBe("taken");
      expect(before.takenAt).toBeNull();
      expect(next.leaseUntil.getTime()).toBeLessThan(before.leaseUntil.getTime());
    });
  });

  test("it is taken once, and only while it may still do its work", () => {
    always(({ before, after: next, now }) => {
      if (next.takenAt === before.takenAt) return;
      expect(before.takenAt).toBeNull();
      expect(["requested", "booting", "ready"]).toContain(before.state);
      expect(now.getTime()).toBeLessThan(next.leaseUntil.getTime());
    });
  });

  test("it never goes back: a used machine is never ready again", () => {
    always(({ before, after: next }) => {
      expect(order.indexOf(next.state)).toBeGreaterThanOrEqual(order.indexOf(before.state));
    });
  });

  test("it does no work after its lease", () => {
    always(({ before, after: next, now }) => {
      if (now < before.leaseUntil || before.state === next.state) return;
      expect(["ready", "assigned"]).not.toContain(next.state);
    });
  });

  test("its machine's name, once known, stays", () => {
    always(({ before, after: next }) => {
      if (before.instanceId !== null) expect(next.instanceId).toBe(before.instanceId);
    });
  });

  test("it is closed only by way of draining or lost, which ask for the machine's end", () => {
    always(({ before, after: next, effects }) => {
      if (next.state === "terminated" && before.state !== "terminated") {
        expect(["draining", "lost"]).toContain(before.state);
      }
      if ((next.state === "draining" || next.state === "lost") && next.state !== before.state) {
        expect(effects).toContainEqual({ type: "terminate-machine" });
      }
    });
  });

  test("its cost is written once, from launch to end", () => {
    let booked: number[] = [];
    const steps = fc.array(fc.tuple(anyEvent, fc.integer({ min: 0, max: 400 })), { maxLength: 30 });
    fc.assert(
      fc.property(steps, (drawn) => {
        booked = [];
        let inPool = 0;
        let machine = fresh;
        let seconds = 1;
        for (const [event, wait] of drawn) {
          seconds += wait;
          const move = transitionMachine(machine, event, at(seconds));
          if (move.outcome !== "moved") continue;
          for (const effect of move.effects) {
            if (effect.type !== "book-cost") continue;
            booked.push(effect.seconds);
            inPool = effect.poolSeconds;
          }
          machine = move.state;
        }
        expect(booked).toHaveLength(machine.state === "terminated" ? 1 : 0);
        const [cost] = booked;
        if (cost === undefined) return;
        expect(cost).toBeGreaterThanOrEqual(0);
        expect(inPool).toBeGreaterThanOrEqual(0);
        expect(inPool).toBeLessThanOrEqual(cost);
        if (machine.takenAt === null) expect(inPool).toBe(0);
        if (machine.bootingAt === null) expect(cost).toBe(0);
        expect(cost).toBeLessThanOrEqual(seconds);
      }),
      { numRuns: 500 },
    );
  });
});

describe("a machine", () => {
  test("accepts a session before its launch is recorded: the machine can be faster than its reply", () => {
    const move = transitionMachine(fresh, { type: "session-opened" }, at(2));
    expect(move).toMatchObject({ outcome: "moved", state: { state: "ready", bootingAt: start } });
    if (move.outcome !== "moved") return;
    const launched = { type: "launched", instanceId: "m-1" } as const;
    expect(transitionMachine(move.state, launched, at(3))).toMatchObject({
      outcome: "moved",
      state: { state: "ready", instanceId: "m-1" },
    });
  });

  test("has its time to boot from the launch's answer on, and costs from the request", () => {
    const slow = transitionMachine(fresh, { type: "launched", instanceId: "m-1" }, at(55));
    expect(slow).toMatchObject({ state: { state: "booting", bootingAt: at(55) } });
    const ended: MachineStatus = { ...fresh, state: "draining", bootingAt: at(55), drainingAt: at(90) };
    expect(transitionMachine(ended, { type: "terminated" }, at(90))).toMatchObject({
      effects: [{ type: "book-cost", seconds: 90 }],
    });
  });

  test("that was lost is billed until it was found lost, not until its row was closed", () => {
    const lost: MachineStatus = {
      ...fresh,
      state: "lost",
      instanceId: "m",
      bootingAt: at(1),
      drainingAt: at(31),
    };
    const move = transitionMachine(lost, { type: "terminated" }, at(500));
    expect(move).toMatchObject({ effects: [{ type: "book-cost", seconds: 31 }] });
  });

  test("that a run took from the pool has its time before that booked apart", () => {
    const used: MachineStatus = {
      ...fresh,
      state: "draining",
      instanceId: "m",
      bootingAt: at(1),
      takenAt: at(301),
      drainingAt: at(340),
    };
    const move = transitionMachine(used, { type: "terminated" }, at(341));
    expect(move).toMatchObject({ effects: [{ type: "book-cost", seconds: 341, poolSeconds: 301 }] });
  });

  test("that had no machine costs nothing", () => {
    const drained: MachineStatus = { ...fresh, state: "draining", drainingAt: at(5) };
    const move = transitionMachine(drained, { type: "terminated" }, at(10));
    expect(move).toMatchObject({ effects: [{ type: "book-cost", seconds: 0, poolSeconds: 0 }] });
  });

  test("is no cheaper by a clock that is set back: what was seen of it before counts", () => {
    const status = { ...fresh, state: "draining" as const, instanceId: "m-1", bootingAt: at(10) };
    const ending = { ...status, assignedAt: at(60), drainingAt: at(600) };
    expect(transitionMachine(ending, { type: "terminated" }, at(-3000))).toMatchObject({
      effects: [{ type: "book-cost", seconds: 600 }],
    });
    const endedBefore = { ...status, assignedAt: at(60), drainingAt: at(-3000) };
    expect(transitionMachine(endedBefore, { type: "terminated" }, at(-2990))).toMatchObject({
      effects: [{ type: "book-cost", seconds: 60 }],
    });
  });

  test("may live for its exercise's time plus boot, the start of what it has, and reporting, and no longer", () => {
    const lease = leaseFor({ timeoutSeconds: 600, machineKind: "engine" }, defaultTimings, start);
    expect(lease).toEqual(at(60 + 90 + 600 + 60));
  });

  test("that starts a Kubernetes as slowly as it may is not ended in its last checks", () => {
    const lease = leaseFor({ timeoutSeconds: 600, machineKind: "engine+kubernetes" }, defaultTimings, start);
    expect(lease).toEqual(at(60 + 90 + 90 + 600 + 60));
  });

  test("has as much of its lease left after the clock jumped ahead as before, while it may work", () => {
    const jump = { type: "clock-jumped" as const, byMs: 3_600_000 };
    expect(transitionMachine(fresh, jump, at(3_605))).toEqual({
      outcome: "moved",
      state: { ...fresh, leaseUntil: at(600 + 3_600) },
      effects: [],
    });
    const drained: MachineStatus = { ...fresh, state: "draining", drainingAt: at(5) };
    expect(transitionMachine(drained, jump, at(3_605)).outcome).toBe("ignored");
    expect(transitionMachine(fresh, { ...jump, byMs: -3_600_000 }, at(5)).outcome).toBe("refused");
  });
});
