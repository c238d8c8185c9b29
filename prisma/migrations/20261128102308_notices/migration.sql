-- CreateTable
CREATE TABLE "notice" (
    "id" TEXT NOT NULL,
    "code" TEXT NOT NULL,
    "subject" TEXT NOT NULL,
    "course_id" TEXT,
    "reason" TEXT NOT NULL,
    "count" INTEGER NOT NULL DEFAULT 1,
    "first_seen" TIMESTAMPTZ(3) NOT NULL,
    "last_seen" TIMESTAMPTZ(3) NOT NULL,
    "closed_at" TIMESTAMPTZ(3),
    "closed_by_id" TEXT,

    CONSTRAINT "notice_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE INDEX "notice_course_id_closed_at_idx" ON "notice"("course_id", "closed_at");

-- AddForeignKey
ALTER TABLE "notice" ADD CONSTRAINT "notice_course_id_fkey" FOREIGN KEY ("course_id") REFERENCES "course"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "notice" ADD CONSTRAINT "notice_closed_by_id_fkey" FOREIGN KEY ("closed_by_id") REFERENCES "user"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- What Prisma cannot say.
ALTER TABLE "notice"
  ADD CONSTRAINT "notice_explained" CHECK ("code" <> '' AND "subject" ~ '^[a-z]+:.' AND "reason" <> ''),
  ADD CONSTRAINT "notice_count_from_one" CHECK ("count" >= 1),
  ADD CONSTRAINT "notice_seen_in_order" CHECK ("last_seen" >= "first_seen"),
  ADD CONSTRAINT "notice_closed_after_seen" CHECK ("closed_at" >= "last_seen"),
  ADD CONSTRAINT "notice_closed_by_when_closed" CHECK ("closed_by_id" IS NULL OR "closed_at" IS NOT NULL);

CREATE UNIQUE INDEX "notice_one_open" ON "notice" ("code", "subject") WHERE "closed_at" IS NULL;

-- Until now runs that could not be graded were told to the audit alone; those that count are still to be dealt with.
INSERT INTO "notice" ("id", "code", "subject", "course_id", "reason", "first_seen", "last_seen")
SELECT 'ntc_' || substr(max(a."id"), 5), a."action", a."subject", max(s."course_id"), max(r."reason"), min(a."at"), max(a."at")
FROM "audit_entry" a
  JOIN "run" r ON a."subject" = 'run:' || r."id" AND r."counts" AND r."state" = 'not_gradable'
  JOIN "submission" m ON m."id" = r."submission_id"
  JOIN "exercise" e ON e."id" = m."exercise_id"
  JOIN "assignment" s ON s."id" = e."assignment_id"
WHERE a."action" = 'run.not_gradable'
GROUP BY a."action", a."subject";
