-- CreateEnum
CREATE TYPE "EndCode" AS ENUM ('run_over', 'not_launched', 'failed', 'lost', 'other_nodes', 'too_old', 'too_many', 'made_room', 'stopped');

-- AlterTable
ALTER TABLE "cluster" ADD COLUMN     "end_code" "EndCode";

-- What ended before codes were kept is known by its sentence.
UPDATE "cluster" SET "end_code" = CASE
    WHEN "end_reason" = 'Runs ask for another number of nodes now.' THEN 'other_nodes'
    WHEN "end_reason" = 'No run took it in its time.' THEN 'too_old'
    WHEN "end_reason" = 'The pool has more machines than are wanted.' THEN 'too_many'
    WHEN "end_reason" = 'A run needed its place.' THEN 'made_room'
    WHEN "end_reason" = 'The worker was stopped.' THEN 'stopped'
    WHEN "end_reason" IN ('The run has reported its result.', 'The run was cancelled.') THEN 'run_over'
    WHEN "state" = 'lost' OR "end_reason" = 'The machine was interrupted.' THEN 'lost'
    WHEN "machine_id" IS NULL AND "state" = 'terminated' THEN 'not_launched'
    ELSE 'failed'
  END::"EndCode"
  WHERE "end_reason" IS NOT NULL;

-- What Prisma cannot say.
ALTER TABLE "cluster"
  ADD CONSTRAINT "cluster_end_code_with_reason" CHECK (("end_code" IS NULL) = ("end_reason" IS NULL));
