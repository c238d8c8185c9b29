-- Which run of a submission is its result. That at most one counts is an index; these two are looked at when the
-- transaction ends, because one run stops to count before the other begins.

-- A submission never loses its counted run. One that goes as a whole may.
CREATE FUNCTION "run_one_stays_counted"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF OLD."counts"
    AND EXISTS (SELECT 1 FROM "submission" WHERE "id" = OLD."submission_id")
    AND NOT EXISTS (SELECT 1 FROM "run" WHERE "submission_id" = OLD."submission_id" AND "counts") THEN
    RAISE EXCEPTION 'The submission % would have no run that counts.', OLD."submission_id"
      USING ERRCODE = 'check_violation', CONSTRAINT = 'run_one_stays_counted';
  END IF;
  RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER "run_one_stays_counted" AFTER UPDATE OF "counts" OR DELETE ON "run"
  DEFERRABLE INITIALLY DEFERRED
  FOR EACH ROW EXECUTE FUNCTION "run_one_stays_counted"();

-- A result gives way to another result alone.
CREATE FUNCTION "run_result_stays_counted"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF EXISTS (
    SELECT 1 FROM "run" WHERE "submission_id" = OLD."submission_id" AND "counts" AND "state" <> 'graded'
  ) THEN
    RAISE EXCEPTION 'The result of run % counts until another run of the submission is graded.', OLD."id"
      USING ERRCODE = 'check_violation', CONSTRAINT = 'run_result_stays_counted';
  END IF;
  RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER "run_result_stays_counted" AFTER UPDATE OF "counts" ON "run"
  DEFERRABLE INITIALLY DEFERRED
  FOR EACH ROW WHEN (OLD."counts" AND NOT NEW."counts" AND OLD."state" = 'graded')
  EXECUTE FUNCTION "run_result_stays_counted"();
