import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { deadlineRules } from "../deadlines/deadline-rules.ts";
import { deadlineStatusAt, effectiveDeadline } from "../deadlines/effective-deadline.ts";
import { countedOf, groupWork, hasFullPoints, type StudentWork } from "./group-work.ts";
import { replacedByNext } from "./replaced-by-next.ts";

const now = new Date("2024-11-14T12:00:00Z");
const day = 86_400_000;
const inDays = (days: number) => new Date(now.getTime() + days * day);

interface Dates {
  due: number | null;
  /** Days after the due date in which late work is taken. */
  late: number;
  extension: number | null;
  released: number;
}

/** An assignment by its days from now, through the rules that pages use. */
function work(
  dates: Partial<Dates>,
  exercises: StudentWork["exercises"] = [],
): StudentWork & { dates: Dates } {
  const all: Dates = { due: 1, late: 0, extension: null, released: -100, ...dates };
  const rules = deadlineRules({
    releasedAt: inDays(all.released),
    dueAt: all.due === null ? null : inDays(all.due),
    availableUntil: all.due === null || all.late === 0 ? null : inDays(all.due + all.late),
    graceSeconds: 0,
    staffGraceSeconds: null,
    latePolicy: { kind: all.late > 0 ? "accept" : "none" },
  });
  const deadline = effectiveDeadline(rules, all.extension === null ? null : { dueAt: inDays(all.extension) });
  const { status } = deadlineStatusAt(deadline, now);
  return { status, dueAt: deadline.dueAt, exercises, dates: all };
}

const full = [{ points: 100, maxPoints: 100 }];
const some = [{ points: 86, maxPoints: 100 }];

describe("a student's work", () => {
  it("shows the one deadline ahead, however much old work is still taken", () => {
    const old = Array.from({ length: 9 }, (_, index) => work({ due: -index - 1, late: 5_000 }));
    const ahead = work({ due: 8 });
    const { next, overdue } = groupWork([...old, ahead]);
    expect(next).toEqual([ahead]);
    expect(overdue).toHaveLength(9);
  });

  it("takes an extension for the due date that it is", () => {
    const extended = work({ due: -3, late: 5_000, extension: 3 });
    expect(groupWork([work({ due: 5 }), extended]).next[0]).toBe(extended);
  });

  it("is done at full points, before and after the due date, and when it is closed", () => {
    const works = [work({ due: 3 }, full), work({ due: -3, late: 9 }, full), work({ due: -3 }, some)];
    expect(groupWork(works)).toMatchObject({ next: [], overdue: [] });
  });

  it("is done with all points less what lateness took: a later one can only have less", () => {
    const attempts = [
      { number: 1, counts: false, points: 40, run: { score: 40, maxScore: 100 } },
      { number: 2, counts: true, points: 80, run: { score: 100, maxScore: 100 } },
    ];
    expect(replacedByNext(attempts)).toMatchObject({ full: true });
    const late = work({ due: -3, late: 9 }, [countedOf(attempts)]);
    expect(groupWork([late])).toMatchObject({ overdue: [], done: [late] });
    expect(countedOf([])).toEqual({ points: null, maxPoints: null });
  });

  it("is not done with some of the points, with one exercise of two, or while nothing is graded", () => {
    expect(hasFullPoints({ exercises: some })).toBe(false);
    expect(hasFullPoints({ exercises: [...full, ...some] })).toBe(false);
    expect(hasFullPoints({ exercises: [{ points: null, maxPoints: 100 }] })).toBe(false);
    expect(hasFullPoints({ exercises: [{ points: 0, maxPoints: 0 }] })).toBe(false);
    expect(hasFullPoints({ exercises: [] })).toBe(false);
  });

  const days = fc.integer({ min: -30, max: 30 });
  const works = fc.array(
    fc
      .record({
        due: fc.option(days),
        late: fc.constantFrom(0, 10, 5_000),
        extension: fc.option(days),
        released: fc.integer({ min: -60, max: 5 }),
        exercises: fc.constantFrom<StudentWork["exercises"]>(
          ...[[], full, some, [{ points: null, maxPoints: 100 }], [...full, ...some]],
        ),
      })
      .map(({ exercises, ...dates }) => work(dates, exercises)),
    { maxLength: 30 },
  );

  it("is in exactly one group each, but for what is not released", () => {
    fc.assert(
      fc.property(works, (all) => {
        const { next, overdue, done } = groupWork(all);
        const grouped = [...next, ...overdue, ...done];
        const released = all.filter(({ dates }) => dates.released <= 0);
        expect(new Set(grouped)).toEqual(new Set(released));
        expect(grouped).toHaveLength(released.length);
      }),
    );
  });

  it("has everything that is due later and not at full points in its first group, soonest first", () => {
    fc.assert(
      fc.property(works, (all) => {
        const { next } = groupWork(all);
        const ahead = all.filter(
          ({ dates, dueAt, exercises }) =>
            dates.released <= 0 && (dueAt === null || dueAt > now) && !hasFullPoints({ exercises }),
        );
        expect(new Set(next)).toEqual(new Set(ahead));
        const dues = next.map(({ dueAt }) => dueAt?.getTime() ?? Number.POSITIVE_INFINITY);
        expect(dues).toEqual(dues.toSorted((a, b) => a - b));
      }),
    );
  });

  it("calls overdue only what is past its due date, still taken and not at full points", () => {
    fc.assert(
      fc.property(works, (all) => {
        for (const one of groupWork(all).overdue) {
          expect(one.dueAt && one.dueAt <= now).toBe(true);
          expect(one.status).toBe("late-accepted");
          expect(hasFullPoints(one)).toBe(false);
        }
      }),
    );
  });
});
