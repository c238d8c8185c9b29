-- Which run counts, where the version before had set a result aside for a rerun, and from a run's first row on.

-- A run that does not count stands beside one that does, from the transaction that writes it.
CREATE FUNCTION "run_one_counts_at_first"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF EXISTS (SELECT 1 FROM "run" WHERE "id" = NEW."id")
    AND NOT EXISTS (SELECT 1 FROM "run" WHERE "submission_id" = NEW."submission_id" AND "counts") THEN
    RAISE EXCEPTION 'The submission % would have no run that counts.', NEW."submission_id"
      USING ERRCODE = 'check_violation', CONSTRAINT = 'run_one_counts_at_first';
  END IF;
  RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER "run_one_counts_at_first" AFTER INSERT ON "run"
  DEFERRABLE INITIALLY DEFERRED
  FOR EACH ROW WHEN (NOT NEW."counts")
  EXECUTE FUNCTION "run_one_counts_at_first"();

-- A rerun used to count from when it was asked for, so that cancelling it left the submission without its grade. The
-- latest result counts again, until another run is graded; the audit says so as it does of staff who choose a run.
INSERT INTO "audit_entry" ("id", "at", "action", "subject", "before", "after", "reason")
SELECT DISTINCT ON (r."submission_id")
  'aud_' || md5('kept_results:' || r."id"), now(), 'run.make-count', 'submission:' || r."submission_id",
  CASE WHEN c."id" IS NULL THEN '{}' ELSE jsonb_build_object('run', c."id", 'state', c."state", 'score', NULL) END,
  jsonb_build_object('run', r."id", 'state', r."state", 'score', trim_scale(r."score")::text),
  'An upgrade of Drydock: a result counts until another run is graded, and a rerun without one had taken its place.'
FROM "run" r LEFT JOIN "run" c ON c."submission_id" = r."submission_id" AND c."counts"
WHERE r."state" = 'graded' AND c."state" IS DISTINCT FROM 'graded'
ORDER BY r."submission_id", r."finished_at" DESC, r."queued_at" DESC, r."id" DESC;

UPDATE "run" c SET "counts" = false
WHERE c."counts" AND c."state" <> 'graded'
  AND EXISTS (SELECT 1 FROM "run" r WHERE r."submission_id" = c."submission_id" AND r."state" = 'graded');
UPDATE "run" SET "counts" = true WHERE "id" IN (
  SELECT DISTINCT ON (r."submission_id") r."id" FROM "run" r
  WHERE r."state" = 'graded'
    AND NOT EXISTS (SELECT 1 FROM "run" c WHERE c."submission_id" = r."submission_id" AND c."counts")
  ORDER BY r."submission_id", r."finished_at" DESC, r."queued_at" DESC, r."id" DESC
);
