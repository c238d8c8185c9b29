import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { deadlineRules } from "./deadline-rules.ts";
import { type DeadlineRules, effectiveDeadline, judgeArrival } from "./effective-deadline.ts";
import { describeLatePolicy } from "./late-policy.ts";
import { latenessOf, type ReceivedWork } from "./lateness.ts";

const day = 86_400_000;
const due = new Date("2024-11-23T12:00:00Z");
const at = (ms: number) => new Date(due.getTime() + ms);
const rules: DeadlineRules = {
  releasedAt: null,
  dueAt: due,
  availableUntil: at(10 * day),
  graceSeconds: 0,
  latePolicy: { kind: "deduct", percent: 10, per: "day", maxPercent: 50 },
};
/** As submitWork writes it down: by the deadline in force at that moment. */
function received(ms: number, extension: { dueAt: Date } | null = null, of = rules): ReceivedWork {
  const deadline = effectiveDeadline(of, extension);
  const arrival = judgeArrival(deadline, at(ms));
  return { receivedAt: at(ms), dueAt: deadline.dueAt, late: arrival.outcome === "accepted" && arrival.late };
}

describe("work that was late when it was received", () => {
  const work = received(2 * day + 1);

  it("stays late and loses points while nothing changed", () => {
    expect(latenessOf(work, effectiveDeadline(rules, null))).toEqual({
      ...{ late: true, lateWhenReceived: true, penaltyPercent: 30, excusedBy: null },
    });
  });

  it("is on time with an extension beyond it, to the millisecond", () => {
    const until = (ms: number) => latenessOf(work, effectiveDeadline(rules, { dueAt: at(ms) }));
    expect(until(2 * day + 2)).toEqual({
      ...{ late: false, lateWhenReceived: true, penaltyPercent: 0, excusedBy: "extension" },
    });
    expect(until(2 * day + 1)).toMatchObject({ late: true, penaltyPercent: 10 });
  });

  it("is on time with a grace, a due date moved by the file, or none left", () => {
    const by = (change: Partial<DeadlineRules>) =>
      latenessOf(received(1), effectiveDeadline({ ...rules, ...change }, null));
    const onTime = { late: false, lateWhenReceived: true, penaltyPercent: 0, excusedBy: "deadline" };
    expect(by({ graceSeconds: 60 })).toEqual(onTime);
    expect(by({ dueAt: at(day) })).toEqual(onTime);
    expect(by({ dueAt: null, availableUntil: null })).toEqual(onTime);
  });

  it("loses no more when an extension is ended than when it was received", () => {
    const extension = { dueAt: at(3 * day) };
    const late = received(3 * day + 1, extension);
    expect(latenessOf(late, effectiveDeadline(rules, extension)).penaltyPercent).toBe(10);
    expect(latenessOf(late, effectiveDeadline(rules, null)).penaltyPercent).toBe(10);
  });
});

describe("whatever staff change after work was received", () => {
  const ms = fc.integer({ min: -3 * day, max: 9 * day });
  const extensions = fc.option(fc.integer({ min: 1, max: 8 * day }).map((after) => ({ dueAt: at(after) })));
  const grace = fc.integer({ min: 0, max: 86_400 });

  it("never makes work later, or costs more, than its receipt says", () => {
    fc.assert(
      fc.property(ms, extensions, extensions, grace, grace, (arrived, then, now, graceThen, graceNow) => {
        const before = { ...rules, graceSeconds: graceThen };
        const work = received(arrived, then, before);
        const first = latenessOf(work, effectiveDeadline(before, then));
        const later = latenessOf(work, effectiveDeadline({ ...rules, graceSeconds: graceNow }, now));
        expect(first.late).toBe(work.late);
        if (later.late) expect(work.late).toBe(true);
        expect(later.penaltyPercent).toBeLessThanOrEqual(first.penaltyPercent);
        expect(later.excusedBy === null).toBe(later.late === later.lateWhenReceived);
      }),
    );
  });

  it("judges late work as it would judge work that arrived at that instant today", () => {
    fc.assert(
      fc.property(ms, extensions, grace, (arrived, now, graceNow) => {
        const work = received(arrived);
        fc.pre(work.late);
        const inForce = effectiveDeadline({ ...rules, graceSeconds: graceNow }, now);
        const today = judgeArrival(inForce, at(arrived));
        const { late, penaltyPercent } = latenessOf(work, inForce);
        expect({ outcome: "accepted", late, penaltyPercent }).toEqual(today);
      }),
    );
  });
});

describe("stored dates", () => {
  const stored = { ...rules, staffGraceSeconds: null, graceSeconds: 300 };

  it("have the file's grace until staff set one, be it none", () => {
    expect(deadlineRules(stored).graceSeconds).toBe(300);
    expect(deadlineRules({ ...stored, staffGraceSeconds: 900 }).graceSeconds).toBe(900);
    expect(deadlineRules({ ...stored, staffGraceSeconds: 0 }).graceSeconds).toBe(0);
  });

  it.each([{ kind: "perhaps" }, { kind: "deduct" }, { kind: "none", $version: 2 }, {}, [], null, "none"])(
    "with the late policy %j, which cannot be read, take late work while it is available and deduct nothing",
    (latePolicy) => {
      const rules = deadlineRules({ ...stored, latePolicy });
      expect(rules.latePolicy).toEqual({ kind: "unreadable" });
      const deadline = effectiveDeadline(rules, null);
      expect(judgeArrival(deadline, at(2 * day))).toEqual({
        outcome: "accepted",
        late: true,
        penaltyPercent: 0,
      });
      expect(describeLatePolicy(rules.latePolicy)).toMatch(/cannot be read.*load the course again/);
    },
  );
});
