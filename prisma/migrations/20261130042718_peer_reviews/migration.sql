-- AlterTable
ALTER TABLE "assignment" ADD COLUMN     "review_form" JSONB NOT NULL DEFAULT '[]',
ADD COLUMN     "review_sections" TEXT[],
ADD COLUMN     "reviews_each" INTEGER,
ADD COLUMN     "reviews_released_at" TIMESTAMPTZ(3);

-- CreateTable
CREATE TABLE "review" (
    "id" UUID NOT NULL DEFAULT gen_random_uuid(),
    "assignment_id" TEXT NOT NULL,
    "reviewer_id" TEXT NOT NULL,
    "team_id" TEXT NOT NULL,
    "form" JSONB,
    "answers" JSONB,
    "submitted_at" TIMESTAMPTZ(3),
    "held_back" BOOLEAN NOT NULL DEFAULT false,

    CONSTRAINT "review_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE INDEX "review_reviewer_id_idx" ON "review"("reviewer_id");

-- CreateIndex
CREATE INDEX "review_team_id_idx" ON "review"("team_id");

-- CreateIndex
CREATE UNIQUE INDEX "review_assignment_id_reviewer_id_team_id_key" ON "review"("assignment_id", "reviewer_id", "team_id");

-- AddForeignKey
ALTER TABLE "review" ADD CONSTRAINT "review_assignment_id_fkey" FOREIGN KEY ("assignment_id") REFERENCES "assignment"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "review" ADD CONSTRAINT "review_reviewer_id_fkey" FOREIGN KEY ("reviewer_id") REFERENCES "user"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "review" ADD CONSTRAINT "review_team_id_fkey" FOREIGN KEY ("team_id") REFERENCES "team"("id") ON DELETE CASCADE ON UPDATE CASCADE;

ALTER TABLE "assignment" ADD CONSTRAINT "assignment_reviews_each_counted" CHECK ("reviews_each" > 0);
ALTER TABLE "review" ADD CONSTRAINT "review_written_whole" CHECK (num_nulls("form", "answers", "submitted_at") IN (0, 3));
