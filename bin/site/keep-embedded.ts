import path from "node:path";
import { readRunningServer } from "#infra/db/embedded/running-server.ts";
import { type EmbeddedPostgres, startEmbeddedPostgres } from "#infra/db/embedded.ts";
import type { DataDirHold } from "./hold-data-dir.ts";
import { type KeptServer, keepPostgres } from "./keep-postgres.ts";

/** The server that this process is to stop is kept running as well; one of another process is that one's. */
export async function keepEmbedded(
  first: EmbeddedPostgres,
  dataDir: string,
  hold: Pick<DataDirHold, "record">,
  say: (sentence: string) => void = () => undefined,
): Promise<KeptServer | null> {
  const cluster = path.join(dataDir, "cluster");
  const mine = async (postgres: EmbeddedPostgres) => {
    const pid = postgres.ownedPid;
    // Postgres ends in order, without waiting for its clients, at SIGINT.
    if (pid !== null) await hold.record(pid, "SIGINT");
    const runs = async () => {
      const running = await readRunningServer(cluster);
      return running !== null && (pid === null || running.pid === pid);
    };
    return { runs, stop: postgres.stop };
  };
  if (first.ownedPid === null) return null;
  // Web and worker know this address.
  const port = Number(new URL(first.url).port);
  return keepPostgres(await mine(first), {
    start: async () => mine(await startEmbeddedPostgres({ dataDir, port })),
    say,
  });
}
