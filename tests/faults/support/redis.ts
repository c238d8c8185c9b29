import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { Redis } from "ioredis";
import { freePort } from "#tests/support/free-port.ts";

/** Debian's redis-server; tests that need it say so when it is missing. */
export const redisInstalled = spawnSync("redis-server", ["--version"]).status === 0;

/** A Redis of the test's own that keeps nothing on disk. */
export async function startRedis() {
  const port = await freePort();
  const args = ["--port", String(port), "--bind", "127.0.0.1", "--save", "", "--appendonly", "no"];
  const server = spawn("redis-server", args, { stdio: "ignore" });
  const url = `redis://127.0.0.1:${port}`;
  const client = new Redis(url, { retryStrategy: () => 50, maxRetriesPerRequest: null });
  client.on("error", () => undefined); // Until it listens; the ping below waits for it.
  await client.ping();
  return {
    url,
    /** Forgets everything. */
    wipe: async () => {
      await client.flushall();
    },
    stop: async () => {
      client.disconnect();
      if (server.exitCode !== null || server.signalCode !== null) return;
      const ended = once(server, "exit");
      server.kill("SIGKILL");
      await ended;
    },
  };
}
