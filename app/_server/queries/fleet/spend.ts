import { utcDay, utcWeek } from "#course/cost/budget.ts";
import { type Micros, usdOf } from "#course/cost/micros.ts";
import { type Hold, readHolds } from "#infra/db/money/living.ts";
import { dayText } from "#infra/db/money/spending.ts";
import type { Services } from "../../services.ts";

/** USD: what machines that are gone have cost, and the most that those which are not may still. */
export interface Spent {
  settledUsd: number;
  heldUsd: number;
}

/** A sum and its limit; null: there is none. */
export interface SpentOfCap extends Spent {
  capUsd: number | null;
}

export interface AssignmentSpend extends Spent {
  slug: string;
  title: string;
  /** Runs that had a machine. */
  runs: number;
}

export interface SpendView {
  /** The UTC day and the Monday of its week, as 2026-11-29: a machine counts to the day on which it was asked for. */
  day: string;
  weekFrom: string;
  /** Of all courses and the pool. */
  today: SpentOfCap;
  week: Spent;
  /** Of today what machines have cost while they waited for a run. */
  poolToday: Spent;
  /** Of this course, as long as it exists. */
  course: SpentOfCap;
  /** What the runs of one student may cost in a UTC day. */
  studentDayCapUsd: number | null;
  /** Of this course, the dearest first; those that cost nothing yet are left out. */
  assignments: AssignmentSpend[];
}

/** What machines have cost, from the ledger and the machines that are not gone. By the id that a permission allowed. */
export async function readSpend(
  { db, clock, config }: Pick<Services, "db" | "clock" | "config">,
  courseId: string,
): Promise<SpendView> {
  const now = clock();
  const [day, week] = [utcDay(now), utcWeek(now)];
  // Before the ledger; see readSpending.
  const holds = await readHolds(db, now);
  const days = await db.$queryRaw<{ day: string; part: string; micros: number }[]>`
    SELECT day::text AS day, part::text AS part, sum(micros)::float8 AS micros FROM ledger_entry
    WHERE day >= ${dayText(week)}::date GROUP BY 1, 2`;
  const settled = (which: (row: { day: string; part: string }) => boolean) =>
    days.filter(which).reduce((sum, { micros }) => sum + micros, 0);
  const held = (which: (hold: Hold) => boolean) =>
    holds.filter(which).reduce((sum, { micros }) => sum + micros, 0);
  const isToday = (one: { day: string }) => one.day === dayText(day);
  const heldToday = (hold: Hold) => hold.day.getTime() === day.getTime();
  const assignments = await readAssignments({ db }, courseId, holds);
  const { dayMicros, courseMicros, studentDayMicros } = config.caps;
  return {
    day: dayText(day),
    weekFrom: dayText(week),
    today: { ...spent(settled(isToday), held(heldToday)), capUsd: capOf(dayMicros) },
    week: spent(
      settled(() => true),
      held((hold) => hold.day >= week),
    ),
    poolToday: spent(
      settled((one) => isToday(one) && one.part === "pool"),
      held((hold) => heldToday(hold) && hold.part === "pool"),
    ),
    course: { ...sumOf(assignments), capUsd: capOf(courseMicros) },
    studentDayCapUsd: capOf(studentDayMicros),
    assignments: assignments.map(({ settled: one, held: other, ...rest }) => ({
      ...rest,
      ...spent(one, other),
    })),
  };
}

const capOf = (micros: Micros | null) => (micros === null ? null : usdOf(micros));
const spent = (settled: Micros, held: Micros): Spent => ({
  settledUsd: usdOf(settled),
  heldUsd: usdOf(held),
});

interface AssignmentMicros {
  slug: string;
  title: string;
  runs: number;
  settled: Micros;
  held: Micros;
}

const sumOf = (rows: readonly AssignmentMicros[]): Spent =>
  spent(
    rows.reduce((sum, { settled }) => sum + settled, 0),
    rows.reduce((sum, { held }) => sum + held, 0),
  );

async function readAssignments(
  { db }: Pick<Services, "db">,
  courseId: string,
  holds: readonly Hold[],
): Promise<AssignmentMicros[]> {
  const ledger = await db.$queryRaw<{ id: string; runs: number; micros: number }[]>`
    SELECT assignment_id AS id, count(DISTINCT run_id)::int AS runs, sum(micros)::float8 AS micros FROM ledger_entry
    WHERE course_id = ${courseId} GROUP BY 1`;
  const titles = await db.assignment.findMany({
    where: { courseId },
    select: { id: true, slug: true, title: true },
  });
  const known = new Map(titles.map(({ id, ...one }) => [id, one]));
  const rows = new Map<string, AssignmentMicros>();
  const rowOf = (id: string): AssignmentMicros => {
    // What was spent stays so when an assignment is removed.
    const named = known.get(id) ?? { slug: id, title: "An assignment that was removed" };
    const row = rows.get(id) ?? { ...named, runs: 0, settled: 0, held: 0 };
    rows.set(id, row);
    return row;
  };
  for (const { id, runs, micros } of ledger) Object.assign(rowOf(id), { runs, settled: micros });
  for (const { course, assignment, micros } of holds)
    if (course === courseId && assignment !== null) rowOf(assignment).held += micros;
  return [...rows.values()].sort(
    (a, b) => b.settled + b.held - a.settled - a.held || (a.slug < b.slug ? -1 : 1),
  );
}
