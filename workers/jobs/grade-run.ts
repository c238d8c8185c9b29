import type { RunStarter } from "#grading/runs/start-run.ts";
import type { JobHandlers } from "#infra/queue/catalogue.ts";
import type { Log } from "#infra/telemetry/logger.ts";
import type { OfferedRuns } from "../reconcilers/queued-sweep.ts";

/** Looks at one queued run and starts it when there is room; otherwise the sweep offers it again. */
export function gradeRun(
  starter: Pick<RunStarter, "start">,
  offered: Pick<OfferedRuns, "delete">,
  log: Log,
): JobHandlers["grade-run"] {
  return async ({ runId }) => {
    offered.delete(runId);
    const outcome = await starter.start(runId);
    const fields = { runId, ...outcome };
    switch (outcome.outcome) {
      case "started":
        log.info(fields, "A machine is starting for this run.");
        return;
      case "taken":
        log.info(fields, "A machine of the pool grades this run.");
        return;
      case "waiting":
      case "not-queued":
      case "given-up":
        log.debug(fields, "This run does not start now.");
        return;
      case "not-gradable":
        log.error(fields, "This run's exercise cannot be read: it ended without a result.");
        return;
      case "no-machine":
        log.warn(fields, "No machine was to be had; launches pause.");
        return;
      case "unclear":
        log.error(
          { ...fields, err: outcome.cause },
          "A launch got no clear answer; its machine or the timeout decides.",
        );
    }
  };
}
