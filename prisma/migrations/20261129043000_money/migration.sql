-- What machines cost, for whom, and what keeps them from costing more.
ALTER TYPE "RunReasonCode" ADD VALUE 'budget' BEFORE 'superseded';
ALTER TYPE "RunReasonCode" ADD VALUE 'fleet_stopped' BEFORE 'superseded';
ALTER TYPE "EndCode" ADD VALUE 'by_staff';

ALTER TABLE "machine" ADD COLUMN "besides_usd_per_hour" DECIMAL(12,6) NOT NULL DEFAULT 0;
CREATE INDEX "machine_requested_at_idx" ON "machine"("requested_at");
ALTER TABLE "run_claim" ADD COLUMN "reserved_micros" BIGINT;

CREATE TYPE "LedgerPart" AS ENUM ('run', 'pool');

CREATE TABLE "ledger_entry" (
    "machine_id" TEXT NOT NULL,
    "part" "LedgerPart" NOT NULL,
    "day" DATE NOT NULL,
    "micros" BIGINT NOT NULL,
    "run_id" TEXT,
    "user_id" TEXT,
    "assignment_id" TEXT,
    "course_id" TEXT,

    CONSTRAINT "ledger_entry_pkey" PRIMARY KEY ("machine_id", "part")
);
CREATE INDEX "ledger_entry_day_idx" ON "ledger_entry"("day");
CREATE INDEX "ledger_entry_course_id_micros_idx" ON "ledger_entry"("course_id", "micros");
CREATE INDEX "ledger_entry_run_id_idx" ON "ledger_entry"("run_id");

CREATE TABLE "fleet_stop" (
    "only" BOOLEAN NOT NULL DEFAULT true,
    "stopped_at" TIMESTAMPTZ(3) NOT NULL,
    "stopped_by" TEXT NOT NULL,
    "reason" TEXT NOT NULL,

    CONSTRAINT "fleet_stop_pkey" PRIMARY KEY ("only")
);

-- What Prisma cannot say.
ALTER TABLE "machine" ADD CONSTRAINT "machine_besides_not_negative" CHECK ("besides_usd_per_hour" >= 0);
ALTER TABLE "run_claim" ADD CONSTRAINT "run_claim_reserved_not_negative" CHECK ("reserved_micros" >= 0);
ALTER TABLE "ledger_entry"
  ADD CONSTRAINT "ledger_entry_costs_something" CHECK ("micros" > 0),
  ADD CONSTRAINT "ledger_entry_run_is_named"
    CHECK (("part" = 'run') = ("run_id" IS NOT NULL)
      AND ("run_id" IS NULL) = ("user_id" IS NULL)
      AND ("run_id" IS NULL) = ("assignment_id" IS NULL)
      AND ("run_id" IS NULL) = ("course_id" IS NULL));
ALTER TABLE "fleet_stop"
  ADD CONSTRAINT "fleet_stop_one" CHECK ("only"),
  ADD CONSTRAINT "fleet_stop_explained" CHECK ("stopped_by" <> '' AND "reason" <> '');

-- What was spent before there was a ledger: a machine that no run had is the pool's, and so is what it cost before one.
INSERT INTO "ledger_entry" ("machine_id", "part", "day", "micros", "run_id", "user_id", "assignment_id", "course_id")
SELECT m."id", p."part"::"LedgerPart", (m."requested_at" AT TIME ZONE 'UTC')::date, p."micros",
  CASE WHEN p."part" = 'run' THEN r."id" END, CASE WHEN p."part" = 'run' THEN s."user_id" END,
  CASE WHEN p."part" = 'run' THEN a."id" END, CASE WHEN p."part" = 'run' THEN a."course_id" END
FROM "machine" m
LEFT JOIN "run" r ON r."id" = m."run_id"
LEFT JOIN "submission" s ON s."id" = r."submission_id"
LEFT JOIN "exercise" e ON e."id" = s."exercise_id"
LEFT JOIN "assignment" a ON a."id" = e."assignment_id"
CROSS JOIN LATERAL (VALUES
  ('run', CASE WHEN r."id" IS NULL THEN 0 ELSE round((m."cost_usd" - coalesce(m."pool_cost_usd", 0)) * 1000000)::bigint END),
  ('pool', round((CASE WHEN r."id" IS NULL THEN m."cost_usd" ELSE coalesce(m."pool_cost_usd", 0) END) * 1000000)::bigint)
) p("part", "micros")
WHERE m."state" = 'terminated' AND p."micros" > 0;

-- What was spent stays so.
CREATE FUNCTION "ledger_entry_append_only"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'The ledger is append-only: % is refused.', TG_OP
    USING ERRCODE = 'insufficient_privilege', CONSTRAINT = 'ledger_entry_append_only';
END $$;
CREATE TRIGGER "ledger_entry_append_only" BEFORE UPDATE OR DELETE ON "ledger_entry"
  FOR EACH ROW EXECUTE FUNCTION "ledger_entry_append_only"();
