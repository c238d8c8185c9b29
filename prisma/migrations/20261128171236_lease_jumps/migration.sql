-- AlterTable
ALTER TABLE "cluster" ADD COLUMN     "jumped_at" TIMESTAMPTZ(3);
