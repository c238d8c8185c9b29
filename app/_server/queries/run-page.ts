import { type Actor, decide } from "../permissions.ts";
import type { Services } from "../services.ts";
import { readLogTail } from "./log-tail.ts";
import { findRun } from "./run.ts";
import type { RunView } from "./run-view.ts";

/** Lines of the log that are in the page before any script runs. */
const plainLines = 200;

export interface RunPageData {
  view: RunView;
  /** The log's end. */
  logTail: string[];
  number: number;
  may: { rerun: boolean; cancel: boolean };
  nowIso: string;
}

/** Everything the page of a run needs; null when there is no such run. */
export async function readRunPage(
  services: Services,
  actor: Actor,
  subject: Parameters<typeof decide<"run.rerun">>[2],
): Promise<RunPageData | null> {
  const view = await findRun(services, subject.runId);
  if (!view) return null;
  const { number } = await services.db.submission.findUniqueOrThrow({
    where: { id: view.run.submissionId },
    select: { number: true },
  });
  return {
    view,
    logTail: await readLogTail(services, subject.runId, plainLines),
    number,
    may: {
      rerun: decide("run.rerun", actor, subject) === "allowed",
      cancel: decide("run.cancel", actor, subject) === "allowed",
    },
    nowIso: services.clock().toISOString(),
  };
}
