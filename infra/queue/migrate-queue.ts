import { runMigrations } from "bullmq";
import type pg from "pg";
import { queueName } from "./queue-name.ts";

/**
 * Makes the queue's tables, in the schema `bullmq`, or brings them up to date; also where the queue is on Redis.
 * BullMQ would make a queue's numbering with its first job, which the site's role must not.
 */
export async function migrateQueue(client: pg.Client): Promise<void> {
  await runMigrations(client);
  const { rows } = await client.query<{ name: string }>("SELECT bullmq.job_id_seq_name($1) AS name", [
    queueName,
  ]);
  const name = client.escapeIdentifier(rows[0]?.name ?? "");
  await client.query(`CREATE SEQUENCE IF NOT EXISTS bullmq.${name}`);
}
