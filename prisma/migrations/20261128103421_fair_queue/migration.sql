-- CreateEnum
CREATE TYPE "RunReasonCode" AS ENUM ('machine_image', 'superseded');

-- AlterTable
ALTER TABLE "run" ADD COLUMN     "by_staff" BOOLEAN NOT NULL DEFAULT false,
ADD COLUMN     "reason_code" "RunReasonCode";

-- CreateTable
CREATE TABLE "student_turn" (
    "user_id" TEXT NOT NULL,
    "served_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "student_turn_pkey" PRIMARY KEY ("user_id")
);

-- CreateIndex
CREATE INDEX "enrollment_user_id_idx" ON "enrollment"("user_id");

-- CreateIndex
CREATE INDEX "run_queued_at_idx" ON "run"("queued_at");

-- CreateIndex
CREATE INDEX "run_exercise_version_id_finished_at_idx" ON "run"("exercise_version_id", "finished_at");

-- CreateIndex
CREATE INDEX "session_expires_at_idx" ON "session"("expires_at");

-- CreateIndex
CREATE INDEX "verification_expires_at_idx" ON "verification"("expires_at");

-- CreateIndex
CREATE INDEX "rate_limit_last_request_idx" ON "rate_limit"("last_request");

-- CreateIndex
CREATE INDEX "notice_closed_at_idx" ON "notice"("closed_at");

-- AddForeignKey
ALTER TABLE "student_turn" ADD CONSTRAINT "student_turn_user_id_fkey" FOREIGN KEY ("user_id") REFERENCES "user"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- What Prisma cannot say.

-- What a reader of a run asks for every few seconds, without the lines of its log.
CREATE INDEX "run_event_without_log_idx" ON "run_event" ("run_id", "attempt", "id") WHERE "type" <> 'log';
CREATE INDEX "cluster_pool_idx" ON "cluster" ("requested_at") WHERE "pool_nodes" IS NOT NULL;

ALTER TABLE "run"
  ADD CONSTRAINT "run_reason_code_explained" CHECK ("reason_code" IS NULL OR "reason" IS NOT NULL),
  ADD CONSTRAINT "run_reason_code_fits"
    CHECK (("reason_code" <> 'superseded' OR "state" = 'cancelled')
      AND ("reason_code" <> 'machine_image' OR "state" = 'queued'));

-- A queued run's reason was either what it waits for or how its attempt before ended.
UPDATE "run" r SET "reason_code" = 'machine_image'
WHERE r."state" = 'queued' AND r."reason" IS NOT NULL AND NOT EXISTS (
  SELECT 1 FROM "run_claim" c
  WHERE c."run_id" = r."id" AND c."attempt" = r."attempt" - 1 AND c."outcome" = r."reason"
);

-- Reruns of staff that wait: the owner asked for all others.
UPDATE "run" r SET "by_staff" = true
WHERE r."state" = 'queued' AND EXISTS (
  SELECT 1 FROM "audit_entry" a JOIN "submission" s ON s."id" = r."submission_id"
  WHERE a."action" = 'run.rerun' AND a."after"->>'run' = r."id" AND a."user_id" <> s."user_id"
);
