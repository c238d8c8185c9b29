import type { OpenRun } from "#grading/runs/demand/open-run.ts";
import { turnAt } from "#grading/runs/queue/fair-queue.ts";
import type { Tx } from "#infra/db/connection/client.ts";

/**
 * Every run that has not ended, in any order, with all that decides whose turn it is: one query, however long the
 * queue. A version is read once, not once a run.
 */
export async function readOpenRuns(db: Tx, now: Date): Promise<OpenRun[]> {
  const rows = await db.$queryRaw<OpenRun[]>`
    WITH open_run AS MATERIALIZED (
      SELECT r.*, s.user_id, s.team_id, s.exercise_id, s.number, s.due_at
      FROM run r JOIN submission s ON s.id = r.submission_id
      WHERE r.state IN ('queued', 'claimed', 'provisioning', 'running', 'scoring')
    ), version AS MATERIALIZED (
      SELECT v.id, v.machine_kind FROM exercise_version v
      WHERE v.id IN (SELECT exercise_version_id FROM open_run)
    ), holder AS MATERIALIZED (
      SELECT h.user_id, h.team_id, h.exercise_id, greatest(newest.number, theirs.number) AS number
      FROM (SELECT DISTINCT user_id, team_id, exercise_id FROM open_run) h
      LEFT JOIN LATERAL (
        SELECT s.number FROM submission s
        WHERE s.exercise_id = h.exercise_id AND s.user_id = h.user_id
          AND EXISTS (SELECT 1 FROM run r WHERE r.submission_id = s.id AND r.counts AND r.state <> 'cancelled')
        ORDER BY s.number DESC LIMIT 1
      ) newest ON true
      LEFT JOIN LATERAL (
        SELECT s.number FROM submission s
        WHERE s.team_id = h.team_id AND s.exercise_id = h.exercise_id
          AND EXISTS (SELECT 1 FROM run r WHERE r.submission_id = s.id AND r.counts AND r.state <> 'cancelled')
        ORDER BY s.number DESC LIMIT 1
      ) theirs ON true
    )
    SELECT o.id, o.state::text, o.user_id AS student, o.team_id AS team, o.exercise_id AS exercise, o.number,
      (SELECT a.course_id FROM exercise e JOIN assignment a ON a.id = e.assignment_id WHERE e.id = o.exercise_id) AS course,
      coalesce(h.number, o.number) AS newest, o.by_staff AS "byStaff", o.queued_at AS "queuedAt", o.attempt,
      o.claimed_at AS "claimedAt", o.due_at AS "dueAt", o.reason_code::text AS "reasonCode", o.reason, v.id AS version, v.machine_kind AS "machineKind",
      (SELECT t.served_at FROM student_turn t WHERE t.user_id = o.user_id) AS "servedAt"
    FROM open_run o
    JOIN version v ON v.id = o.exercise_version_id
    LEFT JOIN holder h ON h.user_id = o.user_id AND h.exercise_id = o.exercise_id
      AND h.team_id IS NOT DISTINCT FROM o.team_id`;
  return rows.map((row) => ({ ...row, servedAt: turnAt(row.servedAt, now) }));
}
