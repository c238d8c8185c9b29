-- CreateTable
CREATE TABLE "storage_use" (
    "course_id" TEXT NOT NULL,
    "user_id" TEXT NOT NULL,
    "bytes" BIGINT NOT NULL,

    CONSTRAINT "storage_use_pkey" PRIMARY KEY ("course_id","user_id")
);

-- CreateIndex
CREATE INDEX "submission_storage_key_idx" ON "submission"("storage_key");

-- AddForeignKey
ALTER TABLE "storage_use" ADD CONSTRAINT "storage_use_course_id_fkey" FOREIGN KEY ("course_id") REFERENCES "course"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "storage_use" ADD CONSTRAINT "storage_use_user_id_fkey" FOREIGN KEY ("user_id") REFERENCES "user"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- What Prisma cannot say.
ALTER TABLE "storage_use" ADD CONSTRAINT "storage_use_not_negative" CHECK ("bytes" >= 0);

INSERT INTO "storage_use" ("course_id", "user_id", "bytes")
SELECT a."course_id", s."user_id", sum(s."bytes")
FROM "submission" s JOIN "exercise" e ON e."id" = s."exercise_id" JOIN "assignment" a ON a."id" = e."assignment_id"
GROUP BY a."course_id", s."user_id";
