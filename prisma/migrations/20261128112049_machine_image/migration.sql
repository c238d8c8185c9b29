-- CreateTable
CREATE TABLE "machine_image" (
    "profile" TEXT NOT NULL,
    "image" TEXT NOT NULL,
    "made_at" TIMESTAMPTZ(3) NOT NULL,
    "versions" JSONB NOT NULL,
    "seen_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "machine_image_pkey" PRIMARY KEY ("profile")
);
