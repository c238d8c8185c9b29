import { afterAll } from "vitest";
import { createDb, type Db } from "#infra/db/connection/client.ts";
import { startTestPostgres, type TestPostgres, templateName } from "./test-postgres.ts";

export interface TestDatabase {
  db: Db;
  url: string;
  /** Stops and starts the test file's server. */
  server: Pick<TestPostgres, "halt" | "resume">;
  /** By the role of web and worker. */
  siteUrl: string;
  /** Disconnects and drops the database. */
  close(): Promise<void>;
}

let server: Promise<TestPostgres> | undefined;
let count = 0;

/** A fresh, migrated, empty database on the test file's own server. */
export async function startTestDatabase(): Promise<TestDatabase> {
  server ??= startTestPostgres();
  const postgres = await server;
  const name = `test_${++count}`;
  await postgres.run(`CREATE DATABASE ${name} TEMPLATE ${templateName} STRATEGY = FILE_COPY`);
  const url = postgres.urlOf(name);
  const db = createDb(url);
  return {
    db,
    url,
    server: postgres,
    siteUrl: postgres.siteUrlOf(name),
    close: async () => {
      await db.$disconnect();
      await postgres.run(`DROP DATABASE ${name} WITH (FORCE)`);
    },
  };
}

afterAll(async () => {
  await (await server)?.stop();
  server = undefined;
});
