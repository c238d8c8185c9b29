import { execFile } from "node:child_process";
import { createHash, randomUUID } from "node:crypto";
import { existsSync } from "node:fs";
import { mkdir, readdir, readFile, rename, rm } from "node:fs/promises";
import path from "node:path";
import { promisify } from "node:util";
import pg from "pg";
import { pickPort } from "#infra/db/embedded/ports.ts";
import { isAlive, readRunningServer } from "#infra/db/embedded/running-server.ts";
import { startEmbeddedPostgres } from "#infra/db/embedded.ts";
import { migrate } from "#infra/db/schema/migrate.ts";
import { readMigrationFiles } from "#infra/db/schema/migration-files.ts";

const root = path.resolve(import.meta.dirname, "../.artifacts/postgres");

/** What a crash would need is left out: these databases live for one test file. */
const settings = {
  fsync: "off",
  synchronous_commit: "off",
  full_page_writes: "off",
  max_connections: "200",
};

/** A migrated database that new ones are copied from. */
export const templateName = "drydock_template";

export interface TestPostgres {
  /** Address of the database with this name. */
  urlOf(database: string): string;
  /** The same by the role of web and worker. */
  siteUrlOf(database: string): string;
  run(sql: string): Promise<void>;
  /** Ends the server as a restart would, until it is resumed at the same address. */
  halt(): Promise<void>;
  resume(): Promise<void>;
  stop(): Promise<void>;
}

/** A server of this process alone, copied from a prepared data folder, which is made when the migrations changed. */
export async function startTestPostgres(): Promise<TestPostgres> {
  await mkdir(root, { recursive: true });
  await removeLeftBehind();
  const dataDir = path.join(root, `${process.pid}-${randomUUID()}`);
  await copyFolder(await prepareTemplate(), dataDir);
  // Not the port that the template keeps: while one server is halted, another's must not come to its address.
  const port = await pickPort(0);
  let server = await startEmbeddedPostgres({ dataDir, port, settings });
  const urlOf = (database: string) => urlWithDatabase(server.url, database);
  return {
    urlOf,
    siteUrlOf: (database) => urlWithDatabase(server.siteUrl, database),
    run: (sql) => runSql(urlOf("postgres"), sql),
    halt: () => server.stop(),
    resume: async () => {
      server = await startEmbeddedPostgres({ dataDir, port, settings });
    },
    stop: async () => {
      await server.stop();
      await rm(dataDir, { recursive: true, force: true });
    },
  };
}

async function prepareTemplate(): Promise<string> {
  const files = await readMigrationFiles();
  const hash = createHash("sha256")
    .update(files.map((file) => file.checksum).join())
    .update(await readFile(path.resolve(import.meta.dirname, "../../infra/db/schema/site-role.ts")))
    .digest("hex");
  const template = path.join(root, `template-${hash.slice(0, 16)}`);
  if (existsSync(template)) return template;
  const dataDir = path.join(root, `${process.pid}-${randomUUID()}`);
  const server = await startEmbeddedPostgres({ dataDir });
  await migrate(urlWithDatabase(server.url, templateName), server.site);
  await server.stop();
  await rename(dataDir, template).catch(async (error: NodeJS.ErrnoException) => {
    // Another process prepared it meanwhile.
    if (error.code !== "ENOTEMPTY" && error.code !== "EEXIST") throw error;
    await rm(dataDir, { recursive: true });
  });
  return template;
}

/** Keeps owners and modes: the server refuses a data folder that is not its user's own. */
async function copyFolder(from: string, to: string) {
  await promisify(execFile)("cp", ["-a", from, to]);
}

/** Folders and servers of test processes that were killed. */
async function removeLeftBehind() {
  for (const name of await readdir(root)) {
    const owner = Number(/^(\d+)-/.exec(name)?.[1]);
    if (Number.isNaN(owner) || isAlive(owner)) continue;
    const dataDir = path.join(root, name);
    const running = await readRunningServer(path.join(dataDir, "cluster"));
    if (running !== null) await (await startEmbeddedPostgres({ dataDir })).stop();
    await rm(dataDir, { recursive: true, force: true });
  }
}

function urlWithDatabase(url: string, database: string) {
  const changed = new URL(url);
  changed.pathname = `/${database}`;
  return changed.href;
}

async function runSql(url: string, sql: string) {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    await client.query(sql);
  } finally {
    await client.end();
  }
}
