-- AlterEnum
ALTER TYPE "RunReasonCode" ADD VALUE 'withdrawn';

-- What Prisma cannot say. A run waits for something in the queue alone, and all other codes say why it was cancelled; a
-- value cannot be named in the transaction that adds it.
ALTER TABLE "run"
  DROP CONSTRAINT "run_reason_code_fits",
  ADD CONSTRAINT "run_reason_code_fits"
    CHECK ("reason_code" IS NULL
      OR CASE WHEN "reason_code" IN ('machine_image', 'no_machines', 'budget', 'fleet_stopped')
        THEN "state" = 'queued' ELSE "state" = 'cancelled' END);
