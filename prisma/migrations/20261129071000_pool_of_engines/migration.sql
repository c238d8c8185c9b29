-- Machines without a Kubernetes wait in the pool too.
ALTER TABLE "machine"
  DROP CONSTRAINT "machine_pool_nodes_some",
  ADD CONSTRAINT "machine_pool_nodes_some" CHECK ("pool_nodes" BETWEEN 0 AND 3);

-- How long the newest machines of a kind took to start.
CREATE INDEX "machine_machine_kind_requested_at_idx" ON "machine" ("machine_kind", "requested_at");
