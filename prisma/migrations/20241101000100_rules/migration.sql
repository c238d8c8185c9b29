-- Rules that the database itself holds, whatever the program does.
-- Constraint names are <table>_<rule>; a test for each lies in tests/integration/db.

-- ---- People and courses ----

ALTER TABLE "user"
  ADD CONSTRAINT "user_email_lower" CHECK ("email" = lower("email"));

ALTER TABLE "course"
  ADD CONSTRAINT "course_slug_form" CHECK ("slug" ~ '^[a-z0-9]+(-[a-z0-9]+)*$'),
  ADD CONSTRAINT "course_time_zone_named" CHECK ("time_zone" <> '');

-- A student belongs to a section; staff may stand above them.
ALTER TABLE "enrollment"
  ADD CONSTRAINT "enrollment_student_has_section" CHECK ("role" <> 'student' OR "section_id" IS NOT NULL);

CREATE FUNCTION "enrollment_section_of_course"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW."section_id" IS NOT NULL AND NOT EXISTS (
    SELECT 1 FROM "section" WHERE "id" = NEW."section_id" AND "course_id" = NEW."course_id"
  ) THEN
    RAISE EXCEPTION 'The section % is not one of the course %.', NEW."section_id", NEW."course_id"
      USING ERRCODE = 'check_violation', CONSTRAINT = 'enrollment_section_of_course';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER "enrollment_section_of_course" BEFORE INSERT OR UPDATE ON "enrollment"
  FOR EACH ROW EXECUTE FUNCTION "enrollment_section_of_course"();

ALTER TABLE "assignment"
  ADD CONSTRAINT "assignment_slug_form" CHECK ("slug" ~ '^[a-z0-9]+(-[a-z0-9]+)*$'),
  ADD CONSTRAINT "assignment_points_not_negative" CHECK ("points" >= 0),
  ADD CONSTRAINT "assignment_grace_not_negative" CHECK ("grace_seconds" >= 0),
  ADD CONSTRAINT "assignment_released_before_due" CHECK ("released_at" < "due_at"),
  ADD CONSTRAINT "assignment_available_after_due"
    CHECK ("available_until" IS NULL OR ("due_at" IS NOT NULL AND "available_until" >= "due_at")),
  ADD CONSTRAINT "assignment_late_policy_object" CHECK (jsonb_typeof("late_policy") = 'object');

ALTER TABLE "extension"
  ADD CONSTRAINT "extension_has_reason" CHECK ("reason" <> '');

-- ---- Exercises ----

ALTER TABLE "exercise"
  ADD CONSTRAINT "exercise_slug_form" CHECK ("slug" ~ '^[a-z0-9]+(-[a-z0-9]+)*$');

ALTER TABLE "exercise_version"
  ADD CONSTRAINT "exercise_version_hash_sha256" CHECK ("hash" ~ '^[0-9a-f]{64}$'),
  ADD CONSTRAINT "exercise_version_spec_object" CHECK (jsonb_typeof("spec") = 'object');

CREATE UNIQUE INDEX "exercise_version_one_current" ON "exercise_version" ("exercise_id") WHERE "current";

CREATE FUNCTION "exercise_version_immutable"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF (to_jsonb(NEW) - 'current') <> (to_jsonb(OLD) - 'current') THEN
    RAISE EXCEPTION 'The exercise version % is immutable; only which one is current may change.', OLD."id"
      USING ERRCODE = 'check_violation', CONSTRAINT = 'exercise_version_immutable';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER "exercise_version_immutable" BEFORE UPDATE ON "exercise_version"
  FOR EACH ROW EXECUTE FUNCTION "exercise_version_immutable"();

-- ---- Submissions ----

ALTER TABLE "submission"
  ADD CONSTRAINT "submission_number_from_one" CHECK ("number" >= 1),
  ADD CONSTRAINT "submission_bytes_not_negative" CHECK ("bytes" >= 0),
  ADD CONSTRAINT "submission_sha256_form" CHECK ("sha256" ~ '^[0-9a-f]{64}$'),
  ADD CONSTRAINT "submission_files_array" CHECK (jsonb_typeof("files") = 'array'),
  ADD CONSTRAINT "submission_late_after_due"
    CHECK (NOT "late" OR ("due_at" IS NOT NULL AND "received_at" >= "due_at")),
  ADD CONSTRAINT "submission_idempotency_key_given" CHECK ("idempotency_key" <> '');

CREATE FUNCTION "submission_immutable"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'The submission % is immutable.', OLD."id"
    USING ERRCODE = 'check_violation', CONSTRAINT = 'submission_immutable';
END $$;
CREATE TRIGGER "submission_immutable" BEFORE UPDATE ON "submission"
  FOR EACH ROW EXECUTE FUNCTION "submission_immutable"();

ALTER TABLE "upload_refusal"
  ADD CONSTRAINT "upload_refusal_bytes_not_negative" CHECK ("bytes" >= 0),
  ADD CONSTRAINT "upload_refusal_explained" CHECK ("code" <> '' AND "message" <> '');

-- ---- Runs ----

ALTER TABLE "run"
  ADD CONSTRAINT "run_attempt_from_one" CHECK ("attempt" >= 1),
  ADD CONSTRAINT "run_platform_faults_not_negative" CHECK ("platform_faults" >= 0),
  ADD CONSTRAINT "run_finished_when_final"
    CHECK (("state" IN ('graded', 'not_gradable', 'cancelled')) = ("finished_at" IS NOT NULL)),
  ADD CONSTRAINT "run_score_when_graded"
    CHECK (("state" = 'graded') = ("score" IS NOT NULL) AND ("score" IS NULL OR "max_score" IS NOT NULL)),
  ADD CONSTRAINT "run_score_in_range" CHECK ("score" >= 0 AND "score" <= "max_score"),
  ADD CONSTRAINT "run_max_score_not_negative" CHECK ("max_score" >= 0),
  ADD CONSTRAINT "run_reason_when_ungraded"
    CHECK ("state" NOT IN ('not_gradable', 'cancelled') OR ("reason" IS NOT NULL AND "reason" <> '')),
  ADD CONSTRAINT "run_claimed_at_known"
    CHECK ("state" NOT IN ('claimed', 'provisioning', 'running', 'scoring') OR "claimed_at" IS NOT NULL);

CREATE UNIQUE INDEX "run_one_counts" ON "run" ("submission_id") WHERE "counts";

-- A result never changes and an attempt never goes back; whether the run counts may change.
CREATE FUNCTION "run_final_stays"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF OLD."state" IN ('graded', 'not_gradable', 'cancelled')
    AND (to_jsonb(NEW) - 'counts') <> (to_jsonb(OLD) - 'counts') THEN
    RAISE EXCEPTION 'The run % has ended; its result is final.', OLD."id"
      USING ERRCODE = 'check_violation', CONSTRAINT = 'run_final_stays';
  END IF;
  IF NEW."attempt" < OLD."attempt" THEN
    RAISE EXCEPTION 'The attempt of run % can not go back.', OLD."id"
      USING ERRCODE = 'check_violation', CONSTRAINT = 'run_attempt_grows';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER "run_final_stays" BEFORE UPDATE ON "run"
  FOR EACH ROW EXECUTE FUNCTION "run_final_stays"();

CREATE FUNCTION "run_version_of_exercise"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NOT EXISTS (
    SELECT 1 FROM "submission" s JOIN "exercise_version" v ON v."exercise_id" = s."exercise_id"
    WHERE s."id" = NEW."submission_id" AND v."id" = NEW."exercise_version_id"
  ) THEN
    RAISE EXCEPTION 'The exercise version % is not one of the exercise that submission % answers.',
      NEW."exercise_version_id", NEW."submission_id"
      USING ERRCODE = 'check_violation', CONSTRAINT = 'run_version_of_exercise';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER "run_version_of_exercise"
  BEFORE INSERT OR UPDATE OF "submission_id", "exercise_version_id" ON "run"
  FOR EACH ROW EXECUTE FUNCTION "run_version_of_exercise"();

ALTER TABLE "run_claim"
  ADD CONSTRAINT "run_claim_attempt_from_one" CHECK ("attempt" >= 1),
  ADD CONSTRAINT "run_claim_closed_after_opened" CHECK ("closed_at" >= "opened_at"),
  ADD CONSTRAINT "run_claim_outcome_when_closed" CHECK (("closed_at" IS NULL) = ("outcome" IS NULL));

CREATE UNIQUE INDEX "run_claim_one_open" ON "run_claim" ("run_id") WHERE "closed_at" IS NULL;

ALTER TABLE "check_result"
  ADD CONSTRAINT "check_result_attempt_from_one" CHECK ("attempt" >= 1),
  ADD CONSTRAINT "check_result_position_not_negative" CHECK ("position" >= 0),
  ADD CONSTRAINT "check_result_points_in_range" CHECK ("points" >= 0 AND "points" <= "max_points"),
  ADD CONSTRAINT "check_result_duration_not_negative" CHECK ("duration_ms" >= 0),
  ADD CONSTRAINT "check_result_fault_unless_passed" CHECK (("verdict" = 'passed') = ("fault" IS NULL)),
  ADD CONSTRAINT "check_result_message_object" CHECK (jsonb_typeof("message") = 'object');

ALTER TABLE "run_event"
  ADD CONSTRAINT "run_event_attempt_from_one" CHECK ("attempt" >= 1),
  ADD CONSTRAINT "run_event_seq_from_one" CHECK ("seq" >= 1),
  ADD CONSTRAINT "run_event_payload_object" CHECK (jsonb_typeof("payload") = 'object');

-- ---- Fleet ----

ALTER TABLE "cluster"
  ADD CONSTRAINT "cluster_terminated_at_known"
    CHECK (("state" <> 'terminated' OR "terminated_at" IS NOT NULL)
      AND ("terminated_at" IS NULL OR "state" IN ('terminated', 'lost'))),
  ADD CONSTRAINT "cluster_run_with_attempt"
    CHECK (("run_id" IS NULL) = ("run_attempt" IS NULL) AND ("run_attempt" IS NULL OR "run_attempt" >= 1)),
  ADD CONSTRAINT "cluster_assigned_has_run" CHECK ("state" <> 'assigned' OR "run_id" IS NOT NULL),
  ADD CONSTRAINT "cluster_lease_after_request" CHECK ("lease_until" > "requested_at"),
  ADD CONSTRAINT "cluster_hashes_sha256"
    CHECK (("token_hash" IS NULL OR "token_hash" ~ '^[0-9a-f]{64}$')
      AND ("session_hash" IS NULL OR "session_hash" ~ '^[0-9a-f]{64}$')),
  ADD CONSTRAINT "cluster_money_not_negative"
    CHECK ("usd_per_hour" >= 0 AND ("cost_usd" IS NULL OR "cost_usd" >= 0));

CREATE UNIQUE INDEX "cluster_one_live_per_attempt" ON "cluster" ("run_id", "run_attempt")
  WHERE "state" IN ('requested', 'booting', 'ready', 'assigned');
CREATE UNIQUE INDEX "cluster_machine_once" ON "cluster" ("provider", "machine_id") WHERE "machine_id" IS NOT NULL;

-- ---- Audit: append only ----

ALTER TABLE "audit_entry"
  ADD CONSTRAINT "audit_entry_explained" CHECK ("action" <> '' AND "subject" <> '' AND "reason" <> '');

CREATE FUNCTION "audit_entry_append_only"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'The audit is append-only: % is refused.', TG_OP
    USING ERRCODE = 'insufficient_privilege', CONSTRAINT = 'audit_entry_append_only';
END $$;
CREATE TRIGGER "audit_entry_append_only" BEFORE UPDATE OR DELETE ON "audit_entry"
  FOR EACH ROW EXECUTE FUNCTION "audit_entry_append_only"();
CREATE TRIGGER "audit_entry_never_emptied" BEFORE TRUNCATE ON "audit_entry"
  FOR EACH STATEMENT EXECUTE FUNCTION "audit_entry_append_only"();
