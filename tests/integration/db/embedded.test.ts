import { execFile } from "node:child_process";
import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import path from "node:path";
import { promisify } from "node:util";
import pg from "pg";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { isAlive, readRunningServer } from "#infra/db/embedded/running-server.ts";
import { type EmbeddedPostgres, startEmbeddedPostgres } from "#infra/db/embedded.ts";
import { migrate } from "#infra/db/schema/migrate.ts";

const artifacts = path.resolve(import.meta.dirname, "../../.artifacts");
const settings = { fsync: "off" };

let dataDir: string;
let started: EmbeddedPostgres[];
const cluster = () => path.join(dataDir, "cluster");

beforeEach(async () => {
  await mkdir(artifacts, { recursive: true });
  dataDir = await mkdtemp(path.join(artifacts, "embedded-"));
  started = [];
});
afterEach(async () => {
  for (const server of started) await server.stop();
  const left = await readRunningServer(cluster()).catch(() => null);
  await rm(dataDir, { recursive: true, force: true });
  expect(left).toBeNull();
});

async function start(): Promise<EmbeddedPostgres> {
  const server = await startEmbeddedPostgres({ dataDir, settings });
  started.push(server);
  return server;
}

async function ask(url: string, sql: string): Promise<Record<string, unknown> | undefined> {
  const client = new pg.Client({ connectionString: url.replace(/\/drydock$/, "/postgres") });
  await client.connect();
  try {
    return (await client.query(sql)).rows[0];
  } finally {
    await client.end();
  }
}

/** Starts the server in a process of its own, which ends without stopping it, as a killed one does. */
async function startInProcessThatDies(): Promise<string> {
  const program = `
    import { startEmbeddedPostgres } from ${JSON.stringify(path.resolve(import.meta.dirname, "../../../infra/db/embedded.ts"))};
    const server = await startEmbeddedPostgres({ dataDir: ${JSON.stringify(dataDir)}, settings: { fsync: "off" } });
    process.stdout.write(server.url);
    process.kill(process.pid, "SIGKILL");`;
  const flags = ["--import", "tsx", "--input-type=module", "-e", program];
  const ended = await promisify(execFile)(process.execPath, flags).catch(
    (error: { stdout: string }) => error,
  );
  return ended.stdout;
}

describe("the embedded Postgres", () => {
  it("keeps port, password and data from one start to the next", async () => {
    const first = await start();
    expect(await migrate(first.url)).not.toEqual({ applied: [] });
    await first.stop();
    expect(await readRunningServer(cluster())).toBeNull();
    const second = await start();
    expect(second.url).toBe(first.url);
    expect(await migrate(second.url)).toEqual({ applied: [] });
  });

  it("is used, and not stopped, by a second start while it runs", async () => {
    const first = await start();
    const second = await start();
    expect(second.url).toBe(first.url);
    // The same process owns both handles; a second one's is tried with another process below.
    expect(await ask(second.url, "SELECT 1 AS one")).toEqual({ one: 1 });
  });

  it("is one server when two starts come at the same moment", async () => {
    const [a, b] = await Promise.all([start(), start()]);
    expect(a.url).toBe(b.url);
    expect(
      await ask(a.url, "SELECT count(*)::int AS n FROM pg_stat_activity WHERE pid = pg_backend_pid()"),
    ).toEqual({ n: 1 });
  });

  it("left running by a process that died is taken over, and stopped in the end", async () => {
    const url = await startInProcessThatDies();
    const running = await readRunningServer(cluster());
    expect(running).not.toBeNull();
    const server = await start();
    expect(server.url).toBe(url);
    await server.stop();
    await untilGone(running?.pid ?? 0);
    expect(await readRunningServer(cluster())).toBeNull();
  });

  it("survives being killed: data that was committed is there after the next start", async () => {
    const first = await start();
    await ask(first.url, "CREATE TABLE kept (n int)");
    await ask(first.url, "INSERT INTO kept VALUES (7)");
    const running = await readRunningServer(cluster());
    process.kill(running?.pid ?? 0, "SIGQUIT");
    await untilGone(running?.pid ?? 0);
    const second = await start();
    expect(await ask(second.url, "SELECT n FROM kept")).toEqual({ n: 7 });
  });

  it("starts although a crash left its postmaster.pid and the number now belongs to another program", async () => {
    const first = await start();
    const file = path.join(cluster(), "postmaster.pid");
    const text = await readFile(file, "utf8");
    await first.stop();
    await writeFile(file, text.replace(/^\d+/, String(process.pid)));
    const second = await start();
    expect(await ask(second.url, "SELECT 1 AS one")).toEqual({ one: 1 });
  });

  it("moves to another port when its own was taken meanwhile", async () => {
    const first = await start();
    const port = Number(new URL(first.url).port);
    await first.stop();
    const other = createServer();
    await new Promise<void>((resolve) => other.listen(port, "127.0.0.1", resolve));
    try {
      const second = await start();
      expect(new URL(second.url).port).not.toBe(String(port));
      expect(await ask(second.url, "SELECT 1 AS one")).toEqual({ one: 1 });
    } finally {
      await new Promise((resolve) => other.close(resolve));
    }
  });

  it("listens on this machine only and asks for its password", async () => {
    const server = await start();
    expect(await ask(server.url, "SHOW listen_addresses")).toEqual({ listen_addresses: "127.0.0.1" });
    const wrong = new URL(server.url);
    wrong.password = "guess";
    await expect(ask(wrong.href, "SELECT 1")).rejects.toThrow(/password authentication failed/);
  });

  it.skipIf(process.getuid?.() !== 0)("starts as root below a folder that others may not enter", async () => {
    const shut = path.join(dataDir, "shut");
    await mkdir(shut, { mode: 0o700 });
    const server = await startEmbeddedPostgres({ dataDir: path.join(shut, "pg"), settings });
    try {
      expect(await ask(server.url, "SELECT 1 AS one")).toEqual({ one: 1 });
    } finally {
      await server.stop();
    }
  });
});

/** A process that is no child of this one tells nobody when it ends. */
async function untilGone(pid: number) {
  while (isAlive(pid)) await new Promise((resolve) => setImmediate(resolve));
}
