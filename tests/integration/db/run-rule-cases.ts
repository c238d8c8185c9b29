import { copy, grade, type RuleCase, set } from "./rule-case.ts";

const removeLog = ({ keptDays = 30, lines = 0 }) =>
  `INSERT INTO log_removal (run_id, removed_at, kept_days, lines) SELECT id, now(), ${keptDays}, ${lines} FROM run`;

const entry = (part: string, micros: string, run = "NULL") =>
  `INSERT INTO ledger_entry (machine_id, part, day, micros, run_id) VALUES ('mch_1', ${part}, '2024-11-12', ${micros}, ${run})`;
const stop = (only: string, by: string) =>
  `INSERT INTO fleet_stop ("only", stopped_at, stopped_by, reason) VALUES (${only}, now(), ${by}, 'It runs away.')`;

export const runRuleCases: RuleCase[] = [
  ["run_one_counts", "a second run that counts", () => [copy("run", { id: "'run_2'" })]],
  ["run_one_stays_counted", "a submission none of whose runs counts", () => [set("run", "counts = false")]],
  [
    "run_one_counts_at_first",
    "a first run that does not count",
    () => [
      copy("submission", { id: "'sub_2'", number: "2" }),
      copy("run", { id: "'run_2'", submission_id: "'sub_2'", counts: "false" }),
    ],
  ],
  [
    "run_result_stays_counted",
    "a result that gives way to a run without one",
    () => [
      grade(),
      set("run", "counts = false"),
      copy("run", { id: "'run_2'", counts: "true", state: "'queued'", score: "NULL", finished_at: "NULL" }),
    ],
  ],
  [
    "run_attempt_from_one",
    "the attempt 0",
    () => [copy("run", { id: "'run_2'", counts: "false", attempt: "0" })],
  ],
  [
    "run_attempt_grows",
    "an attempt that goes back",
    () => [set("run", "attempt = 3"), set("run", "attempt = 2")],
  ],
  ["run_platform_faults_not_negative", "negative faults", () => [set("run", "platform_faults = -1")]],
  ["run_check_faults_not_negative", "negative faults of checks", () => [set("run", "check_faults = -1")]],
  ["run_finished_when_final", "a final state without its time", () => [grade({ finished_at: "NULL" })]],
  ["run_finished_when_final", "a time without a final state", () => [set("run", "finished_at = now()")]],
  ["run_score_when_graded", "graded without a score", () => [grade({ score: "NULL" })]],
  ["run_score_when_graded", "a score before it is graded", () => [set("run", "score = 1, max_score = 2")]],
  ["run_score_when_graded", "a score of nothing", () => [grade({ max_score: "NULL" })]],
  ["run_score_in_range", "more than the most", () => [grade({ score: "20.01" })]],
  ["run_score_in_range", "less than nothing", () => [grade({ score: "-0.01" })]],
  ["run_max_score_not_negative", "a negative most", () => [set("run", "max_score = -1")]],
  [
    "run_reason_when_ungraded",
    "not gradable without a reason",
    () => [set("run", "state = 'not_gradable', finished_at = now()")],
  ],
  [
    "run_reason_when_ungraded",
    "cancelled with an empty reason",
    () => [set("run", "state = 'cancelled', finished_at = now(), reason = ''")],
  ],
  [
    "run_reason_code_explained",
    "a code without its sentence",
    () => [set("run", "reason_code = 'machine_image'")],
  ],
  [
    "run_reason_code_fits",
    "superseded while it waits",
    () => [set("run", "reason = 'x', reason_code = 'superseded'")],
  ],
  [
    "run_reason_code_fits",
    "withdrawn while it waits",
    () => [set("run", "reason = 'x', reason_code = 'withdrawn'")],
  ],
  [
    "run_reason_code_fits",
    "waiting for an image after it was claimed",
    () => [set("run", "state = 'claimed', claimed_at = now(), reason = 'x', reason_code = 'machine_image'")],
  ],
  [
    "run_reason_code_fits",
    "waiting for machines after it was claimed",
    () => [set("run", "state = 'claimed', claimed_at = now(), reason = 'x', reason_code = 'no_machines'")],
  ],
  ["run_claimed_at_known", "running without ever being claimed", () => [set("run", "state = 'running'")]],
  [
    "run_final_stays",
    "a graded run that is queued again",
    () => [grade(), set("run", "state = 'queued', finished_at = NULL, score = NULL")],
  ],
  ["run_final_stays", "a graded run with another score", () => [grade(), set("run", "score = 6")]],
  [
    "run_version_of_exercise",
    "a run by another exercise's version",
    () => [
      copy("exercise", { id: "'exc_2'", slug: "'other'" }),
      copy("exercise_version", { id: "'ver_2'", exercise_id: "'exc_2'" }),
      copy("run", { id: "'run_2'", counts: "false", exercise_version_id: "'ver_2'" }),
    ],
  ],
  ["run_claim_one_open", "a second open claim", () => [copy("run_claim", { id: "'clm_2'", attempt: "2" })]],
  ["run_claim_run_id_attempt_key", "two claims of one attempt", () => [copy("run_claim", { id: "'clm_2'" })]],
  [
    "run_claim_reserved_not_negative",
    "less than nothing held",
    () => [set("run_claim", "reserved_micros = -1")],
  ],
  ["machine_besides_not_negative", "a negative price", () => [set("machine", "besides_usd_per_hour = -1")]],
  ["ledger_entry_costs_something", "an entry of nothing", () => [entry("'pool'", "0", "NULL")]],
  ["ledger_entry_run_is_named", "a run's cost of no run", () => [entry("'run'", "1", "NULL")]],
  ["ledger_entry_run_is_named", "a cost of the pool for a run", () => [entry("'pool'", "1", "'run_1'")]],
  ["ledger_entry_pkey", "a machine that is booked twice", () => [entry("'pool'", "1"), entry("'pool'", "1")]],
  [
    "ledger_entry_append_only",
    "a cost that changes",
    () => [entry("'pool'", "1"), set("ledger_entry", "micros = 2")],
  ],
  ["ledger_entry_append_only", "a cost that goes", () => [entry("'pool'", "1"), "DELETE FROM ledger_entry"]],
  ["ledger_entry_append_only", "an emptied ledger", () => ["TRUNCATE ledger_entry"]],
  ["fleet_stop_one", "a second stop", () => [stop("false", "'Ivan'")]],
  ["fleet_stop_explained", "a stop by nobody", () => [stop("true", "''")]],
  ["run_claim_attempt_from_one", "a claim of attempt 0", () => [set("run_claim", "attempt = 0")]],
  [
    "run_claim_closed_after_opened",
    "a claim that closed before it opened",
    () => [set("run_claim", "closed_at = opened_at - interval '1 second', outcome = 'x'")],
  ],
  [
    "run_claim_outcome_when_closed",
    "a closed claim without outcome",
    () => [set("run_claim", "closed_at = now()")],
  ],
  [
    "check_result_points_in_range",
    "more points than the check has",
    () => [set("check_result", "points = 5.01")],
  ],
  ["check_result_points_in_range", "fewer points than none", () => [set("check_result", "points = -1")]],
  [
    "check_result_fault_unless_passed",
    "a fault of a passed check",
    () => [set("check_result", "fault = 'student'")],
  ],
  [
    "check_result_fault_unless_passed",
    "a failure of nobody",
    () => [set("check_result", "verdict = 'failed'")],
  ],
  ["check_result_attempt_from_one", "a result of attempt 0", () => [set("check_result", "attempt = 0")]],
  ["check_result_position_not_negative", "a negative position", () => [set("check_result", "position = -1")]],
  [
    "check_result_duration_not_negative",
    "a negative duration",
    () => [set("check_result", "duration_ms = -1")],
  ],
  ["check_result_message_object", "a message that is a word", () => [set("check_result", `message = '"x"'`)]],
  [
    "check_result_run_id_attempt_check_id_key",
    "one check's result twice in an attempt",
    () => [copy("check_result", { id: "'chk_2'" })],
  ],
  ["run_event_attempt_from_one", "an event of attempt 0", () => [set("run_event", "attempt = 0")]],
  ["run_event_seq_from_one", "the event number 0", () => [set("run_event", "seq = 0")]],
  ["run_event_payload_object", "an event that is a number", () => [set("run_event", "payload = '1'")]],
  [
    "run_event_run_id_attempt_seq_key",
    "one event number twice",
    () => [copy("run_event", { id: "1000000" })],
  ],
  [
    "machine_terminated_at_known",
    "terminated without its time",
    () => [set("machine", "state = 'terminated'")],
  ],
  [
    "machine_terminated_at_known",
    "a time of ending while it lives",
    () => [set("machine", "terminated_at = now()")],
  ],
  ["machine_run_with_attempt", "a run without its attempt", () => [set("machine", "run_attempt = NULL")]],
  [
    "machine_assigned_has_run",
    "assigned to no run",
    () => [set("machine", "state = 'assigned', run_id = NULL, run_attempt = NULL")],
  ],
  [
    "machine_lease_after_request",
    "a lease that ended before it began",
    () => [set("machine", "lease_until = requested_at")],
  ],
  ["machine_hashes_sha256", "a token kept as it is", () => [set("machine", "token_hash = 'secret'")]],
  ["machine_money_not_negative", "a negative price", () => [set("machine", "usd_per_hour = -1")]],
  ["machine_money_not_negative", "a negative cost", () => [set("machine", "cost_usd = -0.000001")]],
  ["installation_only_key", "a second installation", () => [copy("installation", { id: "'ins_2'" })]],
  [
    "installation_only_one",
    "another installation beside it",
    () => [copy("installation", { id: "'ins_2'", only: "false" })],
  ],
  [
    "machine_end_code_with_reason",
    "an end that only people can read",
    () => [set("machine", "state = 'draining', end_reason = 'Enough.'")],
  ],
  ["machine_pool_nodes_some", "a pool of fewer nodes than none", () => [set("machine", "pool_nodes = -1")]],
  [
    "machine_taken_from_pool",
    "a run that took what was no machine of the pool",
    () => [set("machine", "taken_at = now()")],
  ],
  [
    "machine_taken_from_pool",
    "a machine that no run took, as taken",
    () => [set("machine", "pool_nodes = 1, taken_at = now(), run_id = NULL, run_attempt = NULL")],
  ],
  [
    "machine_pool_cost_is_part",
    "more for the pool than the whole",
    () => [set("machine", "cost_usd = 1, pool_cost_usd = 1.000001")],
  ],
  [
    "machine_one_live_per_attempt",
    "two live machines for one attempt",
    () => [copy("machine", { id: "'mch_2'", instance_id: "'m-2'" })],
  ],
  [
    "machine_instance_once",
    "one instance as two machines",
    () => [copy("machine", { id: "'mch_2'", run_attempt: "2" })],
  ],
  ["upload_refusal_count_from_one", "an upload refused no time", () => [set("upload_refusal", "count = 0")]],
  [
    "upload_refusal_user_id_exercise_id_code_hour_key",
    "the same refusal twice within an hour",
    () => [copy("upload_refusal", { id: "'ref_2'" })],
  ],
  ["log_removal_kept_a_while", "a log kept no day", () => [grade(), removeLog({ keptDays: 0 })]],
  ["log_removal_lines_not_negative", "fewer lines than none", () => [grade(), removeLog({ lines: -1 })]],
  [
    "run_log_removed_when_ended",
    "no log of a run that goes on",
    () => [set("run", "log_removed_at = now()")],
  ],
  ["log_removal_of_ended_run", "the log of a run that goes on", () => [removeLog({})]],
  ["notice_explained", "a notice that says nothing", () => [set("notice", "reason = ''")]],
  ["notice_explained", "a notice of nothing in particular", () => [set("notice", "subject = 'run'")]],
  ["notice_count_from_one", "a notice that was never told", () => [set("notice", "count = 0")]],
  [
    "notice_seen_in_order",
    "a notice last seen before it was first",
    () => [set("notice", "last_seen = first_seen - interval '1 ms'")],
  ],
  [
    "notice_closed_after_seen",
    "a notice told once more after it was closed",
    () => [set("notice", "closed_at = last_seen - interval '1 ms'")],
  ],
  [
    "notice_closed_by_when_closed",
    "an open notice that somebody closed",
    ({ taId }) => [set("notice", `closed_by_id = '${taId}'`)],
  ],
  ["notice_one_open", "the same open twice", () => [copy("notice", { id: "'ntc_2'" })]],
  ["audit_entry_append_only", "a changed audit entry", () => [set("audit_entry", "reason = 'other'")]],
  ["audit_entry_append_only", "a deleted audit entry", () => ["DELETE FROM audit_entry"]],
  ["audit_entry_append_only", "an emptied audit", () => ["TRUNCATE audit_entry"]],
  [
    "audit_entry_explained",
    "an audit entry without a reason",
    () => [copy("audit_entry", { id: "'aud_2'", reason: "''" })],
  ],
  [
    "audit_entry_user_id_fkey",
    "a user removed from the audit",
    ({ taId }) => [`DELETE FROM "user" WHERE id = '${taId}'`],
  ],
  ["run_submission_id_fkey", "a submission removed under its run", () => ["DELETE FROM submission"]],
];
