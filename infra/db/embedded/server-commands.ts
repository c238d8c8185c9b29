import { execFile } from "node:child_process";
import { randomBytes, randomUUID } from "node:crypto";
import { chown, mkdir, open, readFile, rename, rm, writeFile } from "node:fs/promises";
import path from "node:path";
import { promisify } from "node:util";
import { AppError } from "#course/errors.ts";
import type { PostgresBinaries } from "./binaries.ts";
import { ownerSetting, readRunningServer } from "./running-server.ts";
import { readServerFile, type ServerFile, writeServerFile } from "./server-file.ts";
import type { ServerUser } from "./server-user.ts";

const run = promisify(execFile);

export interface Server {
  /** PGDATA. */
  cluster: string;
  log: string;
  binaries: PostgresBinaries;
  user: ServerUser;
}

const baseSettings: Record<string, string> = {
  listen_addresses: "127.0.0.1",
  unix_socket_directories: "",
  shared_buffers: "64MB",
  max_connections: "100",
  timezone: "UTC",
  log_timezone: "UTC",
  jit: "off",
};

/** Makes the data folder elsewhere and moves it into place at once, so that half a one is never seen. */
export async function initialise(server: Server): Promise<ServerFile> {
  const fresh = `${server.cluster}.${randomUUID()}`;
  const passwordFile = `${fresh}.password`;
  const password = randomBytes(18).toString("base64url");
  try {
    await mkdir(fresh, { mode: 0o700 });
    await writeFile(passwordFile, `${password}\n`, { mode: 0o600 });
    await giveToServer(server, [fresh, passwordFile]);
    const flags = ["--username=postgres", "--auth=scram-sha-256", "--encoding=UTF8", "--locale=C"];
    await command(server, [
      server.binaries.initdb,
      `--pgdata=${fresh}`,
      `--pwfile=${passwordFile}`,
      ...flags,
      "--no-instructions",
    ]);
    await writeServerFile(fresh, { port: 0, password, adopted: null });
    await rename(fresh, server.cluster).catch((error: NodeJS.ErrnoException) => {
      // Another start made it meanwhile.
      if (error.code !== "ENOTEMPTY" && error.code !== "EEXIST") throw error;
    });
    const kept = await readServerFile(server.cluster);
    if (kept === null) throw new Error(`${server.cluster} holds data that Drydock did not make.`);
    return kept;
  } finally {
    await rm(passwordFile, { force: true });
    await rm(fresh, { recursive: true, force: true });
  }
}

/** Resolves when the server takes connections. Throws AppError with the end of its log. */
export async function startServer(server: Server, port: number, settings: Record<string, string>) {
  await (await open(server.log, "a", 0o600)).close();
  await giveToServer(server, [server.log]);
  const owner = { [ownerSetting]: String(process.pid) };
  const flags = Object.entries({ ...baseSettings, ...settings, ...owner, port: String(port) })
    .map(([name, value]) => `-c ${name}='${value}'`)
    .join(" ");
  const start = ["-D", server.cluster, "-l", server.log, "-o", flags, "-w", "-t", "120", "-s", "start"];
  try {
    await command(server, [server.binaries.pgCtl, ...start]);
  } catch (cause) {
    const tail = (await readFile(server.log, "utf8")).trimEnd().split("\n").slice(-5).join("\n");
    throw new AppError({
      code: "embedded-postgres-failed",
      userMessage: `The embedded Postgres did not start; its log ${server.log} ends with:\n${tail}`,
      cause,
    });
  }
}

/** Resolves when the server has ended and its data is on disk; one that has ended already is fine. */
export async function stopServer(server: Server): Promise<void> {
  const stop = ["-D", server.cluster, "-m", "fast", "-w", "-t", "120", "-s", "stop"];
  try {
    await command(server, [server.binaries.pgCtl, ...stop]);
  } catch (error) {
    if ((await readRunningServer(server.cluster)) !== null) throw error;
  }
}

async function giveToServer(server: Server, paths: string[]) {
  const owner = server.user.owner;
  if (owner === null) return;
  for (const target of paths) await chown(target, owner.uid, owner.gid);
}

/** A pg_ctl that starts the server hands it its own output, so nothing may wait for that output to end. */
async function command(server: Server, words: string[]) {
  const [program = "", ...args] = server.user.wrap(words);
  await run(program, args, { cwd: path.parse(server.cluster).root });
}
