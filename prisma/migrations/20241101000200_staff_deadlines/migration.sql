-- AlterTable
ALTER TABLE "assignment" ADD COLUMN     "staff_grace_seconds" INTEGER;

-- Rules that the database itself holds, whatever the program does.

ALTER TABLE "assignment"
  ADD CONSTRAINT "assignment_staff_grace_within_a_day" CHECK ("staff_grace_seconds" BETWEEN 0 AND 86400);

-- Held when it is granted: who leaves the course or becomes staff later keeps what they were given.
CREATE FUNCTION "extension_for_student"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NOT EXISTS (
    SELECT 1 FROM "enrollment" e JOIN "assignment" a ON a."course_id" = e."course_id"
    WHERE a."id" = NEW."assignment_id" AND e."user_id" = NEW."user_id" AND e."role" = 'student'
  ) THEN
    RAISE EXCEPTION 'The user % is no student of the course of assignment %.', NEW."user_id", NEW."assignment_id"
      USING ERRCODE = 'check_violation', CONSTRAINT = 'extension_for_student';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER "extension_for_student" BEFORE INSERT OR UPDATE OF "assignment_id", "user_id" ON "extension"
  FOR EACH ROW EXECUTE FUNCTION "extension_for_student"();

-- Held when it is granted: the course's files may move the due date past it later; then it has no effect.
CREATE FUNCTION "extension_after_due"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NOT EXISTS (
    SELECT 1 FROM "assignment" WHERE "id" = NEW."assignment_id" AND "due_at" < NEW."due_at"
  ) THEN
    RAISE EXCEPTION 'The extension % of assignment % does not lie after a due date.', NEW."id", NEW."assignment_id"
      USING ERRCODE = 'check_violation', CONSTRAINT = 'extension_after_due';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER "extension_after_due" BEFORE INSERT OR UPDATE OF "assignment_id", "due_at" ON "extension"
  FOR EACH ROW EXECUTE FUNCTION "extension_after_due"();
