import fc from "fast-check";
import { expect, test } from "vitest";
import { defaultTimings } from "../timings.ts";
import { isNearDeadline } from "./near-deadline.ts";

const now = new Date("2024-11-15T11:00:00Z");
const minutes = (count: number) => new Date(now.getTime() + count * 60_000);
const timings = { gradedWithinMs: 600_000 };
const near = (dueIn: number, waited: number) =>
  isNearDeadline({ dueAt: minutes(dueIn), queuedAt: minutes(-waited) }, timings, now);

test("a run's deadline is near when grading alone may take as long", () => {
  expect(near(9, 0)).toBe(true);
  expect(near(10, 0)).toBe(false);
  expect(defaultTimings.gradedWithinMs).toBe(timings.gradedWithinMs);
});

test("and earlier the longer it waits, since it may wait as long again", () => {
  expect(near(40, 29)).toBe(false);
  expect(near(40, 31)).toBe(true);
});

test("not once it is over, nor where nothing is due", () => {
  expect(near(0, 60)).toBe(false);
  expect(near(-1, 60)).toBe(false);
  expect(isNearDeadline({ dueAt: null, queuedAt: minutes(-600) }, timings, now)).toBe(false);
});

test("a run that waits comes near its deadline once, and stays so until the deadline", () => {
  const span = fc.integer({ min: 0, max: 7 * 86_400_000 });
  fc.assert(
    fc.property(span, span, span, (beforeDue, one, other) => {
      const queuedAt = now;
      const dueAt = new Date(now.getTime() + beforeDue);
      const at = (ms: number) => new Date(now.getTime() + ms);
      const [first, second] = one < other ? [at(one), at(other)] : [at(other), at(one)];
      const isNear = (instant: Date) => isNearDeadline({ dueAt, queuedAt }, timings, instant);
      if (isNear(first) && second < dueAt) expect(isNear(second)).toBe(true);
      if (second >= dueAt) expect(isNear(second)).toBe(false);
    }),
  );
});

test("a clock that was set back to before it was queued makes no deadline near", () => {
  const queuedAt = minutes(600);
  expect(isNearDeadline({ dueAt: minutes(700), queuedAt }, timings, now)).toBe(false);
});
