-- DropIndex
DROP INDEX "run_finished_at_idx";

-- AlterTable
ALTER TABLE "run" ADD COLUMN     "log_removed_at" TIMESTAMPTZ(3);


-- What Prisma cannot say.

-- What is still to be removed: an index that holds nothing of what was.
CREATE INDEX "run_with_log_idx" ON "run" ("counts", "finished_at") WHERE "log_removed_at" IS NULL AND "finished_at" IS NOT NULL;

ALTER TABLE "run" ADD CONSTRAINT "run_log_removed_when_ended" CHECK ("log_removed_at" IS NULL OR "finished_at" IS NOT NULL);

-- A result never changes and an attempt never goes back; whether the run counts and has its log may change.
CREATE OR REPLACE FUNCTION "run_final_stays"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF OLD."state" IN ('graded', 'not_gradable', 'cancelled')
    AND (to_jsonb(NEW) - ARRAY['counts', 'log_removed_at']) <> (to_jsonb(OLD) - ARRAY['counts', 'log_removed_at']) THEN
    RAISE EXCEPTION 'The run % has ended; its result is final.', OLD."id"
      USING ERRCODE = 'check_violation', CONSTRAINT = 'run_final_stays';
  END IF;
  IF NEW."attempt" < OLD."attempt" THEN
    RAISE EXCEPTION 'The attempt of run % can not go back.', OLD."id"
      USING ERRCODE = 'check_violation', CONSTRAINT = 'run_attempt_grows';
  END IF;
  RETURN NEW;
END $$;

UPDATE "run" r SET "log_removed_at" = l."removed_at" FROM "log_removal" l WHERE l."run_id" = r."id";
