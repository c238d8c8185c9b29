import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { createInterface } from "node:readline";
import { pickPort } from "#infra/db/embedded/ports.ts";

/** Debian's package redis-server; also where others put it. */
const binary = [
  "/usr/bin/redis-server",
  "/usr/local/bin/redis-server",
  "/opt/homebrew/bin/redis-server",
].find((file) => existsSync(file));

/** Why Redis cannot be tested here; null when it can. */
export const redisMissing =
  binary === undefined ? "redis-server is not installed (Debian: apt-get install redis-server)" : null;

export interface TestRedis {
  url: string;
  close(): Promise<void>;
}

/** A server of its own on a free port, with nothing kept on disk. */
export async function startTestRedis(): Promise<TestRedis> {
  if (binary === undefined) throw new Error(String(redisMissing));
  const dir = await mkdtemp(path.join(tmpdir(), "drydock-redis-"));
  const port = await pickPort(0);
  const settings = { port, bind: "127.0.0.1", dir, save: "", appendonly: "no", daemonize: "no" };
  const flags = Object.entries(settings).flatMap(([name, value]) => [`--${name}`, String(value)]);
  const server = spawn(binary, flags, { stdio: ["ignore", "pipe", "inherit"] });
  const exited = once(server, "exit");
  const lines = createInterface({ input: server.stdout });
  await new Promise<void>((resolve, reject) => {
    lines.on("line", (line) => {
      if (line.includes("Ready to accept connections")) resolve();
    });
    server.once("exit", (code) => reject(new Error(`redis-server ended with status ${code}.`)));
    server.once("error", reject);
  });
  return {
    url: `redis://127.0.0.1:${port}`,
    close: async () => {
      server.kill("SIGTERM");
      await exited;
      await rm(dir, { recursive: true, force: true });
    },
  };
}
