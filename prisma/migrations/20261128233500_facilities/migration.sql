-- A machine is told by the set of facilities that it has: what was the profile docker is engine, and what was
-- kubernetes is engine+kubernetes. What an exercise wants stands beside its spec, so that SQL need not look into JSON.
ALTER TABLE "machine" RENAME COLUMN "profile" TO "machine_kind";
UPDATE "machine" SET "machine_kind" = CASE "machine_kind" WHEN 'docker' THEN 'engine' WHEN 'kubernetes' THEN 'engine+kubernetes' ELSE "machine_kind" END;

ALTER TABLE "machine_image" RENAME COLUMN "profile" TO "machine_kind";
UPDATE "machine_image" SET "machine_kind" = CASE "machine_kind" WHEN 'docker' THEN 'engine' WHEN 'kubernetes' THEN 'engine+kubernetes' ELSE "machine_kind" END;

-- Versions never change; this one column is new.
ALTER TABLE "exercise_version" ADD COLUMN "machine_kind" TEXT;
ALTER TABLE "exercise_version" DISABLE TRIGGER "exercise_version_immutable";
UPDATE "exercise_version" SET "machine_kind" =
  CASE coalesce("spec" ->> 'profile', 'docker') WHEN 'docker' THEN 'engine' WHEN 'kubernetes' THEN 'engine+kubernetes' ELSE "spec" ->> 'profile' END;
ALTER TABLE "exercise_version" ENABLE TRIGGER "exercise_version_immutable";
ALTER TABLE "exercise_version" ALTER COLUMN "machine_kind" SET NOT NULL;

UPDATE "notice" SET "subject" = CASE
  WHEN "subject" IN ('image:docker', 'image:kubernetes')
    THEN 'image:' || CASE "subject" WHEN 'image:docker' THEN 'engine' ELSE 'engine+kubernetes' END
  ELSE regexp_replace(regexp_replace("subject", '/docker$', '/engine'), '/kubernetes$', '/engine+kubernetes')
END WHERE "subject" LIKE 'image:%' OR "subject" LIKE 'provider:%/%';
