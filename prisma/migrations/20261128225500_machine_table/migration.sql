-- A machine is called a machine; a cluster is only ever a Kubernetes. No row changes but the subjects of notices.
-- The audit keeps the words that were written into it.
ALTER TYPE "ClusterState" RENAME TO "MachineState";

ALTER TABLE "cluster" RENAME TO "machine";
-- What the provider calls it.
ALTER TABLE "machine" RENAME COLUMN "machine_id" TO "instance_id";

ALTER TABLE "machine" RENAME CONSTRAINT "cluster_pkey" TO "machine_pkey";
ALTER TABLE "machine" RENAME CONSTRAINT "cluster_run_id_fkey" TO "machine_run_id_fkey";
ALTER TABLE "machine" RENAME CONSTRAINT "cluster_terminated_at_known" TO "machine_terminated_at_known";
ALTER TABLE "machine" RENAME CONSTRAINT "cluster_run_with_attempt" TO "machine_run_with_attempt";
ALTER TABLE "machine" RENAME CONSTRAINT "cluster_assigned_has_run" TO "machine_assigned_has_run";
ALTER TABLE "machine" RENAME CONSTRAINT "cluster_lease_after_request" TO "machine_lease_after_request";
ALTER TABLE "machine" RENAME CONSTRAINT "cluster_hashes_sha256" TO "machine_hashes_sha256";
ALTER TABLE "machine" RENAME CONSTRAINT "cluster_money_not_negative" TO "machine_money_not_negative";
ALTER TABLE "machine" RENAME CONSTRAINT "cluster_pool_nodes_some" TO "machine_pool_nodes_some";
ALTER TABLE "machine" RENAME CONSTRAINT "cluster_taken_from_pool" TO "machine_taken_from_pool";
ALTER TABLE "machine" RENAME CONSTRAINT "cluster_pool_cost_is_part" TO "machine_pool_cost_is_part";
ALTER TABLE "machine" RENAME CONSTRAINT "cluster_end_code_with_reason" TO "machine_end_code_with_reason";

ALTER INDEX "cluster_token_hash_key" RENAME TO "machine_token_hash_key";
ALTER INDEX "cluster_session_hash_key" RENAME TO "machine_session_hash_key";
ALTER INDEX "cluster_state_idx" RENAME TO "machine_state_idx";
ALTER INDEX "cluster_run_id_idx" RENAME TO "machine_run_id_idx";
ALTER INDEX "cluster_one_live_per_attempt" RENAME TO "machine_one_live_per_attempt";
ALTER INDEX "cluster_machine_once" RENAME TO "machine_instance_once";
ALTER INDEX "cluster_pool_idx" RENAME TO "machine_pool_idx";

UPDATE "notice" SET "subject" = 'machine:' || substr("subject", length('cluster:') + 1) WHERE "subject" LIKE 'cluster:%';
