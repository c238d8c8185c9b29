import { setTimeout as pause } from "node:timers/promises";
import { AppError } from "#course/errors.ts";
import { type RunningServer, readRunningServer } from "./running-server.ts";

const pauseMs = 50;
const limitMs = 120_000;

/**
 * Resolves with the server that another process is starting in `cluster`, once it takes connections.
 * Its postmaster.pid is all that can be watched from outside.
 */
export async function waitUntilAnswering(cluster: string): Promise<RunningServer> {
  for (let waited = 0; waited < limitMs; waited += pauseMs) {
    const running = await readRunningServer(cluster);
    if (running === null) break;
    if (running.ready) return running;
    await pause(pauseMs);
  }
  throw new AppError({
    code: "embedded-postgres-failed",
    userMessage: `The embedded Postgres that was starting in ${cluster} did not come up: see the log beside it and start again.`,
    retryable: true,
  });
}
