-- AlterEnum
ALTER TYPE "RunReasonCode" ADD VALUE 'no_machines' BEFORE 'superseded';

-- What Prisma cannot say. Whatever a run waits for, it waits in the queue; a value cannot be named in the transaction
-- that adds it.
ALTER TABLE "run"
  DROP CONSTRAINT "run_reason_code_fits",
  ADD CONSTRAINT "run_reason_code_fits"
    CHECK ("reason_code" IS NULL
      OR CASE WHEN "reason_code" = 'superseded' THEN "state" = 'cancelled' ELSE "state" = 'queued' END);
