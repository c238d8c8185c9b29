-- AlterTable
ALTER TABLE "run" ADD COLUMN     "check_faults" INTEGER NOT NULL DEFAULT 0;

-- AlterTable
ALTER TABLE "run_claim" ADD COLUMN     "staff_detail" TEXT;

-- What Prisma cannot say.
ALTER TABLE "run" ADD CONSTRAINT "run_check_faults_not_negative" CHECK ("check_faults" >= 0);
