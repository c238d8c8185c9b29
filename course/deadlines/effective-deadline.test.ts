import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  type DeadlineRules,
  deadlineStatusAt,
  effectiveDeadline,
  judgeArrival,
} from "./effective-deadline.ts";
import { type LatePolicy, latePenaltyPercent } from "./late-policy.ts";

const hour = 3_600_000;
const base = Date.parse("2024-11-15T12:00:00Z");
const at = (ms: number) => new Date(base + ms);

const policies: fc.Arbitrary<LatePolicy> = fc.oneof(
  fc.constant<LatePolicy>({ kind: "none" }),
  fc.constant<LatePolicy>({ kind: "accept" }),
  fc.record({
    kind: fc.constant("deduct" as const),
    percent: fc.integer({ min: 1, max: 60 }),
    per: fc.constantFrom("day" as const, "hour" as const),
    maxPercent: fc.integer({ min: 1, max: 100 }),
  }),
);

/** Dates in whole seconds: released, due, available-until in that order, each possibly missing. */
const anyRules: fc.Arbitrary<DeadlineRules> = fc
  .record({
    release: fc.option(fc.integer({ min: 1, max: 500_000 })),
    hasDue: fc.boolean(),
    lateSeconds: fc.option(fc.integer({ min: 0, max: 500_000 })),
    graceSeconds: fc.oneof(fc.constant(0), fc.integer({ min: 0, max: 86_400 })),
    latePolicy: policies,
  })
  .map(({ release, hasDue, lateSeconds, graceSeconds, latePolicy }) => ({
    releasedAt: release === null ? null : at(-release * 1000),
    dueAt: hasDue ? at(0) : null,
    availableUntil: hasDue && lateSeconds !== null ? at(lateSeconds * 1000) : null,
    graceSeconds,
    latePolicy,
  }));
const anyExtension = fc.option(
  fc.integer({ min: -300_000, max: 900_000 }).map((s) => ({ dueAt: at(s * 1000) })),
);
const anyArrival = fc.integer({ min: -600_000, max: 1_500_000 }).map((s) => at(s * 1000));

describe("a student's deadline", () => {
  it("is closed-open: the millisecond before is on time, the instant itself is not", () => {
    fc.assert(
      fc.property(anyRules, anyExtension, (rules, extension) => {
        const deadline = effectiveDeadline({ ...rules, releasedAt: null }, extension);
        const { dueAt, graceUntil, closesAt } = deadline;
        if (dueAt === null || graceUntil === null || closesAt === null) return;
        const justBefore = (instant: Date) =>
          deadlineStatusAt(deadline, new Date(instant.getTime() - 1)).status;
        expect(justBefore(dueAt)).toBe("open");
        expect(deadlineStatusAt(deadline, dueAt).status).not.toBe("open");
        if (graceUntil > dueAt) expect(justBefore(graceUntil)).toBe("in-grace");
        expect(deadlineStatusAt(deadline, graceUntil).status).not.toBe("in-grace");
        expect(deadlineStatusAt(deadline, closesAt).status).toBe("closed");
        expect(justBefore(closesAt)).not.toBe("closed");
      }),
    );
  });

  it("goes through its states in one order and says truly when each ends", () => {
    const order = ["not-released", "open", "in-grace", "late-accepted", "closed"];
    fc.assert(
      fc.property(anyRules, anyExtension, anyArrival, anyArrival, (rules, extension, a, b) => {
        const deadline = effectiveDeadline(rules, extension);
        const [first, second] = a < b ? [a, b] : [b, a];
        const earlier = deadlineStatusAt(deadline, first);
        const later = deadlineStatusAt(deadline, second);
        expect(order.indexOf(later.status)).toBeGreaterThanOrEqual(order.indexOf(earlier.status));
        if (earlier.until === null) return;
        expect(earlier.until > first).toBe(true);
        const last = new Date(earlier.until.getTime() - 1);
        expect(deadlineStatusAt(deadline, last).status).toBe(earlier.status);
        expect(deadlineStatusAt(deadline, earlier.until).status).not.toBe(earlier.status);
      }),
    );
  });

  it("never gets shorter by an extension, by grace or by a late policy", () => {
    fc.assert(
      fc.property(anyRules, anyExtension, anyArrival, (rules, extension, arrival) => {
        const plain = effectiveDeadline({ ...rules, graceSeconds: 0, latePolicy: { kind: "none" } }, null);
        const full = effectiveDeadline(rules, extension);
        const onTime = judgeArrival(plain, arrival);
        if (onTime.outcome === "refused") return;
        expect(judgeArrival(full, arrival)).toEqual({ outcome: "accepted", late: false, penaltyPercent: 0 });
      }),
    );
  });

  it("takes available-until along when an extension goes beyond it", () => {
    const rules: DeadlineRules = {
      releasedAt: null,
      dueAt: at(0),
      availableUntil: at(24 * hour),
      graceSeconds: 0,
      latePolicy: { kind: "accept" },
    };
    const far = effectiveDeadline(rules, { dueAt: at(72 * hour) });
    expect(far.dueAt).toEqual(at(72 * hour));
    expect(far.closesAt).toEqual(at(72 * hour));
    const near = effectiveDeadline(rules, { dueAt: at(12 * hour) });
    expect(near.closesAt).toEqual(at(24 * hour));
    expect(near.extended).toBe(true);
    expect(effectiveDeadline(rules, { dueAt: at(-hour) }).extended).toBe(false);
  });

  it("counts work in grace as on time and says so as its own state", () => {
    const rules: DeadlineRules = {
      releasedAt: null,
      dueAt: at(0),
      availableUntil: null,
      graceSeconds: 900,
      latePolicy: { kind: "none" },
    };
    const deadline = effectiveDeadline(rules, null);
    expect(deadlineStatusAt(deadline, at(899_999))).toEqual({ status: "in-grace", until: at(900_000) });
    expect(judgeArrival(deadline, at(899_999))).toEqual({
      outcome: "accepted",
      late: false,
      penaltyPercent: 0,
    });
    expect(judgeArrival(deadline, at(900_000))).toEqual({ outcome: "refused", code: "deadline-passed" });
  });

  it("does not open before its release", () => {
    const rules: DeadlineRules = {
      releasedAt: at(-hour),
      dueAt: null,
      availableUntil: null,
      graceSeconds: 0,
      latePolicy: { kind: "none" },
    };
    const deadline = effectiveDeadline(rules, null);
    expect(judgeArrival(deadline, at(-hour - 1))).toEqual({ outcome: "refused", code: "not-released" });
    expect(judgeArrival(deadline, at(-hour))).toMatchObject({ outcome: "accepted" });
    expect(deadlineStatusAt(deadline, at(1e9))).toEqual({ status: "open", until: null });
  });
});

describe("the late penalty", () => {
  const daily: LatePolicy = { kind: "deduct", percent: 10, per: "day", maxPercent: 30 };

  it.each([
    [-1, 0],
    [0, 10],
    [24 * hour - 1, 10],
    [24 * hour, 20],
    [48 * hour, 30],
    [500 * hour, 30],
  ])("%d ms after the deadline at 10%% a started day, at most 30%%, is %d%%", (ms, percent) => {
    expect(latePenaltyPercent(daily, at(0), at(ms))).toBe(percent);
  });

  it("never falls as time passes and never passes its most", () => {
    fc.assert(
      fc.property(policies, anyArrival, anyArrival, (policy, a, b) => {
        const [first, second] = a < b ? [a, b] : [b, a];
        const lower = latePenaltyPercent(policy, at(0), first);
        const higher = latePenaltyPercent(policy, at(0), second);
        expect(higher).toBeGreaterThanOrEqual(lower);
        expect(higher).toBeLessThanOrEqual(policy.kind === "deduct" ? policy.maxPercent : 0);
      }),
    );
  });
});
