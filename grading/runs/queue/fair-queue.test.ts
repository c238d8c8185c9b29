import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { FairQueue, isSuperseded, turnAt, type WaitingRun } from "./fair-queue.ts";

const at = (second: number) => new Date(Date.UTC(2024, 10, 12, 18, 0, second));
let count = 0;
const run = (fields: Partial<WaitingRun>): WaitingRun => {
  count += 1;
  return {
    id: `run_${count}`,
    student: "alice",
    exercise: "docker",
    number: 1,
    newest: fields.number ?? 1,
    byStaff: false,
    queuedAt: at(count),
    attempt: 1,
    servedAt: null,
    ...fields,
  };
};
/** Every run in the order of starting, when each ends before the next one starts. */
function orderOf(waiting: WaitingRun[]): string[] {
  const queue = new FairQueue(waiting, []);
  const order: string[] = [];
  for (let next = queue.take(); next !== null; next = queue.take()) {
    order.push(next.id);
    queue.end(next);
  }
  return order;
}

test("twenty submissions of one student do not hold up the class", () => {
  const alice = Array.from({ length: 20 }, (_, i) =>
    run({ id: `alice ${i + 1}`, number: i + 1, newest: 20 }),
  );
  const others = ["bob", "carol"].map((student) => run({ id: student, student }));
  expect(orderOf([...alice, ...others]).slice(0, 4)).toEqual(["alice 20", "bob", "carol", "alice 19"]);
});

test("who was served longest ago is next, and who never was before them", () => {
  const waiting = [
    run({ id: "late", student: "a", servedAt: at(50) }),
    run({ id: "early", student: "b", servedAt: at(40) }),
    run({ id: "never", student: "c" }),
  ];
  expect(orderOf(waiting)).toEqual(["never", "early", "late"]);
});

test("a student has one run of an exercise under way, and another exercise beside it", () => {
  const docker = run({ id: "docker" });
  const kubernetes = run({ id: "kubernetes", exercise: "kubernetes" });
  const queue = new FairQueue([docker, kubernetes], [{ student: "alice", exercise: "docker" }]);
  expect(queue.take()?.id).toBe("kubernetes");
  expect(queue.take()).toBeNull();
  queue.end(docker);
  expect(queue.take()?.id).toBe("docker");
});

test("a run that lost its machine does not wait for a turn again", () => {
  const again = run({ id: "again", student: "alice", attempt: 2, servedAt: at(59) });
  expect(orderOf([run({ id: "bob", student: "bob" }), again])).toEqual(["again", "bob"]);
});

test("what staff asked for comes before the student's own, the oldest first, however old the submission", () => {
  const own = run({ id: "own", number: 9, newest: 9 });
  const second = run({ id: "staff 2", number: 4, newest: 9, byStaff: true, queuedAt: at(9) });
  const first = run({ id: "staff 1", number: 5, newest: 9, byStaff: true, queuedAt: at(8) });
  expect(orderOf([own, second, first])).toEqual(["staff 1", "staff 2", "own"]);
});

test("a run that got no machine twice takes its turn like others from then on", () => {
  const [again, often] = [run({ id: "again", attempt: 3 }), run({ id: "often", student: "bob", attempt: 4 })];
  const served = run({ id: "new", student: "eve" });
  expect(orderOf([often, { ...served, servedAt: at(1) }, again])).toEqual(["again", "often", "new"]);
  expect(orderOf([{ ...often, servedAt: at(1) }, served, again])).toEqual(["again", "new", "often"]);
});

/** One thing that happens: a submission, a rerun by staff of an older one, or time that passes. */
type Step =
  | { kind: "submit"; student: string; exercise: string; length: number }
  | { kind: "staff-rerun"; student: string; exercise: string; length: number }
  | { kind: "pass"; seconds: number };
const who = { student: fc.constantFrom("a", "b", "c", "d"), exercise: fc.constantFrom("x", "y") };
const length = fc.integer({ min: 1, max: 20 });
const steps = fc.array(
  fc.oneof(
    { weight: 6, arbitrary: fc.record({ kind: fc.constant("submit" as const), ...who, length }) },
    { weight: 1, arbitrary: fc.record({ kind: fc.constant("staff-rerun" as const), ...who, length }) },
    {
      weight: 4,
      arbitrary: fc.record({
        kind: fc.constant("pass" as const),
        seconds: fc.integer({ min: 1, max: 20 }),
      }),
    },
  ),
  { maxLength: 60 },
);

interface Start {
  run: WaitingRun;
  /** All that waited at that moment, this one included, and what was under way. */
  waiting: WaitingRun[];
  busy: string[];
}

/** Plays a fleet with so many places, one look a second, and reports every start. Each look knows only the tables. */
function play(places: number, drawn: Step[]): { starts: Start[]; left: number; submitted: number } {
  const lengths = new Map<string, number>();
  const newest = new Map<string, number>();
  const served = new Map<string, Date>();
  const starts: Start[] = [];
  let waiting: WaitingRun[] = [];
  let busy: { run: WaitingRun; until: number }[] = [];
  let second = 0;
  let ids = 0;
  const key = (one: { student: string; exercise: string }) => `${one.student}${one.exercise}`;
  const queue = (step: Exclude<Step, { kind: "pass" }>) => {
    const before = newest.get(key(step)) ?? 0;
    const byStaff = step.kind === "staff-rerun";
    if (byStaff && before === 0) return;
    const number = byStaff ? 1 : before + 1;
    newest.set(key(step), Math.max(before, number));
    ids += 1;
    lengths.set(`${ids}`, step.length);
    waiting.push({
      ...{ id: `${ids}`, student: step.student, exercise: step.exercise, number, newest: number, byStaff },
      ...{ queuedAt: at(second), attempt: 1, servedAt: null },
    });
  };
  const look = () => {
    busy = busy.filter(({ until }) => until > second);
    const seen = waiting.map((one) => ({
      ...one,
      newest: newest.get(key(one)) ?? one.number,
      servedAt: served.get(one.student) ?? null,
    }));
    const fair = new FairQueue(
      seen,
      busy.map((one) => one.run),
    );
    while (busy.length < places) {
      const next = fair.take();
      if (next === null) break;
      starts.push({ run: next, waiting: [...seen], busy: busy.map((one) => key(one.run)) });
      seen.splice(seen.indexOf(next), 1);
      waiting = waiting.filter(({ id }) => id !== next.id);
      busy.push({ run: next, until: second + (lengths.get(next.id) ?? 1) });
      // No two are claimed at the same instant: the fleet's lock lets one claim after the other.
      served.set(next.student, new Date(at(second).getTime() + starts.length));
    }
    const blocked = new Set(busy.map((one) => key(one.run)));
    // Work conserving: no place is idle while a run waits that may start.
    if (busy.length < places) expect(seen.filter((one) => !blocked.has(key(one)))).toEqual([]);
    expect(blocked.size).toBe(busy.length);
  };
  for (const step of drawn) {
    if (step.kind !== "pass") queue(step);
    for (let passed = 0; passed < (step.kind === "pass" ? step.seconds : 1); passed++) {
      look();
      second += 1;
    }
  }
  const bound = second + 21 * (waiting.length + busy.length + 1);
  for (; second < bound; second += 1) look();
  return { starts, left: waiting.length, submitted: ids };
}

const isCurrent = (one: WaitingRun) => !isSuperseded(one);

describe("whatever is handed in, in whatever order", () => {
  const always = (check: (played: ReturnType<typeof play>) => void) =>
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 4 }), steps, (places, drawn) => check(play(places, drawn))),
      { numRuns: 300 },
    );
  const able = ({ waiting, busy }: Start) =>
    waiting.filter((one) => !busy.includes(`${one.student}${one.exercise}`));

  test("nobody waits for more than one run of each other student", () => {
    always(({ starts }) => {
      /** Whose turn it has been since: the starts of others, by who waits. */
      const passed = new Map<string, Map<string, number>>();
      for (const start of starts) {
        const ready = new Set(
          able(start)
            .filter(isCurrent)
            .map((one) => one.student),
        );
        for (const student of passed.keys()) if (!ready.has(student)) passed.delete(student);
        passed.delete(start.run.student);
        ready.delete(start.run.student);
        for (const student of ready) {
          const others = passed.get(student) ?? new Map<string, number>();
          others.set(start.run.student, (others.get(start.run.student) ?? 0) + 1);
          passed.set(student, others);
          expect(others.get(start.run.student)).toBe(1);
        }
      }
    });
  });

  test("a student's newest run is the first of theirs, but for what staff asked for", () => {
    always(({ starts }) => {
      for (const start of starts) {
        const own = able(start).filter((one) => one.student === start.run.student && isCurrent(one));
        if (!isCurrent(start.run) || start.run.byStaff) continue;
        expect(own.some((one) => one.byStaff)).toBe(false);
        for (const other of own) expect(other.queuedAt <= start.run.queuedAt).toBe(true);
      }
    });
  });

  test("a superseded run starts only when no other may", () => {
    always(({ starts }) => {
      for (const start of starts) {
        if (isSuperseded(start.run)) expect(able(start).filter(isCurrent)).toEqual([]);
      }
    });
  });

  test("every run is started in the end, once", () => {
    always(({ starts, left, submitted }) => {
      expect(left).toBe(0);
      expect(new Set(starts.map(({ run: one }) => one.id)).size).toBe(submitted);
    });
  });
});

test("a rerun of staff is not starved by a student who hands in without end", () => {
  const drawn: Step[] = [{ kind: "submit", student: "a", exercise: "x", length: 5 }];
  const submit = { kind: "submit", student: "a", exercise: "x", length: 5 } as const;
  drawn.push({ kind: "staff-rerun", student: "a", exercise: "x", length: 5 });
  for (let i = 0; i < 50; i++) drawn.push(submit);
  const { starts } = play(1, drawn);
  expect(starts.slice(0, 2).map(({ run: one }) => one.byStaff)).toEqual([false, true]);
});

test("a rerun that a student asked for of an older submission waits behind the newer ones, however late it was asked for", () => {
  const older = (number: number, second: number) =>
    run({ id: `docker ${number}`, number, newest: 10, queuedAt: at(second) });
  const waiting = [older(6, 20), older(7, 21), older(9, 22), older(2, 40), older(10, 30)];
  const other = run({ id: "kubernetes 3", exercise: "kubernetes", number: 3, newest: 5, queuedAt: at(35) });
  expect(orderOf(waiting)).toEqual(["docker 10", "docker 9", "docker 7", "docker 6", "docker 2"]);
  expect(orderOf([...waiting, other]).filter((id) => id !== "kubernetes 3")).toEqual(orderOf(waiting));
});

test("a student served while the clock was ahead waits for one run of each other student once it is right", () => {
  const now = (minute: number) => new Date(Date.UTC(2024, 10, 12, 18, minute));
  const served = new Map([
    ["alice", now(60)],
    ["eve", now(61)],
  ]);
  const starts: string[] = [];
  for (let minute = 0; minute < 9; minute++) {
    const waiting = ["alice", "bob", "eve"].map((student) =>
      run({ student, servedAt: turnAt(served.get(student) ?? null, now(minute)) }),
    );
    const next = new FairQueue(waiting, []).take()?.student ?? "";
    starts.push(next);
    served.set(next, now(minute));
  }
  for (const round of [0, 3, 6]) expect(new Set(starts.slice(round, round + 3)).size).toBe(3);
});

test("a turn that another worker wrote a moment ago is one", () => {
  expect(turnAt(at(3), at(1))).toEqual(at(3));
  expect(turnAt(null, at(1))).toBeNull();
});
