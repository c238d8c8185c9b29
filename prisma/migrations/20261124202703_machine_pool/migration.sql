-- AlterTable
ALTER TABLE "cluster" ADD COLUMN     "pool_cost_usd" DECIMAL(12,6),
ADD COLUMN     "pool_nodes" INTEGER,
ADD COLUMN     "taken_at" TIMESTAMPTZ(3),
ADD COLUMN     "warm_at" TIMESTAMPTZ(3);

-- What Prisma cannot say.
ALTER TABLE "cluster"
  ADD CONSTRAINT "cluster_pool_nodes_some" CHECK ("pool_nodes" BETWEEN 1 AND 3),
  ADD CONSTRAINT "cluster_taken_from_pool"
    CHECK ("taken_at" IS NULL OR ("pool_nodes" IS NOT NULL AND "run_id" IS NOT NULL)),
  ADD CONSTRAINT "cluster_pool_cost_is_part"
    CHECK ("pool_cost_usd" IS NULL OR ("pool_cost_usd" >= 0 AND "pool_cost_usd" <= "cost_usd"));
