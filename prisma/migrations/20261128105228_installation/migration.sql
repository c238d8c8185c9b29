-- CreateTable
CREATE TABLE "installation" (
    "id" TEXT NOT NULL,
    "only" BOOLEAN NOT NULL DEFAULT true,
    "made_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "installation_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE UNIQUE INDEX "installation_only_key" ON "installation"("only");

-- What Prisma cannot say.
ALTER TABLE "installation" ADD CONSTRAINT "installation_only_one" CHECK ("only");
