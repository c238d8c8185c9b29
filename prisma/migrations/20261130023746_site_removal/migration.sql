-- CreateTable
CREATE TABLE "site_removal" (
    "id" TEXT NOT NULL,
    "course_id" TEXT NOT NULL,
    "kind" TEXT NOT NULL,
    "slug" TEXT NOT NULL,
    "fields" JSONB NOT NULL,
    "from_file" JSONB,
    "removed_at" TIMESTAMPTZ(3) NOT NULL,
    "removed_by_id" TEXT NOT NULL,

    CONSTRAINT "site_removal_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE UNIQUE INDEX "site_removal_course_id_kind_slug_key" ON "site_removal"("course_id", "kind", "slug");

-- AddForeignKey
ALTER TABLE "site_removal" ADD CONSTRAINT "site_removal_course_id_fkey" FOREIGN KEY ("course_id") REFERENCES "course"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "site_removal" ADD CONSTRAINT "site_removal_removed_by_id_fkey" FOREIGN KEY ("removed_by_id") REFERENCES "user"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

ALTER TABLE "site_removal" ADD CONSTRAINT "site_removal_kind_known" CHECK ("kind" IN ('announcement', 'office-hours'));
