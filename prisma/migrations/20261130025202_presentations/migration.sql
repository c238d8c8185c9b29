-- CreateEnum
CREATE TYPE "TalkState" AS ENUM ('proposed', 'approved', 'returned');

-- AlterTable
ALTER TABLE "assignment" ADD COLUMN     "talks_published_at" TIMESTAMPTZ(3);

-- AlterTable
ALTER TABLE "class_meeting" ADD COLUMN     "talk_minutes" INTEGER,
ADD COLUMN     "talk_places" INTEGER,
ADD COLUMN     "talks_start_at" TIMESTAMPTZ(3);

-- CreateTable
CREATE TABLE "talk" (
    "team_id" TEXT NOT NULL,
    "assignment_id" TEXT NOT NULL,
    "kind" "TopicKind" NOT NULL,
    "title" TEXT NOT NULL,
    "paper_id" TEXT,
    "link" TEXT,
    "summary" TEXT NOT NULL,
    "state" "TalkState" NOT NULL,
    "proposed_at" TIMESTAMPTZ(3) NOT NULL,
    "wishes" JSONB NOT NULL,
    "class_id" TEXT,
    "position" INTEGER,

    CONSTRAINT "talk_pkey" PRIMARY KEY ("team_id")
);

-- CreateTable
CREATE TABLE "talk_comment" (
    "id" TEXT NOT NULL,
    "team_id" TEXT NOT NULL,
    "user_id" TEXT NOT NULL,
    "text" TEXT NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "talk_comment_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "talk_swap" (
    "id" TEXT NOT NULL,
    "from_team_id" TEXT NOT NULL,
    "to_team_id" TEXT NOT NULL,
    "asked_by_id" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "end" "InvitationEnd",

    CONSTRAINT "talk_swap_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE INDEX "talk_paper_id_idx" ON "talk"("paper_id");

-- CreateIndex
CREATE UNIQUE INDEX "talk_team_id_assignment_id_key" ON "talk"("team_id", "assignment_id");

-- CreateIndex
CREATE UNIQUE INDEX "talk_assignment_id_paper_id_key" ON "talk"("assignment_id", "paper_id");

-- CreateIndex
CREATE UNIQUE INDEX "talk_class_id_position_key" ON "talk"("class_id", "position");

-- CreateIndex
CREATE INDEX "talk_comment_team_id_idx" ON "talk_comment"("team_id");

-- CreateIndex
CREATE INDEX "talk_comment_user_id_idx" ON "talk_comment"("user_id");

-- CreateIndex
CREATE INDEX "talk_swap_from_team_id_idx" ON "talk_swap"("from_team_id");

-- CreateIndex
CREATE INDEX "talk_swap_to_team_id_idx" ON "talk_swap"("to_team_id");

-- CreateIndex
CREATE INDEX "talk_swap_asked_by_id_idx" ON "talk_swap"("asked_by_id");

-- AddForeignKey
ALTER TABLE "talk" ADD CONSTRAINT "talk_team_id_assignment_id_fkey" FOREIGN KEY ("team_id", "assignment_id") REFERENCES "team"("id", "assignment_id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "talk" ADD CONSTRAINT "talk_assignment_id_fkey" FOREIGN KEY ("assignment_id") REFERENCES "assignment"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "talk" ADD CONSTRAINT "talk_paper_id_fkey" FOREIGN KEY ("paper_id") REFERENCES "paper"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "talk" ADD CONSTRAINT "talk_class_id_fkey" FOREIGN KEY ("class_id") REFERENCES "class_meeting"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "talk_comment" ADD CONSTRAINT "talk_comment_team_id_fkey" FOREIGN KEY ("team_id") REFERENCES "talk"("team_id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "talk_comment" ADD CONSTRAINT "talk_comment_user_id_fkey" FOREIGN KEY ("user_id") REFERENCES "user"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "talk_swap" ADD CONSTRAINT "talk_swap_from_team_id_fkey" FOREIGN KEY ("from_team_id") REFERENCES "team"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "talk_swap" ADD CONSTRAINT "talk_swap_to_team_id_fkey" FOREIGN KEY ("to_team_id") REFERENCES "team"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "talk_swap" ADD CONSTRAINT "talk_swap_asked_by_id_fkey" FOREIGN KEY ("asked_by_id") REFERENCES "user"("id") ON DELETE CASCADE ON UPDATE CASCADE;

CREATE UNIQUE INDEX "talk_title_taken" ON "talk"("assignment_id", lower("title"));
CREATE UNIQUE INDEX "talk_swap_open" ON "talk_swap"("from_team_id", "to_team_id") WHERE "end" IS NULL;

ALTER TABLE "class_meeting" ADD CONSTRAINT "class_meeting_talks_whole"
  CHECK (num_nulls("talks_start_at", "talk_places", "talk_minutes") IN (0, 3));
ALTER TABLE "class_meeting" ADD CONSTRAINT "class_meeting_talks_within"
  CHECK ("talk_places" > 0 AND "talk_minutes" > 0 AND "talks_start_at" >= "starts_at"
    AND "talks_start_at" + "talk_places" * "talk_minutes" * interval '1 minute' <= "ends_at");
ALTER TABLE "talk" ADD CONSTRAINT "talk_place_whole" CHECK (num_nulls("class_id", "position") IN (0, 2));
ALTER TABLE "talk" ADD CONSTRAINT "talk_position_counted" CHECK ("position" > 0);
ALTER TABLE "talk" ADD CONSTRAINT "talk_title_said" CHECK ("title" <> '');
ALTER TABLE "talk_swap" ADD CONSTRAINT "talk_swap_of_two" CHECK ("from_team_id" <> "to_team_id");
