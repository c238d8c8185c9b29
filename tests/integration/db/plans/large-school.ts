import { hash } from "../rule-case.ts";

/**
 * SQL that fills an empty database with 20 courses, 4,000 people and 200,000 submissions, each with its run, and
 * every fourth run with claim, machine, result and events; 300 runs wait. Constraints and triggers are off: what is written is in order.
 */
export const fillLargeSchool = `
SET session_replication_role = replica;
INSERT INTO "user" (id, name, email, email_verified)
  SELECT 'usr_' || i, 'Student ' || i, 'student' || i || '@example.edu', true FROM generate_series(1, 4000) i;
INSERT INTO session (id, user_id, token, expires_at)
  SELECT 'ses_' || i, 'usr_' || 1 + i % 4000, 'token' || i, now() + interval '9 days' FROM generate_series(1, 20000) i;
INSERT INTO account (id, account_id, provider_id, user_id, password)
  SELECT 'acc_' || i, 'usr_' || 1 + i % 4000, 'credential' || i, 'usr_' || i, 'hash' FROM generate_series(1, 20000) i;
INSERT INTO verification (id, identifier, value, expires_at)
  SELECT 'vrf_' || i, 'identifier ' || i, 'x', now() + interval '1 day' FROM generate_series(1, 20000) i;
INSERT INTO rate_limit (id, key, count, last_request)
  SELECT 'lim_' || i, 'key ' || i, 1, extract(epoch FROM now()) * 1000 FROM generate_series(1, 20000) i;
INSERT INTO course (id, slug, code, title, term, time_zone)
  SELECT 'crs_' || i, 'course-' || i, 'C ' || i, 'Course ' || i, 'Fall', 'UTC' FROM generate_series(1, 20) i;
INSERT INTO section (id, course_id, code) SELECT 'sec_' || i, 'crs_' || i, 'A' FROM generate_series(1, 20) i;
-- Everybody is in five courses; 100 of each course hand in to one of theirs.
INSERT INTO enrollment (id, course_id, section_id, user_id, role)
  SELECT 'enr_' || i || '_' || k, 'crs_' || c, 'sec_' || c, 'usr_' || i, 'student'
  FROM generate_series(1, 4000) i, generate_series(0, 4) k, LATERAL (SELECT 1 + (i + 4 * k) % 20) of(c);
INSERT INTO assignment (id, course_id, slug, title, kind, points, position, due_zone, due_at, late_policy)
  SELECT 'asg_' || i, 'crs_' || 1 + i % 20, 'a-' || i, 'Assignment ' || i, 'tutorial', 20, i, 'AoE',
    '2024-11-15T12:00Z', '{"kind":"none"}' FROM generate_series(0, 199) i;
INSERT INTO exercise (id, assignment_id, slug, title)
  SELECT 'exc_' || i, 'asg_' || i, 'e-' || i, 'Exercise ' || i FROM generate_series(0, 199) i;
INSERT INTO exercise_version (id, exercise_id, hash, spec, machine_kind, hidden_key, current)
  SELECT 'ver_' || i, 'exc_' || i, '${hash("a")}', CASE i % 10 WHEN 9 THEN $2 ELSE $1 END::jsonb,
    CASE i % 10 WHEN 9 THEN 'engine+kubernetes' ELSE 'engine' END, 'k', true FROM generate_series(0, 199) i;
INSERT INTO extension (id, assignment_id, user_id, due_at, reason, granted_by_id)
  SELECT 'ext_' || i, 'asg_' || i % 200, 'usr_' || 1 + i / 200, '2024-11-20T12:00Z', 'Ill.', 'usr_1' FROM generate_series(0, 9999) i;
-- Student u hands in ten times to each of the ten exercises of their course.
-- Half of all students are in five teams of two each; every fifth submission is of one.
UPDATE assignment SET team_min = 1, team_max = 2 WHERE substr(id, 5)::int < 5;
INSERT INTO team (id, assignment_id, created_at)
  SELECT 'tea_' || p || '_' || k, 'asg_' || k, now() FROM generate_series(1, 1000) p, generate_series(0, 4) k;
INSERT INTO team_member (team_id, assignment_id, user_id, joined_at)
  SELECT t.id, t.assignment_id, 'usr_' || 2 * split_part(t.id, '_', 2)::int - side, now() FROM team t, generate_series(0, 1) side;
INSERT INTO team_invitation (id, team_id, user_id, invited_by_id, created_at, "end")
  SELECT 'inv_' || t.id, t.id, 'usr_' || 3000, 'usr_1', now(), 'declined' FROM team t;
INSERT INTO submission (id, exercise_id, user_id, number, file_name, sha256, bytes, files, storage_key, received_at, late, receipt_jws, team_id)
  SELECT 'sub_' || i, 'exc_' || (i / 100 + 1) % 20 + 20 * (i / 10 % 10), 'usr_' || 1 + i / 100, 1 + i % 10, 'work.zip',
    '${hash("b")}', 1, '[]', 'submissions/sub_' || i, '2024-09-01T00:00Z'::timestamptz + i % 10 * interval '7 days' + i * interval '1 second', false, 'jws',
    CASE WHEN i % 5 = 0 AND i < 100000 THEN 'tea_' || 1 + i / 200 || '_1' END
  FROM generate_series(0, 199999) i;
INSERT INTO run (id, submission_id, exercise_version_id, state, score, max_score, queued_at, claimed_at, running_at, finished_at)
  SELECT 'run_' || substr(s.id, 5), s.id, 'ver_' || substr(s.exercise_id, 5), 'graded', 10, 20, s.received_at,
    s.received_at + interval '1 minute', s.received_at + interval '2 minutes', s.received_at + interval '5 minutes'
  FROM submission s;
UPDATE run SET state = 'queued', score = NULL, max_score = NULL, finished_at = NULL, claimed_at = NULL, running_at = NULL
  WHERE substr(id, 5)::int % 661 = 9;
UPDATE run SET state = 'running', score = NULL, max_score = NULL, finished_at = NULL WHERE substr(id, 5)::int % 20000 = 19;
UPDATE run SET state = 'not_gradable', score = NULL, max_score = NULL, reason = 'It broke.' WHERE substr(id, 5)::int % 5000 = 7;
-- The logs of all but the last 10,000 were removed, of each some time after its run.
INSERT INTO log_removal (run_id, removed_at, kept_days, lines, complete)
  SELECT id, finished_at + interval '180 days', 180, 1, true FROM run WHERE finished_at IS NOT NULL ORDER BY finished_at LIMIT 190000;
UPDATE run SET log_removed_at = l.removed_at FROM log_removal l WHERE l.run_id = run.id;
INSERT INTO student_turn SELECT id, now() FROM "user";
CREATE TEMPORARY VIEW one_in_four AS SELECT * FROM run WHERE substr(id, 5)::int % 4 = 3;
INSERT INTO run_claim (id, run_id, attempt, worker, opened_at, closed_at, outcome)
  SELECT 'clm_' || id, id, 1, 'w', queued_at, finished_at, CASE WHEN finished_at IS NULL THEN NULL ELSE 'graded' END FROM one_in_four;
INSERT INTO check_result (id, run_id, attempt, position, check_id, kind, title, verdict, points, max_points, message)
  SELECT 'chk_' || id, id, 1, 0, 'files', 'files/required', 'Files', 'passed', 5, 5, '{"expected":"a","happened":"b","fix":"c"}' FROM one_in_four;
INSERT INTO machine (id, provider, instance_id, machine_kind, state, run_id, run_attempt, session_hash, lease_until, requested_at, terminated_at, draining_at, usd_per_hour, cost_usd)
  SELECT 'mch_' || substr(id, 5), 'memory', 'm-' || id, 'engine',
    CASE state WHEN 'running' THEN 'assigned' ELSE 'terminated' END::"MachineState", id, 1,
    CASE state WHEN 'running' THEN encode(sha256(id::bytea), 'hex') END, queued_at + interval '1 hour', queued_at,
    CASE state WHEN 'running' THEN NULL ELSE queued_at END, queued_at, 1, 0 FROM one_in_four;
INSERT INTO ledger_entry (machine_id, part, day, micros, run_id, user_id, assignment_id, course_id)
  SELECT m.id, 'run', m.requested_at::date, 1, r.id, s.user_id, a.id, a.course_id FROM machine m
  JOIN run r ON r.id = m.run_id JOIN submission s ON s.id = r.submission_id
  JOIN exercise e ON e.id = s.exercise_id JOIN assignment a ON a.id = e.assignment_id WHERE m.state = 'terminated';
INSERT INTO class_meeting (id, course_id, number, kind, title, place, objectives, starts_at, ends_at, survey_due_at, survey_closes_at)
  SELECT 'cls_' || i, 'crs_' || 1 + i % 20, 1 + i / 20, 'lecture', 'C', 'P', '[]', t, t + interval '2 hours', t + interval '3 days', '2099-01-01Z'
  FROM generate_series(0, 399) i, LATERAL (SELECT '2024-09-01Z'::timestamptz + i / 20 * interval '2 days') of(t);
INSERT INTO survey (id, course_id, class_number, published_at, questions)
  SELECT 'srv_' || i, 'crs_' || 1 + i % 20, 1 + i / 20, now(), '[{"kind":"text","id":"q","text":"Q"}]' FROM generate_series(0, 399) i;
INSERT INTO survey_key (id, survey_id, section_id, public_key, sealing_key, answers)
  SELECT 'svk_' || i, 'srv_' || i, 'sec_' || 1 + i % 20, 'p', 's', 100 FROM generate_series(0, 399) i;
INSERT INTO survey_completion (survey_id, user_id, key_id, blinded, late)
  SELECT 'srv_' || i % 400, 'usr_' || 1 + i / 400, 'svk_' || i % 400, repeat('x', 342), false FROM generate_series(0, 39999) i;
INSERT INTO survey_token (key_id, hash) SELECT 'svk_' || i % 400, encode(sha256(i::text::bytea), 'hex') FROM generate_series(0, 39999) i;
INSERT INTO survey_answer (key_id, question, text) SELECT 'svk_' || i % 400, 'q', 'T' FROM generate_series(0, 39999) i;
INSERT INTO survey_feedback (id, survey_id, position, question, answer)
  SELECT 'svf_' || i, 'srv_' || i % 400, i, 'Q', 'A' FROM generate_series(0, 3999) i;
INSERT INTO run_event (run_id, attempt, seq, type, payload, at)
  SELECT r.id, 1, e.seq, e.type, '{"line":"x","check":"files","title":"Files"}', r.queued_at
  FROM one_in_four r, (VALUES (1, 'check-started'), (2, 'log')) e(seq, type);
INSERT INTO run_event (run_id, attempt, seq, type, payload, at)
  SELECT 'run_19', 1, 10 + i, 'log', '{"line":"x"}', now() FROM generate_series(1, 40000) i;
INSERT INTO upload_refusal (id, exercise_id, user_id, file_name, bytes, code, message, received_at, hour)
  SELECT 'ref_' || i, 'exc_' || i % 200, 'usr_' || 1 + i % 2000, 'f', 1, 'empty-archive', 'Empty.', t, t
  FROM generate_series(0, 99999) i, LATERAL (SELECT date_trunc('hour', now()) - i / 2000 * interval '1 hour') at(t);
INSERT INTO storage_use (course_id, user_id, bytes) SELECT course_id, user_id, 1 FROM enrollment;
INSERT INTO sign_in_try (key, count, since, last_at) SELECT 'key ' || i, 1, now(), now() FROM generate_series(1, 20000) i;
INSERT INTO audit_entry (id, at, user_id, action, subject, reason)
  SELECT 'aud_' || i, now(), 'usr_1', 'run.rerun', CASE i % 100 WHEN 0 THEN 'assignment:asg_' || i % 2000 / 10 ELSE 'submission:sub_' || i END, 'r'
  FROM generate_series(0, 99999) i;
INSERT INTO notice (id, code, subject, course_id, reason, first_seen, last_seen, closed_at)
  SELECT 'ntc_' || i, 'run.not_gradable', 'run:run_' || i, 'crs_' || 1 + i % 20, 'r', now(), now(), CASE i % 1000 WHEN 0 THEN NULL ELSE now() END
  FROM generate_series(0, 49999) i;
SET session_replication_role = origin;
`;
