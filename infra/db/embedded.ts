import { mkdir } from "node:fs/promises";
import path from "node:path";
import { findPostgresBinaries } from "./embedded/binaries.ts";
import { pickPort } from "./embedded/ports.ts";
import { isAlive, readRunningServer, readStarter } from "./embedded/running-server.ts";
import { initialise, type Server, startServer, stopServer } from "./embedded/server-commands.ts";
import { readServerFile, writeServerFile } from "./embedded/server-file.ts";
import { findServerUser } from "./embedded/server-user.ts";
import { waitUntilAnswering } from "./embedded/wait-until-answering.ts";
import { embeddedSiteRole, type SiteRole } from "./schema/site-role.ts";

export interface EmbeddedPostgres {
  /** postgresql://… of the database `drydock`, which migrate() creates, as its owner. */
  url: string;
  /** The role of web and worker, which migrate() makes, and the same database by it. */
  site: SiteRole;
  siteUrl: string;
  /** Ends the server, unless another process that still lives had started it. Idempotent. */
  stop(): Promise<void>;
  /** The server's process when it is this process's to stop, else null. */
  ownedPid: number | null;
}

export interface EmbeddedOptions {
  /** Holds everything of the server: data, log, port and password. Made when missing. */
  dataDir: string;
  /** A free one when not given, kept for the next start. */
  port?: number;
  /** postgresql.conf settings by name, for this start only. */
  settings?: Record<string, string>;
}

/**
 * Starts PostgreSQL in `dataDir`, listening on 127.0.0.1 only. A second start while one runs gives the running
 * one's address. The server is no child of this process, so that Ctrl-C in a terminal reaches Drydock first.
 */
export async function startEmbeddedPostgres(options: EmbeddedOptions): Promise<EmbeddedPostgres> {
  const dir = path.resolve(options.dataDir);
  await mkdir(dir, { recursive: true });
  const binaries = await findPostgresBinaries();
  const cluster = path.join(dir, "cluster");
  const user = await findServerUser([binaries.pgCtl, cluster]);
  const server: Server = { cluster, log: path.join(dir, "server.log"), binaries, user };

  const kept = (await readServerFile(cluster)) ?? (await initialise(server));
  if ((await readRunningServer(cluster)) !== null) return join(server);

  const port = options.port ?? (await pickPort(kept.port));
  try {
    await startServer(server, port, options.settings ?? {});
  } catch (error) {
    // Of two starts at once one wins, and the other joins it.
    if ((await readRunningServer(cluster)) === null) throw error;
    return join(server);
  }
  await writeServerFile(cluster, { ...kept, port, adopted: null });
  const started = await readRunningServer(cluster);
  return handle(server, kept.password, port, started?.pid ?? null);
}

/** Uses the running server; takes it over when the process that was to stop it is gone. */
async function join(server: Server): Promise<EmbeddedPostgres> {
  const running = await waitUntilAnswering(server.cluster);
  const kept = await readServerFile(server.cluster);
  if (kept === null) throw new Error(`${server.cluster} runs a server that Drydock did not make.`);
  const adopted = kept.adopted?.serverPid === running.pid ? kept.adopted.ownerPid : null;
  const owner = adopted ?? (await readStarter(server.cluster));
  const orphaned = owner === null || !isAlive(owner);
  if (orphaned) {
    const adoption = { serverPid: running.pid, ownerPid: process.pid };
    await writeServerFile(server.cluster, { ...kept, port: running.port, adopted: adoption });
  }
  return handle(server, kept.password, running.port, orphaned ? running.pid : null);
}

function handle(server: Server, password: string, port: number, ownedPid: number | null): EmbeddedPostgres {
  let stopped: Promise<void> | undefined;
  const site = embeddedSiteRole(password);
  const urlOf = (role: string, secret: string) => `postgresql://${role}:${secret}@127.0.0.1:${port}/drydock`;
  return {
    ownedPid,
    url: urlOf("postgres", password),
    site,
    siteUrl: urlOf(site.name, site.password),
    stop: () => {
      stopped ??= ownedPid !== null ? stopServer(server) : Promise.resolve();
      return stopped;
    },
  };
}
