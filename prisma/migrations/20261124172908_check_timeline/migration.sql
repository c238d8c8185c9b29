-- AlterTable
ALTER TABLE "check_result" ADD COLUMN     "timeline" JSONB;
