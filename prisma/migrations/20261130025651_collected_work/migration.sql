-- AlterTable
ALTER TABLE "exercise" ADD COLUMN     "collect_formats" TEXT[] DEFAULT ARRAY[]::TEXT[],
ADD COLUMN     "collect_megabytes" INTEGER;

ALTER TABLE "exercise" ADD CONSTRAINT "exercise_collects" CHECK (
  ("collect_megabytes" IS NULL AND cardinality("collect_formats") = 0)
  OR ("collect_megabytes" IS NOT NULL AND "collect_megabytes" >= 1 AND "collect_formats" <@ ARRAY['tar.gz', 'zip', 'tar']));

-- What is only collected has no version, so that no run of it can be.
CREATE FUNCTION "exercise_version_of_graded"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF EXISTS (SELECT 1 FROM "exercise" WHERE "id" = NEW."exercise_id" AND "collect_megabytes" IS NOT NULL) THEN
    RAISE EXCEPTION 'The exercise % only collects work: nothing grades it.', NEW."exercise_id"
      USING ERRCODE = 'check_violation', CONSTRAINT = 'exercise_version_of_graded';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER "exercise_version_of_graded" BEFORE INSERT ON "exercise_version"
  FOR EACH ROW EXECUTE FUNCTION "exercise_version_of_graded"();
