import { holdOf, type LedgerPart } from "#course/cost/bill.ts";
import { utcDay } from "#course/cost/budget.ts";
import { billingOf } from "#course/cost/cost-of.ts";
import type { Micros } from "#course/cost/micros.ts";
import { type EndCode, platformEnds } from "#grading/machines/machine-state.ts";
import type { Tx } from "../connection/client.ts";

/** What is held for one machine, or for one claim whose machine has no row yet. */
export interface Hold {
  /** Midnight (UTC) of the day that it counts to. */
  day: Date;
  part: LedgerPart;
  micros: Micros;
  /** null of the pool's. */
  course: string | null;
  assignment: string | null;
  student: string | null;
  /** It ends for no fault of its student's; see platformEnds. */
  ofPlatform: boolean;
}

interface LivingRow {
  endCode: EndCode | null;
  usdPerHour: number;
  requestedAt: Date;
  leaseUntil: Date;
  takenAt: Date | null;
  provider: string;
  run: string | null;
  course: string | null;
  assignment: string | null;
  student: string | null;
}

interface ClaimRow {
  micros: number;
  openedAt: Date;
  course: string;
  assignment: string;
  student: string;
}

/**
 * What is held for machines that are not gone, of every provider, and for claims without a machine. The claims are read
 * first: one that gets its machine's row meanwhile is held twice for this look, and never not at all.
 */
export async function readHolds(tx: Tx, now: Date): Promise<Hold[]> {
  const claims = await tx.$queryRaw<ClaimRow[]>`
    SELECT c.reserved_micros::float8 AS micros, c.opened_at AS "openedAt", a.course_id AS course, a.id AS assignment,
      s.user_id AS student
    FROM run r
    JOIN run_claim c ON c.run_id = r.id AND c.attempt = r.attempt
    JOIN submission s ON s.id = r.submission_id
    JOIN exercise e ON e.id = s.exercise_id
    JOIN assignment a ON a.id = e.assignment_id
    WHERE r.state = 'claimed' AND c.closed_at IS NULL AND c.reserved_micros IS NOT NULL`;
  const machines = await tx.$queryRaw<LivingRow[]>`
    SELECT m.usd_per_hour::float8 AS "usdPerHour", m.requested_at AS "requestedAt", m.lease_until AS "leaseUntil",
      m.taken_at AS "takenAt", m.provider, m.end_code::text AS "endCode", m.run_id AS run, a.course_id AS course, a.id AS assignment, s.user_id AS student
    FROM machine m
    LEFT JOIN run r ON r.id = m.run_id
    LEFT JOIN submission s ON s.id = r.submission_id
    LEFT JOIN exercise e ON e.id = s.exercise_id
    LEFT JOIN assignment a ON a.id = e.assignment_id
    WHERE m.state IN ('requested', 'booting', 'ready', 'assigned', 'draining', 'lost')`;
  return [
    ...machines.flatMap((machine) => holdsOf(machine, now)),
    ...claims.map(({ openedAt, ...claim }) => ({
      ...claim,
      day: utcDay(openedAt),
      part: "run" as const,
      ofPlatform: false,
    })),
  ];
}

function holdsOf(row: LivingRow, now: Date): Hold[] {
  const { run, provider, endCode, course, assignment, student, ...machine } = row;
  const ofPlatform = endCode !== null && (platformEnds as readonly EndCode[]).includes(endCode);
  const entries = holdOf({ ...machine, hasRun: run !== null, rule: billingOf(provider) }, now);
  const nobody = { course: null, assignment: null, student: null };
  return entries.map(({ part, micros }) => ({
    ...{ day: utcDay(machine.requestedAt), part, micros, ofPlatform },
    ...(part === "run" ? { course, assignment, student } : nobody),
  }));
}
