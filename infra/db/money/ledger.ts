import type { LedgerEntry } from "#course/cost/bill.ts";
import type { Tx } from "../connection/client.ts";

/**
 * Writes what a machine has cost into the ledger, for the run that it has and its student, assignment and course, on the
 * UTC day on which it was asked for. In the transaction that ends the machine, and once: a second time is an error.
 */
export async function addEntries(tx: Tx, machineId: string, entries: readonly LedgerEntry[]): Promise<void> {
  if (entries.length === 0) return;
  const parts = entries.map(({ part }) => part);
  const micros = entries.map((entry) => entry.micros);
  const written = await tx.$executeRaw`
    INSERT INTO ledger_entry (machine_id, part, day, micros, run_id, user_id, assignment_id, course_id)
    SELECT m.id, p.part, (m.requested_at AT TIME ZONE 'UTC')::date, p.micros, r.id, s.user_id, a.id, a.course_id
    FROM machine m
    CROSS JOIN unnest(${parts}::"LedgerPart"[], ${micros}::bigint[]) AS p(part, micros)
    LEFT JOIN run r ON r.id = m.run_id AND p.part = 'run'
    LEFT JOIN submission s ON s.id = r.submission_id
    LEFT JOIN exercise e ON e.id = s.exercise_id
    LEFT JOIN assignment a ON a.id = e.assignment_id
    WHERE m.id = ${machineId}`;
  if (written !== entries.length) throw new Error(`The cost of machine ${machineId} was not booked.`);
}
