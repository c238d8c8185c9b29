import { type Spending, utcDay } from "#course/cost/budget.ts";
import type { Micros } from "#course/cost/micros.ts";
import { platformEnds } from "#grading/machines/machine-state.ts";
import type { Tx } from "../connection/client.ts";
import { readHolds } from "./living.ts";

/**
 * What was spent and is held: in this UTC day, and by these courses and students. No student pays for a machine that
 * failed or was taken away, with which the run is graded anew.
 */
export async function readSpending(
  tx: Tx,
  { courses, students }: { courses: readonly string[]; students: readonly string[] },
  now: Date,
): Promise<Spending> {
  const day = utcDay(now);
  // Before the ledger: a machine that ends meanwhile is counted twice for this look, and never not at all.
  const holds = await readHolds(tx, now);
  const ofCourses = await tx.$queryRaw<Row[]>`
    SELECT course_id AS id, sum(micros)::float8 AS micros FROM ledger_entry
    WHERE course_id = ANY(${[...courses]}::text[]) GROUP BY course_id`;
  // The day's are read by its index: few beside those of all time.
  const ofDay = await tx.$queryRaw<{ id: string | null; micros: Micros; own: Micros }[]>`
    SELECT l.user_id AS id, sum(l.micros)::float8 AS micros,
      coalesce(sum(l.micros) FILTER (WHERE NOT coalesce(m.end_code = ANY(${[...platformEnds]}::"EndCode"[]), false)), 0)::float8 AS own
    FROM ledger_entry l LEFT JOIN machine m ON m.id = l.machine_id
    WHERE l.day = ${dayText(day)}::date GROUP BY l.user_id`;
  const spent = { courses: sumsOf(ofCourses), students: new Map<string, Micros>() };
  let dayMicros = 0;
  for (const { id, micros, own } of ofDay) {
    dayMicros += micros;
    if (id !== null && students.includes(id)) spent.students.set(id, own);
  }
  for (const hold of holds) {
    if (hold.course !== null) add(spent.courses, hold.course, hold.micros);
    if (hold.day.getTime() !== day.getTime()) continue;
    dayMicros += hold.micros;
    if (hold.student !== null && !hold.ofPlatform) add(spent.students, hold.student, hold.micros);
  }
  return { dayMicros, ...spent };
}

/** As the ledger writes it, whatever zone the connection is in. */
export const dayText = (day: Date): string => day.toISOString().slice(0, 10);

interface Row {
  id: string;
  micros: Micros;
}

const sumsOf = (rows: readonly Row[]) => new Map(rows.map(({ id, micros }) => [id, micros]));

function add(sums: Map<string, Micros>, id: string, micros: Micros): void {
  sums.set(id, (sums.get(id) ?? 0) + micros);
}
