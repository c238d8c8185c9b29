-- CreateEnum
CREATE TYPE "InvitationEnd" AS ENUM ('accepted', 'declined', 'withdrawn');

-- AlterTable
ALTER TABLE "assignment" ADD COLUMN     "team_across_sections" BOOLEAN NOT NULL DEFAULT false,
ADD COLUMN     "team_max" INTEGER,
ADD COLUMN     "team_min" INTEGER;

-- AlterTable
ALTER TABLE "submission" ADD COLUMN     "team_id" TEXT;

-- CreateTable
CREATE TABLE "team" (
    "id" TEXT NOT NULL,
    "assignment_id" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "locked_at" TIMESTAMPTZ(3),

    CONSTRAINT "team_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "team_member" (
    "team_id" TEXT NOT NULL,
    "assignment_id" TEXT NOT NULL,
    "user_id" TEXT NOT NULL,
    "joined_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "team_member_pkey" PRIMARY KEY ("assignment_id","user_id")
);

-- CreateTable
CREATE TABLE "team_invitation" (
    "id" TEXT NOT NULL,
    "team_id" TEXT NOT NULL,
    "user_id" TEXT NOT NULL,
    "invited_by_id" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "end" "InvitationEnd",

    CONSTRAINT "team_invitation_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE INDEX "team_assignment_id_idx" ON "team"("assignment_id");

-- CreateIndex
CREATE UNIQUE INDEX "team_id_assignment_id_key" ON "team"("id", "assignment_id");

-- CreateIndex
CREATE INDEX "team_member_team_id_idx" ON "team_member"("team_id");

-- CreateIndex
CREATE INDEX "team_member_user_id_idx" ON "team_member"("user_id");

-- CreateIndex
CREATE INDEX "team_invitation_team_id_idx" ON "team_invitation"("team_id");

-- CreateIndex
CREATE INDEX "team_invitation_user_id_idx" ON "team_invitation"("user_id");

-- CreateIndex
CREATE INDEX "submission_team_id_exercise_id_number_idx" ON "submission"("team_id", "exercise_id", "number");

-- AddForeignKey
ALTER TABLE "team" ADD CONSTRAINT "team_assignment_id_fkey" FOREIGN KEY ("assignment_id") REFERENCES "assignment"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "team_member" ADD CONSTRAINT "team_member_team_id_assignment_id_fkey" FOREIGN KEY ("team_id", "assignment_id") REFERENCES "team"("id", "assignment_id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "team_member" ADD CONSTRAINT "team_member_user_id_fkey" FOREIGN KEY ("user_id") REFERENCES "user"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "team_invitation" ADD CONSTRAINT "team_invitation_team_id_fkey" FOREIGN KEY ("team_id") REFERENCES "team"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "team_invitation" ADD CONSTRAINT "team_invitation_user_id_fkey" FOREIGN KEY ("user_id") REFERENCES "user"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "team_invitation" ADD CONSTRAINT "team_invitation_invited_by_id_fkey" FOREIGN KEY ("invited_by_id") REFERENCES "user"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "submission" ADD CONSTRAINT "submission_team_id_fkey" FOREIGN KEY ("team_id") REFERENCES "team"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

ALTER TABLE "assignment" ADD CONSTRAINT "assignment_team_sizes"
  CHECK (("team_min" IS NULL) = ("team_max" IS NULL)
    AND ("team_min" IS NULL OR ("team_min" >= 1 AND "team_max" >= "team_min")));

-- One open invitation of a team for each person.
CREATE UNIQUE INDEX "team_invitation_open" ON "team_invitation" ("team_id", "user_id") WHERE "end" IS NULL;
ALTER TABLE "team_invitation" ADD CONSTRAINT "team_invitation_of_another" CHECK ("user_id" <> "invited_by_id");

CREATE FUNCTION "team_member_is_student"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NOT EXISTS (
    SELECT 1 FROM "assignment" a JOIN "enrollment" e ON e."course_id" = a."course_id"
    WHERE a."id" = NEW."assignment_id" AND e."user_id" = NEW."user_id" AND e."role" = 'student'
  ) THEN
    RAISE EXCEPTION 'The person % is no student of the course of the team %.', NEW."user_id", NEW."team_id"
      USING ERRCODE = 'check_violation', CONSTRAINT = 'team_member_is_student';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER "team_member_is_student" BEFORE INSERT OR UPDATE ON "team_member"
  FOR EACH ROW EXECUTE FUNCTION "team_member_is_student"();

-- The team's lock makes two who come at once come one after the other. Who is in a team stays when the most is lowered.
CREATE FUNCTION "team_member_has_place"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM 1 FROM "team" WHERE "id" = NEW."team_id" FOR NO KEY UPDATE;
  IF (SELECT count(*) FROM "team_member" WHERE "team_id" = NEW."team_id")
    >= coalesce((SELECT "team_max" FROM "assignment" WHERE "id" = NEW."assignment_id"), 0) THEN
    RAISE EXCEPTION 'The team % has no place for %.', NEW."team_id", NEW."user_id"
      USING ERRCODE = 'check_violation', CONSTRAINT = 'team_member_has_place';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER "team_member_has_place" BEFORE INSERT OR UPDATE OF "team_id" ON "team_member"
  FOR EACH ROW EXECUTE FUNCTION "team_member_has_place"();

CREATE FUNCTION "submission_by_member"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW."team_id" IS NOT NULL AND NOT EXISTS (
    SELECT 1 FROM "team_member" m JOIN "exercise" e ON e."assignment_id" = m."assignment_id"
    WHERE m."team_id" = NEW."team_id" AND m."user_id" = NEW."user_id" AND e."id" = NEW."exercise_id"
  ) THEN
    RAISE EXCEPTION 'The person % is not in the team % for this exercise.', NEW."user_id", NEW."team_id"
      USING ERRCODE = 'check_violation', CONSTRAINT = 'submission_by_member';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER "submission_by_member" BEFORE INSERT ON "submission"
  FOR EACH ROW EXECUTE FUNCTION "submission_by_member"();
