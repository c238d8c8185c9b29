-- AlterTable
ALTER TABLE "upload_refusal" ADD COLUMN     "count" INTEGER NOT NULL DEFAULT 1,
ADD COLUMN     "hour" TIMESTAMPTZ(3);

-- Those of one person, exercise, code and hour become the last of them, with their number.
UPDATE "upload_refusal" SET "hour" = date_trunc('hour', "received_at", 'UTC');
WITH "counted" AS (
  SELECT "id", count(*) OVER "same" AS "number", row_number() OVER ("same" ORDER BY "received_at" DESC, "id" DESC) AS "place"
  FROM "upload_refusal" WINDOW "same" AS (PARTITION BY "user_id", "exercise_id", "code", "hour")
), "kept" AS (
  UPDATE "upload_refusal" u SET "count" = c."number" FROM "counted" c WHERE u."id" = c."id" AND c."place" = 1
)
DELETE FROM "upload_refusal" u USING "counted" c WHERE u."id" = c."id" AND c."place" > 1;
ALTER TABLE "upload_refusal" ALTER COLUMN "hour" SET NOT NULL;

-- CreateTable
CREATE TABLE "log_removal" (
    "run_id" TEXT NOT NULL,
    "removed_at" TIMESTAMPTZ(3) NOT NULL,
    "kept_days" INTEGER NOT NULL,
    "lines" INTEGER NOT NULL DEFAULT 0,
    "complete" BOOLEAN NOT NULL DEFAULT false,

    CONSTRAINT "log_removal_pkey" PRIMARY KEY ("run_id")
);

-- CreateIndex
CREATE INDEX "run_finished_at_idx" ON "run"("finished_at");

-- CreateIndex
CREATE INDEX "upload_refusal_received_at_idx" ON "upload_refusal"("received_at");

-- CreateIndex
CREATE UNIQUE INDEX "upload_refusal_user_id_exercise_id_code_hour_key" ON "upload_refusal"("user_id", "exercise_id", "code", "hour");

-- CreateIndex
CREATE INDEX "log_removal_complete_idx" ON "log_removal"("complete");

-- AddForeignKey
ALTER TABLE "log_removal" ADD CONSTRAINT "log_removal_run_id_fkey" FOREIGN KEY ("run_id") REFERENCES "run"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- What Prisma cannot say.
ALTER TABLE "upload_refusal" ADD CONSTRAINT "upload_refusal_count_from_one" CHECK ("count" >= 1);
ALTER TABLE "log_removal"
  ADD CONSTRAINT "log_removal_kept_a_while" CHECK ("kept_days" >= 1),
  ADD CONSTRAINT "log_removal_lines_not_negative" CHECK ("lines" >= 0);

-- Only of a run that has ended: until then its log is what everybody watches.
CREATE FUNCTION "log_removal_of_ended_run"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NOT EXISTS (SELECT 1 FROM "run" WHERE "id" = NEW."run_id" AND "finished_at" IS NOT NULL) THEN
    RAISE EXCEPTION 'The run % has not ended; its log stays.', NEW."run_id"
      USING ERRCODE = 'check_violation', CONSTRAINT = 'log_removal_of_ended_run';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER "log_removal_of_ended_run" BEFORE INSERT ON "log_removal"
  FOR EACH ROW EXECUTE FUNCTION "log_removal_of_ended_run"();
