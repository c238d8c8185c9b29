-- CreateEnum
CREATE TYPE "ClassKind" AS ENUM ('lecture', 'presentations', 'exam');

-- CreateEnum
CREATE TYPE "TopicKind" AS ENUM ('paper', 'technology');

-- AlterEnum
ALTER TYPE "AssignmentKind" ADD VALUE 'lab';
ALTER TYPE "AssignmentKind" ADD VALUE 'review';

-- AlterTable
ALTER TABLE "assignment" ADD COLUMN     "extra_credit" BOOLEAN NOT NULL DEFAULT false,
ADD COLUMN     "from_file" JSONB,
ADD COLUMN     "hand_in" TEXT;

-- AlterTable
ALTER TABLE "course" ADD COLUMN     "appointments" TEXT,
ADD COLUMN     "code" TEXT,
ADD COLUMN     "ends_on" DATE,
ADD COLUMN     "starts_on" DATE;

UPDATE "course" SET "code" = "slug";
ALTER TABLE "course" ALTER COLUMN "code" SET NOT NULL;

-- CreateTable
CREATE TABLE "former_slug" (
    "course_id" TEXT NOT NULL,
    "slug" TEXT NOT NULL,
    "assignment_id" TEXT NOT NULL,

    CONSTRAINT "former_slug_pkey" PRIMARY KEY ("course_id","slug")
);

-- CreateTable
CREATE TABLE "class_meeting" (
    "id" TEXT NOT NULL,
    "course_id" TEXT NOT NULL,
    "number" INTEGER NOT NULL,
    "kind" "ClassKind" NOT NULL,
    "title" TEXT NOT NULL,
    "place" TEXT NOT NULL,
    "objectives" JSONB NOT NULL,
    "slides" TEXT,
    "starts_at" TIMESTAMPTZ(3) NOT NULL,
    "ends_at" TIMESTAMPTZ(3) NOT NULL,
    "survey_due_at" TIMESTAMPTZ(3),
    "survey_closes_at" TIMESTAMPTZ(3),

    CONSTRAINT "class_meeting_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "class_break" (
    "course_id" TEXT NOT NULL,
    "from_day" DATE NOT NULL,
    "to_day" DATE NOT NULL,
    "title" TEXT NOT NULL,

    CONSTRAINT "class_break_pkey" PRIMARY KEY ("course_id","from_day")
);

-- CreateTable
CREATE TABLE "office_hours" (
    "id" TEXT NOT NULL,
    "course_id" TEXT NOT NULL,
    "slug" TEXT NOT NULL,
    "position" INTEGER NOT NULL,
    "weekday" TEXT NOT NULL,
    "from_time" TEXT NOT NULL,
    "to_time" TEXT NOT NULL,
    "place" TEXT NOT NULL,
    "link" TEXT,
    "exceptions" JSONB NOT NULL,
    "from_file" JSONB,

    CONSTRAINT "office_hours_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "announcement" (
    "id" TEXT NOT NULL,
    "course_id" TEXT NOT NULL,
    "slug" TEXT NOT NULL,
    "title" TEXT NOT NULL,
    "body" TEXT NOT NULL,
    "pinned" BOOLEAN NOT NULL DEFAULT false,
    "publish_at" TIMESTAMPTZ(3) NOT NULL,
    "from_file" JSONB,

    CONSTRAINT "announcement_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "paper" (
    "id" TEXT NOT NULL,
    "course_id" TEXT NOT NULL,
    "slug" TEXT NOT NULL,
    "position" INTEGER NOT NULL,
    "kind" "TopicKind" NOT NULL,
    "title" TEXT NOT NULL,
    "venue" TEXT,
    "year" INTEGER,
    "link" TEXT,

    CONSTRAINT "paper_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "edit_conflict" (
    "id" TEXT NOT NULL,
    "course_id" TEXT NOT NULL,
    "subject" TEXT NOT NULL,
    "label" TEXT NOT NULL,
    "field" TEXT NOT NULL,
    "base_value" JSONB,
    "file_value" JSONB,
    "site_value" JSONB,
    "found_at" TIMESTAMPTZ(3) NOT NULL,
    "settled_at" TIMESTAMPTZ(3),
    "settled_by_id" TEXT,

    CONSTRAINT "edit_conflict_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE INDEX "former_slug_assignment_id_idx" ON "former_slug"("assignment_id");

-- CreateIndex
CREATE INDEX "class_meeting_course_id_starts_at_idx" ON "class_meeting"("course_id", "starts_at");

-- CreateIndex
CREATE UNIQUE INDEX "class_meeting_course_id_number_key" ON "class_meeting"("course_id", "number");

-- CreateIndex
CREATE UNIQUE INDEX "office_hours_course_id_slug_key" ON "office_hours"("course_id", "slug");

-- CreateIndex
CREATE INDEX "announcement_course_id_publish_at_idx" ON "announcement"("course_id", "publish_at");

-- CreateIndex
CREATE UNIQUE INDEX "announcement_course_id_slug_key" ON "announcement"("course_id", "slug");

-- CreateIndex
CREATE UNIQUE INDEX "paper_course_id_slug_key" ON "paper"("course_id", "slug");

-- CreateIndex
CREATE INDEX "edit_conflict_course_id_settled_at_idx" ON "edit_conflict"("course_id", "settled_at");

-- AddForeignKey
ALTER TABLE "former_slug" ADD CONSTRAINT "former_slug_assignment_id_fkey" FOREIGN KEY ("assignment_id") REFERENCES "assignment"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "class_meeting" ADD CONSTRAINT "class_meeting_course_id_fkey" FOREIGN KEY ("course_id") REFERENCES "course"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "class_break" ADD CONSTRAINT "class_break_course_id_fkey" FOREIGN KEY ("course_id") REFERENCES "course"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "office_hours" ADD CONSTRAINT "office_hours_course_id_fkey" FOREIGN KEY ("course_id") REFERENCES "course"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "announcement" ADD CONSTRAINT "announcement_course_id_fkey" FOREIGN KEY ("course_id") REFERENCES "course"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "paper" ADD CONSTRAINT "paper_course_id_fkey" FOREIGN KEY ("course_id") REFERENCES "course"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "edit_conflict" ADD CONSTRAINT "edit_conflict_course_id_fkey" FOREIGN KEY ("course_id") REFERENCES "course"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "edit_conflict" ADD CONSTRAINT "edit_conflict_settled_by_id_fkey" FOREIGN KEY ("settled_by_id") REFERENCES "user"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- One open conflict for each field.
CREATE UNIQUE INDEX "edit_conflict_open" ON "edit_conflict" ("course_id", "subject", "field")
  WHERE "settled_at" IS NULL;

ALTER TABLE "class_meeting" ADD CONSTRAINT "class_meeting_ends_after_start" CHECK ("ends_at" > "starts_at");
ALTER TABLE "class_meeting" ADD CONSTRAINT "class_meeting_survey_whole"
  CHECK (("survey_due_at" IS NULL) = ("survey_closes_at" IS NULL));
ALTER TABLE "class_break" ADD CONSTRAINT "class_break_ends_after_start" CHECK ("to_day" >= "from_day");
